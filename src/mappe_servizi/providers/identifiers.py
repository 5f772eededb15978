"""The numbers that others know an organisation by: data/providers/identifiers.csv.

A number is one organisation's, and of one kind an organisation has one number.
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.tables import Errors, read_file
from mappe_servizi.model.tables.providers import IDENTIFIERS
from mappe_servizi.providers.model import Identifier

FISCAL = ("fiscal-code", "vat")
"""Numbers of one space: a body's VAT number often is its fiscal code."""


def read_identifiers(
    path: Path, registry: Container[str], errors: Errors
) -> dict[str, tuple[Identifier, ...]]:
    """Each provider's identifiers; what is wrong with a row is added to the errors.

    Args:
        registry: the slugs of the providers that there are.
    """
    found: dict[str, tuple[Identifier, ...]] = {}
    whose: dict[tuple[str, str], tuple[str, int]] = {}
    for item in read_file(IDENTIFIERS, path, errors=errors):
        row = item.row
        space = "fiscal" if row.scheme in FISCAL else row.scheme
        other, first = whose.setdefault((space, row.value), (row.provider, item.line))
        said = ""
        if row.provider not in registry:
            said = f"the registry has no {row.provider!r}"
        elif other != row.provider:
            said = f"{row.value!r} is the number of {other!r} (line {first}): a number is one provider's"
        if said:
            errors.append(InputError(said, file=path, line=item.line))
            continue
        identifier = Identifier(row.scheme, row.value, row.certainty, row.reason, row.evidence)
        found[row.provider] = (*found.get(row.provider, ()), identifier)
    return found
