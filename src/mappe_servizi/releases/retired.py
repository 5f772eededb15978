"""What no longer names a thing: renamed resources (301) and withdrawn ones (410).

A resource of the previous release that is not in the new one was renamed where the registry of
identifiers says so, and else withdrawn. The catalogue's graph keeps both for good, as
``dct:isReplacedBy`` and ``prov:invalidatedAtTime``; the server answers by them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from mappe_servizi.errors import MappeError
from mappe_servizi.model.identifiers import RENAMED, RegisteredSlug, Registry
from mappe_servizi.model.outputs import declared
from mappe_servizi.rdf.namespaces import DCT, PROV, XSD

REGISTERED, MOVED = "registered:", "moved:"
"""Status of an organisation that entered the shared registry; of what got an edition into its IRI."""
TABLES = {"output-indicator": "outputs", "user-indicator": "users"}
"""The tables that figures name before the slug of their indicator."""
COLUMNS = ("municipality", "kind", "service", "slug", "status")
"""Of the table of retired rows: no labels, since one may be redacted later."""
Registries = Mapping[str, Sequence[RegisteredSlug]]
REPLACED, INVALIDATED = DCT["isReplacedBy"], PROV["invalidatedAtTime"]


def write_retired(ipa: str, registry: Registry, path: Path) -> None:
    """Write the rows of a municipality's registry that tell where something went."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((ipa, row.kind, row.service, row.slug, row.status) for row in registry.retired())


def read_retired(directory: Path) -> dict[str, list[RegisteredSlug]]:
    """The retired rows that a build has, by IPA code.

    Raises:
        MappeError: the build has no such rows: another version made it.
    """
    found: dict[str, list[RegisteredSlug]] = defaultdict(list)
    path = declared.RETIRED.at(directory)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                one = RegisteredSlug(row["kind"], row["service"], "", row["slug"], row["status"])
                found[row["municipality"]].append(one)
    except FileNotFoundError as error:
        raise MappeError(f"{path} is not there: build it again with this version") from error
    return dict(found)


def renamed(iri: str, base: str, registries: Registries) -> str | None:
    """The IRI that a resource has now by the registries, None where they do not say.

    A service's slug stands in the IRIs of everything below it; an indicator's in those of its
    figures, after the name of their table.
    """
    path = iri.removeprefix(f"{base}data/").split("/")
    if not iri.startswith(f"{base}data/"):
        return None
    new = list(path)
    for ipa in set(path[1:2]) & set(registries):
        for row in registries[ipa]:
            if row.status.startswith(RENAMED):
                _rename(new, path, row)
            elif row.status.startswith(REGISTERED) and path == [row.kind, ipa, row.slug]:
                new = [row.kind, row.status.removeprefix(REGISTERED)]
            elif row.status.startswith(MOVED) and path == _before(ipa, row):
                new = [row.kind, ipa, row.status.removeprefix(MOVED), row.slug]
    return f"{base}data/{'/'.join(new)}" if new != path else None


def _before(ipa: str, row: RegisteredSlug) -> list[str]:
    """The path of what moved, as it was: a document was a distribution of its edition."""
    if row.kind == "document":
        return ["distribution", ipa, row.status.removeprefix(MOVED), row.slug]
    return [row.kind, ipa, row.slug]


def moves(data: Path, base: str, registries: Registries) -> Iterator[Triple]:
    """What leads from the IRIs that had no edition to those that have: in every build, released or not.

    Args:
        data: the build's quads, N-Quads.
        base: of its IRIs.
        registries: the retired rows of each municipality.
    """
    moved = {
        f"{base}data/{row.kind}/{ipa}/{row.status.removeprefix(MOVED)}/{row.slug}": _before(ipa, row)
        for ipa, rows in registries.items()
        for row in rows
        if row.status.startswith(MOVED)
    }
    if not moved:
        return
    asked = {f"<{iri}>".encode() for iri in moved}
    spaces = tuple({iri[: iri.rindex(b"/")] for iri in asked})
    with data.open("rb") as lines:
        subjects = (line[: line.index(b" ")] for line in lines if line.startswith(spaces))
        stated = asked.intersection(subjects)
    for iri, before in sorted(moved.items()):
        if f"<{iri}>".encode() in stated:
            yield Triple(NamedNode(f"{base}data/{'/'.join(before)}"), REPLACED, NamedNode(iri))


def _rename(new: list[str], path: Sequence[str], row: RegisteredSlug) -> None:
    to = row.status.removeprefix(RENAMED)
    if row.kind == "service":
        places = [i for i, part in enumerate(path) if i >= 2 and part == row.slug]
        for place in places[:1]:
            new[place] = to
    elif path[0] == row.kind and path[-1] == row.slug and (not row.service or row.service in path):
        new[-1] = to
    elif (
        path[0] == "measurement" and row.service in path and path[-2] == f"{TABLES.get(row.kind)}-{row.slug}"
    ):
        new[-2] = f"{TABLES[row.kind]}-{to}"


def read_tombstones(catalogue: Path) -> dict[str, Triple]:
    """The tombstones that a release's catalogue has, by IRI."""
    found = {}
    for quad in parse(path=catalogue, format=RdfFormat.TURTLE):
        if quad.predicate in {REPLACED, INVALIDATED} and isinstance(quad.subject, NamedNode):
            found[quad.subject.value] = quad.triple
    return found


def tombstones(
    before: Mapping[str, Triple],
    withdrawn: Iterable[str],
    alive: set[str],
    date: str,
    rename: Mapping[str, str],
) -> Iterator[Triple]:
    """The tombstones of a release.

    Args:
        before: those of the release before.
        withdrawn: the IRIs that the release before had, and this has not.
        alive: of the IRIs that anything was renamed to, those that this release has.
        date: of the release, ISO 8601.
        rename: the IRI that a withdrawn one has now, by the registries.
    """
    at = Literal(f"{date}T00:00:00Z", datatype=XSD["dateTime"])
    gone = sorted({*withdrawn, *before} - alive)
    for iri in gone:
        place = rename.get(iri)
        if place in alive:
            yield Triple(NamedNode(iri), REPLACED, NamedNode(place))
        elif iri in before and before[iri].predicate == INVALIDATED:
            yield before[iri]
        else:
            yield Triple(NamedNode(iri), INVALIDATED, at)
