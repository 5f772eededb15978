"""How good the data are: findings, completeness and validation, as DQV in their own graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.checks.consistency import Finding, precision
from mappe_servizi.graph import data_sets
from mappe_servizi.graph.cube import CUBES, dataset
from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.identifiers import NAMES
from mappe_servizi.graph.provenance import document_lines
from mappe_servizi.graph.vocabularies import Common
from mappe_servizi.model.service_map import ServiceMap, Table
from mappe_servizi.model.tables.providers import SCHEMES
from mappe_servizi.rdf.builder import Builder, Part, decimal, en, it, year
from mappe_servizi.rdf.namespaces import DQV, L0, OA, PROV
from mappe_servizi.reading.numbers import Unreadable, read_number

GRAPH: Final = "quality"
SCHEME: Final = "quality-rule"


@dataclass(frozen=True, slots=True)
class Validation:
    """How many results of each severity the validation of the data gave."""

    violations: int
    warnings: int


def build(
    editions: Sequence[Edition],
    findings: Sequence[Sequence[Finding]],
    validation: Validation | None,
    common: Common,
) -> Part:
    """The quality of the editions.

    Args:
        editions: as built, so that their figures have IRIs.
        findings: those of each edition.
        validation: the results of the shapes on the data, None where they were not run.
        common: what all editions share.
    """
    b = Builder(common.iris, common.hierarchy)
    for edition, found in zip(editions, findings, strict=True):
        for finding in found:
            _add_finding(b, edition, finding)
        for sheet in edition.document.maps:
            _add_completeness(b, edition, sheet)
        _add_dataset_measures(b, edition, list(found), validation)
    return b.part(GRAPH, common.iris.named_graph(GRAPH))


def _metric(b: Builder, name: str) -> NamedNode:
    return b.iris.concept(SCHEME, name)


def _add_finding(b: Builder, edition: Edition, finding: Finding) -> None:
    mds = b.mds
    subject = b.iris.data("finding", edition.ipa, edition.year, finding.slug)
    classes = (mds["QualityFinding"], DQV["QualityAnnotation"], OA["Annotation"])
    b.resource(subject, finding.message_it, *classes, name=finding.label, english=finding.message_en)
    b.add(subject, L0["description"], it(finding.message_it), en(finding.message_en))
    b.add(subject, mds["foundByRule"], _metric(b, finding.rule))
    b.add(subject, mds["severity"], Literal(finding.severity))
    b.add(subject, mds["aboutMap"], edition.map(finding.number))
    b.add(subject, OA["hasTarget"], edition.map(finding.number))
    b.add(subject, OA["motivatedBy"], DQV["qualityAssessment"])
    b.add(subject, mds["inTable"], Literal(finding.table))
    b.add(subject, mds["aboutYear"], year(finding.year) if finding.year else None)
    b.add(subject, mds["printedText"], Literal(finding.printed))
    b.add(subject, mds["expectedText"], Literal(finding.expected) if finding.expected else None)
    if finding.year is not None:
        b.add(subject, mds["printedValue"], _number(finding.printed))
        b.add(subject, mds["expectedValue"], _number(finding.expected or ""))
    b.add(subject, mds["verdict"], Literal(finding.verdict) if finding.verdict else None)
    b.add(subject, mds["reason"], it(finding.why) if finding.why else None)
    b.add(subject, PROV["wasDerivedFrom"], *document_lines(edition, finding.lines))
    b.add(subject, mds["restsOn"], *_figures(edition, finding))


def _number(text: str) -> Literal | None:
    """The number that a text in Italian notation is, None where it is none."""
    try:
        return decimal(read_number(text))
    except Unreadable:
        return None


def doubted(found: Iterable[tuple[Edition, Sequence[Finding]]]) -> frozenset[NamedNode]:
    """The figures that a finding rests on which nobody has read as false."""
    return frozenset(
        figure
        for edition, findings in found
        for finding in findings
        if finding.verdict != "false"
        for figure in _figures(edition, finding)
    )


def _figures(edition: Edition, finding: Finding) -> list[NamedNode]:
    """The printed figures that a finding rests on."""
    rows = {
        (sheet.number, i.table, line): i.position
        for sheet in edition.document.maps
        for i in sheet.indicators
        for line in i.lines
    }
    found = []
    for fact in finding.facts:
        for table in CUBES:
            position = rows.get((fact.number, table, fact.lines[0])) if fact.table == table else None
            if position and fact.year:
                found.append(edition.figures[fact.number, table, position, fact.year])
    return found


def _add_completeness(b: Builder, edition: Edition, sheet: ServiceMap) -> None:
    """For each table and year, the share of rows that have a number."""
    for table in CUBES:
        rows = [i for i in sheet.indicators if i.table == table]
        for of_year in edition.document.years:
            full = sum(any(f.year == of_year and f.value is not None for f in i.figures) for i in rows)
            if rows:
                share = (Decimal(full) / len(rows)).quantize(Decimal("0.0001"))
                subject = _measurement(b, edition, sheet.number, (table, of_year), share)
                b.add(subject, b.mds["inTable"], Literal(table))


def _measurement(
    b: Builder, edition: Edition, number: int, of: tuple[Table, int], share: Decimal
) -> NamedNode:
    """The completeness of a map's table in a year."""
    table, of_year = of
    path = (edition.ipa, edition.year, edition.service_slug(number), f"completeness-{table}", of_year)
    subject = b.iris.data("measurement", *path)
    title = f"Completezza di {CUBES[table].title_it.lower()}, mappa {number}, {of_year}"
    b.resource(subject, title, DQV["QualityMeasurement"])
    b.add(subject, DQV["isMeasurementOf"], _metric(b, "completeness"))
    b.add(subject, DQV["computedOn"], edition.map(number))
    b.add(subject, DQV["value"], decimal(share))
    b.add(subject, b.mds["aboutYear"], year(of_year))
    return subject


