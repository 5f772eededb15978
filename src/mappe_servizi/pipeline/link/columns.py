"""Which column of a list is what: by the usual headers (list-headers.csv), or as the user says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import MappeError
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.linking import LIST_HEADERS, ROLES
from mappe_servizi.model.text import plain


@dataclass(frozen=True, slots=True)
class Columns:
    """Headers by their role: the usual ones, in order of preference, and those the user named."""

    usual: Mapping[str, Sequence[str]]
    given: Mapping[str, str]

    @classmethod
    def load(cls, directory: Path, given: Mapping[str, str] | None = None) -> Columns:
        """Read list-headers.csv.

        Raises:
            InputError: it cannot be used.
        """
        usual: dict[str, list[str]] = {role: [] for role in ROLES}
        for row in read_rows(LIST_HEADERS, directory / LIST_HEADERS.file):
            usual[row.role].append(header_key(row.header))
        return cls(usual, given or {})

    def find(self, header: Sequence[str]) -> dict[str, int]:
        """The place of each role's column in a header row; none if it has no name of organisations."""
        places: dict[str, int] = {}
        for at, cell in enumerate(header):
            places.setdefault(header_key(cell), at)
        found = {}
        for role, usual in self.usual.items():
            if role in self.given:
                if (wanted := header_key(self.given[role])) in places:
                    found[role] = places[wanted]
            elif (known := next((name for name in usual if name in places), None)) is not None:
                found[role] = places[known]
        return found if "name" in found else {}


def header_key(header: str) -> str:
    """A header as it is compared.

    >>> header_key(" DENOMINAZIONE_ENTE "), header_key("P.IVA"), header_key("providerName")
    ('denominazione ente', 'p iva', 'provider name')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[a-z0-9]+", plain(spaced)))


def parse_columns(texts: Iterable[str]) -> dict[str, str]:
    """The columns that the user names: ``name=Denominazione,town=Sede``.

    Raises:
        MappeError: a part is not role=header, or there is no such role.
    """
    found: dict[str, str] = {}
    for text in texts:
        for part in text.split(","):
            role, equals, header = part.partition("=")
            role = role.strip()
            if not equals or not header.strip() or role not in ROLES:
                raise MappeError(
                    f"--columns: {part.strip()!r} must be one of {', '.join(ROLES)}, '=' and a header"
                )
            if role in found:
                raise MappeError(f"--columns: {role} is given twice")
            found[role] = header.strip()
    return found
