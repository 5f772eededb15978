"""What documents say in words of their own, as rules look for it (data/knowledge/phrases.csv)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.phrases import PHRASES, Use

_NEVER: Final = r"(?!)"


class Wording:
    """The phrases by the rule that uses them, each as a part of a regular expression.

    >>> import re
    >>> wording = Wording({"interim": ["ad interim", "facente funzioni"]})
    >>> bool(re.search(wording["interim"], "AD INTERIM")), bool(re.search(wording["firm"], "ditta"))
    (True, False)
    """

    def __init__(self, patterns: Mapping[Use, Sequence[str]] | None = None) -> None:
        self._parts = {use: f"(?i:{'|'.join(found)})" for use, found in (patterns or {}).items()}

    def __getitem__(self, use: Use) -> str:
        """An expression for any of a rule's phrases, without groups; for none, one that nothing matches."""
        return self._parts.get(use, _NEVER)

    @classmethod
    def load(cls, knowledge: Path) -> Wording:
        """Read phrases.csv.

        Raises:
            InputError, InputErrors: it cannot be used.
        """
        found: dict[Use, list[str]] = {}
        for row in read_rows(PHRASES, knowledge / PHRASES.file):
            found.setdefault(row.use, []).append(row.pattern.pattern)
        return cls(found)
