"""Records to RDF: one module a subject, put together here as the parts of the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.checks.consistency import Finding, check_verdicts, find_all, load_verdicts
from mappe_servizi.checks.consistency.editions import find as find_unknown
from mappe_servizi.graph import (
    areas,
    channels,
    comparable,
    concepts,
    conditions,
    coproduction,
    cube,
    data_sets,
    elements,
    eu,
    indicators,
    management,
    municipality,
    places,
    provenance,
    providers,
    quality,
    references,
    relations,
    responsibility,
    segments,
    services,
    structures,
    succession,
    vocabularies,
)
from mappe_servizi.graph.catalogue.inputs import read_configuration
from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.quality import Validation
from mappe_servizi.graph.vocabularies import Common
from mappe_servizi.model.current import Settled
from mappe_servizi.model.figures import FigureKey, PlacedFigure, settled_figures
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names, decided
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.edition import FINDINGS
from mappe_servizi.model.tables.knowledge import (
    FACILITY_KINDS,
    MUNICIPALITIES,
    OUTPUT_KINDS,
    FacilityKindRow,
    MunicipalityRow,
)
from mappe_servizi.model.tables.municipality import CURRENT
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.delivery import Delivery, check_delivery
from mappe_servizi.rdf.builder import Builder, Derivation, Part
from mappe_servizi.reading.concepts import read_concepts
from mappe_servizi.reading.curated import (
    read_areas,
    read_audiences,
    read_classifications,
    read_reviewed,
    read_service_names,
)
from mappe_servizi.rights import Licence, Licences

__all__ = [
    "DEFAULT_BASE",
    "VOCABULARIES",
    "Common",
    "Derivation",
    "Part",
    "Validation",
    "build_edition",
    "build_own",
    "build_parts",
    "named",
]

VOCABULARIES = "vocabularies"
"""The part that all municipalities share."""
Term = NamedNode | BlankNode | Literal | Triple
SUBJECTS = (
    responsibility.add_responsibility,
    elements.add_elements,
    segments.add_criteria,
    segments.add_segments,
    indicators.add_indicators,
    management.add_management,
    management.add_personnel,
    coproduction.add_coproduction,
    structures.add_structures,
)
"""What is read from a map, in the form's order."""
DELIVERY = (
    providers.add_providers,
    places.add_sites,
    channels.add_channels,
    references.add_references,
)
"""What the rows and texts of all maps name together."""


def build_parts(  # noqa: PLR0913 - what a build is made from
    documents: Sequence[Document],
    registries: Mapping[str, Registry],
    *,
    knowledge: Path,
    data: Path,
    ontology: Path,
    base: str = DEFAULT_BASE,
) -> list[Part]:
    """The graph of some documents, part by part, the vocabularies last.

    Args:
        documents: one a municipality and edition.
        registries: the slugs of each municipality, by IPA code.
        knowledge: the directory of what is known for every municipality.
        data: the directory of the maintained data.
        ontology: the directory of the ontology and the controlled vocabularies.
        base: the base of every IRI.

    Raises:
        InputError: a curated file does not fit its document.
        UnknownLabels: a label has no registered slug.
    """
    common = Common.load(ontology, base)
    parts = build_own(documents, registries, common, knowledge=knowledge, data=data)
    years = {year for document in documents for year in vocabularies.years_of(document)}
    return [*parts, vocabularies.build(years, ontology, common, named(parts)).part(VOCABULARIES)]


def build_own(  # noqa: PLR0913 - what it is made from
    documents: Sequence[Document],
    registries: Mapping[str, Registry],
    common: Common,
    *,
    knowledge: Path,
    data: Path,
    validate: Callable[[Sequence[Part]], Validation] | None = None,
) -> list[Part]:
    """What is some documents' own: the graph without the vocabularies, which all municipalities share.

    Args:
        documents: one a municipality and edition.
        registries: the slugs of each municipality, by IPA code.
        common: what the ontology and vocabularies say.
        knowledge: the directory of what is known for every municipality.
        data: the directory of the maintained data.
        validate: counts what the shapes say of the parts, for the quality part.

    Raises:
        InputError: a curated file does not fit its document.
        UnknownLabels: a label has no registered slug.
    """
    documents = sorted(documents, key=lambda d: (d.municipality.ipa, d.municipality.edition))
    editions = [edition_of(d, registries[d.municipality.ipa], knowledge, data, common) for d in documents]
    shared = comparable.shared_indicators(common)
    parts: list[Part] = []
    findings: list[list[Finding]] = []
    for ipa in dict.fromkeys(edition.ipa for edition in editions):
        mine = [edition for edition in editions if edition.ipa == ipa]
        folder = mine[0].document.municipality.folder
        figures = _settled(mine)
        _fill_all(mine, figures)
        registries[ipa].check()
        check_delivery(folder, registries[ipa], [edition.delivery for edition in mine])
        found = [read_findings(e.document, find_unknown(figures, e.year)) for e in mine]
        comparable.add_comparable(mine, figures, quality.doubted(zip(mine, found, strict=True)), shared)
        parts += _parts(mine)
        findings += found
    parts.append(providers.build_registry(editions, common))
    parts.append(provenance.build(editions, findings, common))
    parts.append(quality.build(editions, findings, validate(parts) if validate else None, common))
    return parts


