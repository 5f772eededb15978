"""How much: the rows of the tables of figures, and the figures of each year."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from mappe_servizi.graph.cube import CUBES, CubeRow, add_figure
from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.names import CONCEPTS, UNLABELLED
from mappe_servizi.model.service_map import ServiceMap, Table
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import CPSV, CPSVAPIT, CV, DCT, MUAPIT

TABLES: Final[tuple[Table, ...]] = ("outputs", "users")


def add_indicators(edition: Edition, service_map: ServiceMap) -> None:
    """The two tables of figures of a map."""
    for table in TABLES:
        rows = rows_of(edition, service_map, table)
        for row in rows.values():
            _add_indicator(edition, service_map, row)
            _add_part_in_table(edition, service_map, row, rows)
            for figure in row.record.figures:
                add_figure(edition, service_map.number, row, figure)


def rows_of(edition: Edition, service_map: ServiceMap, table: Table) -> dict[int, CubeRow]:
    """The rows of a table of a map, by position."""
    slugs, rows = edition.names.indicators(service_map, table), {}
    for record in (record for record in service_map.indicators if record.table == table):
        shown = edition.readable(record.label) or UNLABELLED
        if record.group is not None:
            shown = f"{edition.readable(record.group)}: {shown}"
        slug = slugs[record.position]
        iri = edition.lasting(CONCEPTS[table], service_map.number, slug)
        rows[record.position] = CubeRow(record, iri, slug, shown)
    return rows


def _add_indicator(edition: Edition, service_map: ServiceMap, row: CubeRow) -> None:
    b, mds, number, record = edition.builder, edition.mds, service_map.number, row.record
    cube, service = CUBES[record.table], edition.service(number)
    b.resource(row.iri, row.label, mds[cube.indicator_class])
    b.add(service, mds[cube.indicator_property], row.iri)
    if record.group is not None:
        b.add(row.iri, mds["groupName"], it(edition.readable(record.group)))
    b.add(row.iri, MUAPIT["hasMeasurementUnit"], edition.concept("measurement-unit", record.unit))
    if record.counted:
        b.add(row.iri, mds["counts"], edition.concept("counted-thing", record.counted))
    if record.table == "outputs" and record.counted in edition.output_kinds:
        _add_output(edition, number, row)
    edition.told_of_review(row.iri, CONCEPTS[record.table], edition.service_slug(number), row.slug)
    entry = edition.stated(cube.concept, number, row.slug)
    shown = f"{row.label} (voce della mappa {edition.year})"
    b.resource(entry, shown, mds["IndicatorEntry"], name=edition.readable(record.label) or UNLABELLED)
    b.add(row.iri, mds["hasEntry"], entry)
    if record.label.printed:
        b.printed(entry, record.label)
    if record.group is not None:
        b.add(entry, mds["printedGroup"], it(record.group.printed))
    if record.remark is not None:
        b.add(entry, mds["note"], it(record.remark.value))
    b.position(entry, record.position)
    b.derived(entry, record.lines, (*record.corrections, *record.label.corrections))


def _add_output(edition: Edition, number: int, row: CubeRow) -> None:
    """What a row counts, where it is something that the service puts out."""
    b, service = edition.builder, edition.service(number)
    subject = edition.lasting("output", number, row.slug)
    b.resource(subject, row.label, CPSVAPIT["Output"], CV["Output"])
    identifier = f"{edition.ipa}/{edition.service_slug(number)}/{row.slug}"
    b.add(subject, DCT["identifier"], Literal(identifier))
    b.add(subject, DCT["title"], it(row.label))
    b.add(subject, DCT["type"], edition.concept("counted-thing", row.record.counted))
    b.add(row.iri, edition.mds["quantifies"], subject)
    b.add(service, CPSVAPIT["producesOutput"], subject)
    if edition.classifications[number].kind == "public":
        b.add(service, CPSV["produces"], subject)


def _add_part_in_table(
    edition: Edition, service_map: ServiceMap, row: CubeRow, rows: dict[int, CubeRow]
) -> None:
    """What a row is to the others, and which segments it counts."""
    b, mds, record = edition.builder, edition.mds, row.record
    b.add(row.iri, mds["indicatorRole"], edition.concept("indicator-role", record.role))
    b.add(row.iri, mds["totalOf"], *(rows[position].iri for position in record.total_of))
    if record.breakdown_of is not None:
        b.add(row.iri, mds["breakdownOf"], rows[record.breakdown_of].iri)
    if record.table == "users":
        b.add(row.iri, mds["segmentMatch"], edition.concept("segment-match", record.segment_match))
        slugs = edition.names.segments(service_map)
        for position in record.segments:
            segment = edition.lasting("segment", service_map.number, slugs[position])
            b.add(row.iri, mds["countsSegment"], segment)
