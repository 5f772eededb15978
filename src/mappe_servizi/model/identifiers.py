"""The committed registry of slugs: no IRI is minted without a row in it.

``data/municipalities/{ipa}/identifiers.csv`` has the columns kind, service, label, slug,
status, since. A label that the registry does not know, or a slug that two labels would
share, stops the build; ``mappe identifiers`` proposes the rows. ``status`` is empty for a
slug in use, ``renamed:NEWSLUG`` for one that redirects (301), ``withdrawn`` (410).
"""

from __future__ import annotations

import csv
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError, MappeError, gathered
from mappe_servizi.model.tables import read_file
from mappe_servizi.model.tables.municipality import IDENTIFIERS

COLUMNS = tuple(column.name for column in IDENTIFIERS.columns)
OPAQUE_KINDS = frozenset({"person"})
MAX_SLUG = 64
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A row of the registry."""

    kind: str
    service: str
    label: str
    slug: str
    status: str = ""
    since: str = ""

    @property
    def key(self) -> Key:
        """What the registry looks a row up by."""
        return (self.kind, self.service, self.label)


class UnknownLabels(MappeError):
    """Labels that the registry does not know, with the rows that would name them."""

    def __init__(self, path: Path, proposals: list[Identifier]) -> None:
        self.path, self.proposals = path, proposals
        first = proposals[0]
        super().__init__(
            f"{path}: {len(proposals)} labels have no identifier, the first is the {first.kind} "
            f"{first.label!r} of {first.service or 'the municipality'}; "
            "run `mappe identifiers` to write the proposed rows, then review them"
        )


def slugify(text: str, limit: int = MAX_SLUG) -> str:
    """An ASCII slug that says what the thing is.

    >>> slugify("Mobilità & Città dell'Infanzia (0-3 anni)")
    'mobilita-citta-dell-infanzia-0-3-anni'
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:limit]
        if len(longer) > limit:
            break
        slug = longer
    return slug or "voce"


class Registry:
    """The registry of one municipality."""

    def __init__(self, path: Path, rows: Iterable[Identifier], since: str = "") -> None:
        self.path, self.since = path, since
        self.rows = list(rows)
        self._by_key: dict[Key, Identifier] = {}
        self._taken: dict[tuple[str, str], set[str]] = {}
        self.missing: dict[Key, Identifier] = {}
        for line, row in enumerate(self.rows, start=2):
            self._add(row, line)

    def _add(self, row: Identifier, line: int | None = None) -> None:
        slugs = self._taken.setdefault((row.kind, row.service), set())
        if row.slug in slugs and line is not None:
            raise InputError(f"the slug {row.slug!r} stands twice", file=self.path, line=line)
        slugs.add(row.slug)
        if row.status == "":
            if row.key in self._by_key and line is not None:
                raise InputError(f"{row.label!r} stands twice", file=self.path, line=line)
            self._by_key[row.key] = row

    @classmethod
    def load(cls, path: Path, since: str = "") -> Registry:
        """Read a registry; one that does not exist yet is empty.

        Raises:
            InputError, InputErrors: a cell cannot be used, or a slug or label stands twice.
        """
        found = read_file(IDENTIFIERS, path)
        registry, errors = cls(path, (), since), []
        for item in found:
            row = item.row
            identifier = Identifier(row.kind, row.service, row.label, row.slug, row.status, row.since)
            try:
                registry._add(identifier, item.line)
            except InputError as error:
                errors.append(error)
            registry.rows.append(identifier)
        gathered(errors)
        return registry

    def slug(self, kind: str, label: str, service: str = "", hint: str | None = None) -> str:
        """The slug of a label.

        A label that is not registered gets a proposal (from ``hint`` where given), is
        remembered in ``missing``, and makes ``check`` fail.
        """
        key = (kind, service, label)
        if row := self._by_key.get(key) or self.missing.get(key):
            return row.slug
        row = Identifier(kind, service, label, self._propose(kind, service, hint or label), "", self.since)
        self.missing[key] = row
        self._add(row)
        return row.slug

    def _propose(self, kind: str, service: str, text: str) -> str:
        taken = self._taken.setdefault((kind, service), set())
        if kind in OPAQUE_KINDS:
            return secrets.token_hex(4)
        slug, number = slugify(text), 1
        while slug in taken:
            number += 1
            suffix = f"-{number}"
            slug = slugify(text, MAX_SLUG - len(suffix)) + suffix
        return slug

    def check(self) -> None:
        """Fail where a label was asked for that the registry does not know.

        Raises:
            UnknownLabels: with the proposed rows.
        """
        if self.missing:
            raise UnknownLabels(self.path, list(self.missing.values()))

    def write(self) -> int:
        """Write the registry with the proposed rows at its end; returns how many."""
        rows = [*self.rows, *self.missing.values()]
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([r.kind, r.service, r.label, r.slug, r.status, r.since] for r in rows)
        return len(self.missing)

    def retired(self) -> Iterator[Identifier]:
        """The rows that no longer name a thing: renamed or withdrawn."""
        return (row for row in self.rows if row.status)