def named(parts: Sequence[Part]) -> set[Term]:
    """What the data point to; what is about the data, in graphs of its own, does not count."""
    data = (part for part in parts if isinstance(part.graph, DefaultGraph))
    return {value for part in data for _, _, value in part.statements}


def read_findings(document: Document, more: Iterable[Finding] = ()) -> list[Finding]:
    """What in a document does not add up, with the reviewed readings.

    Args:
        document: of an edition.
        more: what only shows beside other editions.

    Raises:
        InputError, InputErrors: a reading cannot be used, or is of nothing that a rule finds.
    """
    path = document.municipality.edition_folder / FINDINGS.file
    verdicts = load_verdicts(path)
    findings = find_all(document, verdicts, more)
    figures = (f for m in document.maps for i in m.indicators for f in i.figures)
    if all(figure.status != "suppressed" for figure in figures):  # else some findings are gone with them
        check_verdicts(findings, verdicts, path)
    return findings


def edition_of(
    document: Document, registry: Registry, knowledge: Path, data: Path, common: Common
) -> Edition:
    """A document with its curated data, ready to be built.

    Raises:
        InputError: a curated file does not fit the document.
    """
    names, folder = Names.of(document, registry), document.municipality.folder
    return Edition(
        document,
        names,
        Builder(common.iris, common.hierarchy, document.places),
        read_classifications(names, folder),
        read_audiences(document, names),
        Delivery.read(document, names, knowledge, data),
        read_areas(folder),
        _licence(document, knowledge),
        _territories(knowledge),
        _facilities(knowledge),
        _output_kinds(knowledge),
        read_reviewed(folder, registry),
        common.concepts,
        read_concepts(folder, knowledge, registry),
        titles=read_service_names(folder, registry),
        data_sets=data_sets.called(read_configuration(knowledge, data).datasets, document.municipality),
        wording=Wording.load(knowledge),
    )


@lru_cache(maxsize=2)
def _territories(knowledge: Path) -> dict[str, MunicipalityRow]:
    return {row.istat: row for row in read_rows(MUNICIPALITIES, knowledge / MUNICIPALITIES.file)}


@lru_cache(maxsize=2)
def _facilities(knowledge: Path) -> dict[str, FacilityKindRow]:
    return {row.kind: row for row in read_rows(FACILITY_KINDS, knowledge / FACILITY_KINDS.file)}


@lru_cache(maxsize=2)
def _output_kinds(knowledge: Path) -> frozenset[str]:
    return frozenset(row.counted for row in read_rows(OUTPUT_KINDS, knowledge / OUTPUT_KINDS.file))


def _licence(document: Document, knowledge: Path) -> Licence | None:
    rights = document.municipality.settings.get("rights")
    stated = rights.get("licence") if isinstance(rights, Mapping) else None
    return Licences.load(knowledge).find(stated) if stated else None


def build_edition(
    document: Document, registry: Registry, knowledge: Path, data: Path, common: Common
) -> Part:
    """The graph of one municipality's document.

    Raises:
        InputError: a curated file does not fit the document.
    """
    edition = edition_of(document, registry, knowledge, data, common)
    _fill_all([edition], _settled([edition]))
    return _parts([edition])[0]


def _settled(editions: Sequence[Edition]) -> dict[FigureKey, Settled[PlacedFigure]]:
    """Which figures of a municipality hold."""
    folder, registry = editions[0].document.municipality.folder, editions[0].names.registry
    decisions = decided(CURRENT, folder, registry)
    return settled_figures([(edition.document, edition.names) for edition in editions], decisions, folder)


def _fill_all(editions: Sequence[Edition], figures: Mapping[FigureKey, Settled[PlacedFigure]]) -> None:
    """Everything that a municipality's editions say."""
    for edition in editions:
        _fill(edition)
    succession.add_succession(editions, figures)


def _parts(editions: Sequence[Edition]) -> list[Part]:
    """The parts of a municipality's editions."""
    parts = [edition.builder.part(f"{edition.ipa}-{edition.year}") for edition in editions]
    return succession.said_once(parts, editions[0].mds)


def _fill(edition: Edition) -> None:
    """Every subject of an edition, in the form's order."""
    document = edition.document
    municipality.add_municipality(edition)
    areas.add_areas(edition)
    data_sets.add_names(edition)
    cube.add_datasets(edition)
    comparable.add_dataset(edition)
    maps = {service_map.number: service_map for service_map in document.maps}
    for entry in document.entries:
        service_map = maps.get(entry.number)
        services.add_service(edition, entry, service_map)
        if service_map is not None:
            for add in SUBJECTS:
                add(edition, service_map)
    for add_all in DELIVERY:
        add_all(edition)
    conditions.add_conditions(edition)
    concepts.add_concepts(edition)
    relations.add_relations(edition)
    eu.add_projection(edition)
