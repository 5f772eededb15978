"""The committed registry of slugs: no IRI is minted without a row in it.

``data/municipalities/{ipa}/identifiers.csv`` has the columns kind, service, label, slug,
status, since. A label that the registry does not know, or a slug that two labels would
share, stops the build; ``mappe identifiers`` proposes the rows. ``status`` is empty for a
slug in use, ``renamed:NEWSLUG`` for one that redirects (301), ``withdrawn`` (410), ``moved:EDITION``
for a thing whose IRI had no edition before and has this one now.
"""

from __future__ import annotations

import csv
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError, MappeError, gathered
from mappe_servizi.model.tables import read_file
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.model.text import normal, unaccented

COLUMNS = tuple(column.name for column in IDENTIFIERS.columns)
OPAQUE_KINDS = frozenset({"person"})
RENAMED = "renamed:"
"""Status of a slug that another one follows."""
UNIQUE_KINDS = frozenset({"service"})
"""Kinds that share one path in the whole municipality, whatever they stand in."""
MAX_SLUG = 64
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RegisteredSlug:
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

    @property
    def first(self) -> int:
        """The first edition that it holds for; 0 where that is none, but a release."""
        return int(self.since) if re.fullmatch(r"[12][0-9]{3}", self.since) else 0


class UnknownLabels(MappeError):
    """Labels that the registry does not know, with the rows that would name them."""

    def __init__(self, path: Path, proposals: list[RegisteredSlug]) -> None:
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
    words = re.findall(r"[a-z0-9]+", unaccented(text).lower())  # not plain(): published IRIs stay
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:limit]
        if len(longer) > limit:
            break
        slug = longer
    return slug or "voce"


class Registry:
    """The registry of one municipality, for all its editions.

    The label of a thing may change from one edition to the next, and a label may come to name another
    thing: ``since`` says from which edition on a row holds. A label means the row of the newest edition
    that is not newer than the one that prints it; before all of them, the oldest row.
    """

    def __init__(self, path: Path, rows: Iterable[RegisteredSlug]) -> None:
        self.path = path
        self.rows: list[RegisteredSlug] = []
        self._by_key: dict[Key, list[RegisteredSlug]] = {}
        self._by_slug: dict[tuple[str, str], dict[str, list[RegisteredSlug]]] = {}
        self._named: dict[tuple[int, str, str, str], Key] = {}
        self.missing: dict[Key, RegisteredSlug] = {}
        for line, row in enumerate(rows, start=2):
            self._add(row, line)

    def _add(self, row: RegisteredSlug, line: int | None = None) -> None:
        self.rows.append(row)
        slugs = self._by_slug.setdefault(_namespace(row.kind, row.service), {})
        others = slugs.setdefault(row.slug, [])
        if line is not None and any(o.status or row.status or o.since == row.since for o in others):
            raise InputError(f"the slug {row.slug!r} stands twice", file=self.path, line=line)
        others.append(row)
        if row.status == "":
            rows = self._by_key.setdefault(row.key, [])
            if line is not None and any(other.since == row.since for other in rows):
                raise InputError(f"{row.label!r} stands twice", file=self.path, line=line)
            rows.append(row)
            rows.sort(key=lambda row: row.first)

    @classmethod
    def load(cls, path: Path) -> Registry:
        """Read a registry; one that does not exist yet is empty.

        Raises:
            InputError, InputErrors: a cell cannot be used, or a slug or label stands twice.
        """
        found = read_file(IDENTIFIERS, path)
        registry, errors = cls(path, ()), []
        for item in found:
            row = item.row
            identifier = RegisteredSlug(row.kind, row.service, row.label, row.slug, row.status, row.since)
            try:
                registry._add(identifier, item.line)
            except InputError as error:
                errors.append(error)
        gathered(errors)
        return registry

    def slug(self, kind: str, label: str, service: str = "", hint: str | None = None, *, edition: int) -> str:
        """The slug of what a label names in an edition.

        A label that is not registered gets a proposal (from ``hint`` where given), is
        remembered in ``missing``, and makes ``check`` fail.

        Raises:
            InputError: another label of the same edition has this slug.
        """
        key = self._known_as((kind, service, label))
        row = self._meant(key, edition) or self.missing.get(key)
        if row is None:
            slug = self._propose(kind, service, label, hint)
            row = self.missing[key] = RegisteredSlug(kind, service, label, slug, "", str(edition))
            self._taken(kind, service).setdefault(slug, []).append(row)
        other = self._named.setdefault((edition, *_namespace(kind, service), row.slug), key)
        if other != key:
            raise InputError(
                f"{label!r} and {other[2]!r} of the edition {edition} have one slug, {row.slug!r}; "
                "each thing of an edition needs its own",
                file=self.path,
            )
        return row.slug

    def _known_as(self, key: Key) -> Key:
        """The key that a thing has; a person is the same in whatever order the names stand."""
        kind, _, label = key
        if kind not in OPAQUE_KINDS or key in self._by_key or key in self.missing:
            return key
        words = sorted(normal(label).split())
        same = {
            k
            for k in (*self._by_key, *self.missing)
            if k[0] == kind and sorted(normal(k[2]).split()) == words
        }
        return same.pop() if len(same) == 1 else key

    def _meant(self, key: Key, edition: int) -> RegisteredSlug | None:
        rows = self._by_key.get(key)
        if not rows:
            return None
        return next((row for row in reversed(rows) if row.first <= edition), rows[0])

    def _taken(self, kind: str, service: str) -> dict[str, list[RegisteredSlug]]:
        return self._by_slug.setdefault(_namespace(kind, service), {})

    def _propose(self, kind: str, service: str, label: str, hint: str | None) -> str:
        taken = self._taken(kind, service)
        if kind in OPAQUE_KINDS:
            return secrets.token_hex(4)
        if kind in UNIQUE_KINDS and hint is None:  # it moved to another area, with its title
            moved = {r.slug for rows in taken.values() for r in rows if r.label == label and not r.status}
            if len(moved) == 1:
                return moved.pop()
        text = hint or label
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

    def now(self, kind: str, service: str, slug: str) -> str:
        """The slug that a thing has now: another one where it was renamed."""
        rows = self._by_slug.get(_namespace(kind, service), {}).get(slug, ())
        return next((to for row in rows if (to := row.status.removeprefix(RENAMED)) != row.status), slug)

    def retired(self) -> Iterator[RegisteredSlug]:
        """The rows that no longer name a thing: renamed or withdrawn."""
        return (row for row in self.rows if row.status)


def _namespace(kind: str, service: str) -> tuple[str, str]:
    """Where a slug must be unique: below its service, but services over all areas."""
    return (kind, "" if kind in UNIQUE_KINDS else service)
