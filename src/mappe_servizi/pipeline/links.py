"""The stage of links: what was decided, and what is known by a code, as a graph of its own.

It comes after the municipalities: an organisation of the registry is no municipality's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from mappe_servizi.checks.shacl import Report, read_shape_file, validate
from mappe_servizi.graph import links
from mappe_servizi.linking.decisions import load_decisions
from mappe_servizi.linking.mappings import LinkMapping, in_order, of_decisions
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.rdf.dump import canonical_lines, quad_lines, write_lines
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import Iris
from mappe_servizi.reading.redaction import hide_names, read_redactions
from mappe_servizi.settings import Settings

SHAPES: Final = "links.ttl"
DECISIONS: Final = "decisions.csv"
_LABEL: Final = b"<http://www.w3.org/2000/01/rdf-schema#label>"


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of it: what the shapes say, and how many decisions are about no row of ours."""

    report: Report
    elsewhere: int


def write_links(parts: Path, settings: Settings) -> Linked:
    """Write the part of links beside the municipalities' parts.

    Args:
        parts: the directory of parts, each a directory of sorted N-Quads.

    Raises:
        InputError, InputErrors: a decision cannot be used, or contradicts another.
    """
    mappings, elsewhere = read_mappings(settings, names_of(parts, settings))
    part = links.build(mappings, Iris(settings.base_uri), Hierarchy.load(settings.ontology))
    lines = canonical_lines(part.triples)
    target = parts / part.name / f"{part.name}.nq"
    target.parent.mkdir(exist_ok=True)
    write_lines(quad_lines(lines, part.graph), target)
    shapes = read_shape_file(settings.shapes / SHAPES, settings.base_uri)
    return Linked(validate(b"\n".join(lines), shapes, settings.engine), elsewhere)


def read_mappings(settings: Settings, names: Mapping[str, str]) -> tuple[list[LinkMapping], int]:
    """The mappings of an instance, in order, and how many decisions make none.

    Args:
        names: the organisations and municipalities of the release: IRI and name.

    Raises:
        InputError, InputErrors: a table cannot be used.
    """
    directory = settings.data / "providers"
    base = f"{settings.base_uri}data/"
    registry = ProviderRegistry.load(directory, settings.knowledge / "towns.csv")
    known = registered(settings)
    redactions = [
        redaction
        for own in sorted(settings.data.glob("municipalities/*/identifiers.csv"))
        for redaction in read_redactions(own.parent, Registry.load(own))
    ]
    path = directory / DECISIONS
    found, elsewhere = of_decisions(load_decisions(path), names, known, base, path)
    codes = _of_identifiers(registry, names, f"{base}organization/")
    # What people write of a decision may name a person, too.
    return [hide_names(mapping, redactions) for mapping in in_order([*found, *codes])], elsewhere


def registered(settings: Settings) -> set[str]:
    """The IRIs of an instance's own providers, by all its registries: they need not stand in a release.

    Raises:
        InputError, InputErrors: a registry cannot be used.
    """
    space = f"{settings.base_uri}data/organization/"
    shared = ProviderRegistry.load(settings.data / "providers", settings.knowledge / "towns.csv")
    known = {f"{space}{slug}" for slug in shared.providers}
    for path in settings.data.glob("municipalities/*/identifiers.csv"):
        rows = (row for row in Registry.load(path).rows if row.kind == "organization")
        known |= {f"{space}{path.parent.name}/{row.slug}" for row in rows}
    return known


def _of_identifiers(
    registry: ProviderRegistry, names: Mapping[str, str], space: str
) -> Iterator[LinkMapping]:
    """The crosswalk: each known code as a mapping of its organisation."""
    for slug, provider in registry.providers.items():
        iri = f"{space}{slug}"
        for one in provider.identifiers if iri in names else ():
            yield LinkMapping(
                iri,
                names[iri],
                "identifier",
                f"{iri}/identifier/{one.scheme}",
                one.value,
                "accepted" if one.certainty == "certain" else "proposed",
                "ManualMappingCuration",
                comment=f"{one.reason} [{one.evidence}]",
            )


def names_of(parts: Path, settings: Settings) -> dict[str, str]:
    """The organisations and municipalities that the parts describe, with their Italian names."""
    space = f"<{settings.base_uri}data/".encode()
    prefixes = (space + b"organization/", space + b"municipality/")
    lines = b"".join(
        line
        for path in sorted(parts.glob("*/*.nq"))
        if path.parent.name not in ("quality", "provenance", "vocabularies")
        for line in _labels(path, prefixes)
    )
    return dict(sorted(_names(lines)))


def _labels(path: Path, prefixes: tuple[bytes, ...]) -> Iterable[bytes]:
    with path.open("rb") as file:
        yield from (line for line in file if line.startswith(prefixes) and line.split(b" ", 2)[1] == _LABEL)


def _names(lines: bytes) -> Iterator[tuple[str, str]]:
    for quad in parse(lines, format=RdfFormat.N_QUADS):
        subject, label = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(label, Literal) and label.language == "it":
            yield subject.value, label.value
