"""The stage of links: what was decided, and what is known by a code, as a graph of its own.

It comes after the municipalities: an organisation of the registry is no municipality's. Its results:

    links.nq        the part, sorted
    report.nt       what the shapes say of it
    elsewhere.txt   how many decisions are about no row of ours
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from mappe_servizi.checks.shacl import read_shape_file, validate
from mappe_servizi.graph import links
from mappe_servizi.linking.decisions import load_decisions
from mappe_servizi.linking.mappings import LinkMapping, in_order, of_decisions
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.tables.knowledge import MUNICIPALITIES
from mappe_servizi.pipeline.inputs import StageInputs, of_value, only
from mappe_servizi.pipeline.maintained import code_of
from mappe_servizi.pipeline.stages import Stage
from mappe_servizi.progress import Progress
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.rdf.dump import canonical_lines, quad_lines, write_lines
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import Iris
from mappe_servizi.reading.redaction import hide_names, names_redacted
from mappe_servizi.settings import Settings

SHAPES: Final = "links.ttl"
DECISIONS: Final = "decisions.csv"
LINES, REPORT, ELSEWHERE = f"{links.GRAPH}.nq", "report.nt", "elsewhere.txt"
PLACES = ("data", "knowledge", "ontology", "shapes")
MATTER = ("base_uri", "engine")
_LABEL: Final = b"<http://www.w3.org/2000/01/rdf-schema#label>"


def stage(  # noqa: PLR0913, PLR0917 - what links depend on
    settings: Settings,
    inputs: StageInputs,
    names: Mapping[str, str],
    own: Iterable[str],
    absent: Iterable[str],
    privacy: str,
) -> Stage:
    """The stage of an instance's links.

    Args:
        settings: of the build.
        inputs: as they were when the municipalities were made.
        names: the organisations and municipalities of the build: IRI and name.
        own: the IRIs of organisations that a municipality's registry has, in the build or not.
        absent: codes of municipalities of which the build has nothing: decisions about theirs are open.
        privacy: the hash of what may not be published of any municipality.
    """
    mine, names, own = only(settings, (*PLACES, *MATTER)), dict(sorted(names.items())), sorted(own)
    absent = sorted(absent)
    return Stage(
        name="links",
        owner="links",
        inputs={
            **inputs.named("program", *PLACES),
            "municipalities": of_value([names, own, absent]),
            **{name: str(getattr(mine, name)) for name in MATTER},
        },
        make=partial(make, mine, names, own, absent),
        privacy=privacy,
        still=partial(inputs.stand, settings),
    )


def make(  # noqa: PLR0913, PLR0917 - what links depend on
    settings: Settings,
    names: Mapping[str, str],
    own: Iterable[str],
    absent: Iterable[str],
    target: Path,
    progress: Progress,
) -> None:
    """Write the part of links, and what the shapes say of it.

    Raises:
        InputError, InputErrors: a decision cannot be used, or contradicts another.
    """
    mappings, elsewhere = read_mappings(settings, names, own, absent)
    part = links.build(mappings, Iris(settings.base_uri), Hierarchy.load(settings.ontology))
    lines = canonical_lines(part.statements)
    write_lines(quad_lines(lines, part.graph), target / LINES)
    shapes = read_shape_file(settings.shapes / SHAPES, settings.base_uri)
    (target / REPORT).write_bytes(validate(lines, shapes, settings.engine).lines())
    (target / ELSEWHERE).write_text(str(elsewhere), encoding="ascii")


def read_mappings(
    settings: Settings, names: Mapping[str, str], own: Iterable[str], absent: Iterable[str] = ()
) -> tuple[list[LinkMapping], int]:
    """The mappings of an instance, in order, and how many decisions make none.

    Args:
        settings: where the registry of providers and the decisions are.
        names: the organisations and municipalities of the release: IRI and name.
        own: the IRIs of organisations that a municipality's registry has.
        absent: codes of municipalities of which the release has nothing.

    Raises:
        InputError, InputErrors: a table cannot be used.
    """
    directory = settings.data / "providers"
    base = f"{settings.base_uri}data/"
    registry = ProviderRegistry.load(directory, settings.knowledge / MUNICIPALITIES.file)
    known = {*own, *(f"{base}organization/{slug}" for slug in registry.providers)}
    path, away = directory / DECISIONS, tuple(f"{base}organization/{ipa}/" for ipa in absent)
    found, elsewhere = of_decisions(load_decisions(path), names, known, base, path, away)
    codes = _of_identifiers(registry, names, f"{base}organization/")
    # What people write of a decision may name a person, too.
    redacted = names_redacted(settings.data)
    return [hide_names(mapping, redacted) for mapping in in_order([*found, *codes])], elsewhere


def registered(settings: Settings) -> set[str]:
    """The IRIs of an instance's own providers, by all its registries: they need not stand in a release.

    Raises:
        InputError, InputErrors: a registry cannot be used.
    """
    space = f"{settings.base_uri}data/organization/"
    shared = ProviderRegistry.load(settings.data / "providers", settings.knowledge / MUNICIPALITIES.file)
    known = {f"{space}{slug}" for slug in shared.providers}
    for path in settings.data.glob("municipalities/*/identifiers.csv"):
        rows = (row for row in Registry.load(path).rows if row.kind == "organization")
        known |= {f"{space}{code_of(path.parent)}/{row.slug}" for row in rows}
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


def names_in(parts: Iterable[Sequence[bytes]], base: str) -> dict[str, str]:
    """The organisations and municipalities that sorted lines describe, with their Italian names."""
    spaces = [f"<{base}data/{concept}/".encode() for concept in ("municipality", "organization")]
    lines = (
        line
        for part in parts
        for space in spaces
        for line in part[bisect_left(part, space) : bisect_left(part, space + b"\xff")]
    )
    return dict(_names(b"\n".join(line for line in lines if line.split(b" ", 2)[1] == _LABEL)))


def _names(lines: bytes) -> Iterator[tuple[str, str]]:
    for quad in parse(lines, format=RdfFormat.N_QUADS):
        subject, label = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(label, Literal) and label.language == "it":
            yield subject.value, label.value
