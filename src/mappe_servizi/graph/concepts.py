"""The concepts that municipalities share, and which of a municipality's things is which.

The decisions are in tables of their own, keyed by the registry's slugs; what an edition does not state
is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from mappe_servizi.graph.cube import CubeRow
from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.indicators import TABLES, rows_of
from mappe_servizi.model.names import CONCEPTS
from mappe_servizi.model.service_map import Indicator
from mappe_servizi.rdf.namespaces import CV
from mappe_servizi.reading.concepts import Key, check_registered

SERVICE, INDICATOR = "service-concept", "indicator-concept"


def add_concepts(edition: Edition) -> None:
    """All decisions about what an edition states; to be called when everything else is stated.

    Raises:
        InputError, InputErrors: a decision names what the registry does not know.
    """
    check_registered(edition.concepts, edition.names.registry)
    for number in edition.entries:
        _add_service(edition, number)
    for key, row, table in _indicators(edition):
        _add_period(edition, key, row, table)
        _add_indicator(edition, key, row)
    _add_activities(edition)
    _add_provided(edition)


def _indicators(edition: Edition) -> Iterator[tuple[Key, CubeRow, dict[int, tuple[Key, Indicator]]]]:
    """Every indicator of an edition with its key and the rows of its table."""
    for service_map in edition.document.maps:
        service = edition.service_slug(service_map.number)
        for table in TABLES:
            rows = rows_of(edition, service_map, table)
            keys: dict[int, tuple[Key, Indicator]] = {
                at: ((service, table, row.slug), row.record) for at, row in rows.items()
            }
            for at, row in rows.items():
                yield keys[at][0], row, keys


def _add_service(edition: Edition, number: int) -> None:
    found = edition.concepts.services.get(edition.service_slug(number))
    if found is None:
        return
    b, mds, decided = edition.builder, edition.mds, found.row
    subject, main = edition.service(number), edition.concept(SERVICE, decided.concept)
    covered = [edition.concept(SERVICE, code) for code in decided.covers]
    b.add(subject, mds["mainConcept"], main)
    b.add(subject, mds["conceptMatch"], edition.concept("concept-match", decided.match))
    b.add(subject, mds["coversConcept"], *covered)
    if edition.classifications[number].kind == "public":  # the EU's property has no other domain
        b.add(subject, CV["isClassifiedBy"], main, *covered)
    _add_status(edition, subject, decided.status)


def _add_period(edition: Edition, key: Key, row: CubeRow, table: dict[int, tuple[Key, Indicator]]) -> None:
    kind = edition.concepts.period(key, row.record, table)
    edition.builder.add(row.iri, edition.mds["periodKind"], edition.concept("period-kind", kind))


def _add_indicator(edition: Edition, key: Key, row: CubeRow) -> None:
    b, mds, concepts = edition.builder, edition.mds, edition.concepts
    if found := concepts.indicators.get(key):
        b.add(row.iri, mds["indicatorConcept"], edition.concept(INDICATOR, found.row.concept))
        b.add(row.iri, mds["conceptMatch"], edition.concept("concept-match", found.row.match))
        _add_status(edition, row.iri, found.row.status)
    if repeat := concepts.repeats.get(key):
        of = repeat.row
        repeated = edition.iris.data(CONCEPTS[of.of_table], edition.ipa, of.of_service, of.of_indicator)
        if edition.states(repeated):
            b.add(row.iri, mds["repeats"], repeated)
            _add_status(edition, row.iri, of.status)
    if place := concepts.places.get(key):
        subject = edition.iris.data("place", edition.ipa, place.row.place)
        if edition.states(subject):
            b.add(row.iri, mds["ofPlace"], subject)
            _add_status(edition, row.iri, place.row.status)
    if period := concepts.periods.get(key):
        _add_status(edition, row.iri, period.row.status)


def _add_activities(edition: Edition) -> None:
    """What elements, segments and indicators are about."""
    for found in edition.concepts.activities:
        decided = found.row
        of_edition = (edition.year,) if decided.kind == "element" else ()
        subject = edition.iris.data(decided.kind, edition.ipa, *of_edition, decided.service, decided.slug)
        if edition.states(subject):
            activity = edition.concept(SERVICE, decided.activity)
            edition.builder.add(subject, edition.mds["ofActivity"], activity)
            _add_status(edition, subject, decided.status)


def _add_provided(edition: Edition) -> None:
    """What provisions are about: the activity that their own vocabulary says is the same."""
    b, mds = edition.builder, edition.mds
    same = {
        edition.concept("provided-activity", code): edition.concept(SERVICE, concept)
        for code, concept in edition.concepts.provided.items()
    }
    about = mds["provisionActivity"]
    for subject, activity in [(subject, value) for subject, of, value in b if of == about]:
        if isinstance(activity, NamedNode):
            b.add(subject, mds["ofActivity"], same.get(activity))


def _add_status(edition: Edition, subject: NamedNode, status: str) -> None:
    """What rests on a proposed row says so."""
    if status == "proposed":
        edition.propose(subject)