def _add_dataset_measures(
    b: Builder, edition: Edition, findings: list[Finding], validation: Validation | None
) -> None:
    """What is measured on the whole edition."""
    _add_identifiers(b, edition)
    real, decided = precision(findings)
    values: dict[str, Decimal] = {}
    if decided:
        values["findings-precision"] = (Decimal(real) / decided).quantize(Decimal("0.0001"))
    if validation:
        values["shacl-violations"] = Decimal(validation.violations)
        values["shacl-warnings"] = Decimal(validation.warnings)
    for name, value in values.items():
        subject = b.iris.data("measurement", edition.ipa, edition.year, "edition", name, edition.year)
        b.resource(subject, f"{name}, edizione {edition.year}", DQV["QualityMeasurement"])
        b.add(subject, DQV["isMeasurementOf"], _metric(b, name))
        b.add(subject, DQV["computedOn"], *(dataset(edition, table) for table in CUBES))
        b.add(subject, DQV["value"], decimal(value))


def _add_identifiers(b: Builder, edition: Edition) -> None:
    """For each kind of identifier, the share of the edition's providers of which one is known."""
    providers = edition.delivery.network.providers
    for kind in SCHEMES if providers else ():
        known = sum(any(i.scheme == kind for i in provider.identifiers) for provider in providers)
        share = (Decimal(known) / len(providers)).quantize(Decimal("0.0001"))
        name = f"external-identifiers-{kind}"
        subject = b.iris.data("measurement", edition.ipa, edition.year, "edition", name, edition.year)
        title = f"Soggetti con {NAMES[kind]} noto: {known} di {len(providers)}, edizione {edition.year}"
        b.resource(subject, title, DQV["QualityMeasurement"])
        b.add(subject, DQV["isMeasurementOf"], _metric(b, "external-identifiers"))
        b.add(subject, b.mds["identifierKind"], b.iris.concept("identifier-kind", kind))
        b.add(subject, DQV["computedOn"], data_sets.maps(edition))
        b.add(subject, DQV["value"], decimal(share))
