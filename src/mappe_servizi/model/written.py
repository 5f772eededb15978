"""Numbers as readers of a language write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_SWAPPED: Final = str.maketrans(",.", ".,")


def written_number(value: Decimal, language: str) -> str:
    """A number with its thousands apart and no zeros behind its last decimal.

    >>> written_number(Decimal("12085.50"), "it"), written_number(Decimal("12085"), "en")
    ('12.085,5', '12,085')
    """
    plain = f"{value:,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(_SWAPPED) if language == "it" else plain
