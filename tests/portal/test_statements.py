"""What figures say is the same whether the rows of a service's page tell it or a question of its own."""

import gc
import tracemalloc
from collections.abc import Mapping
from functools import partial

import pytest
from pyoxigraph import QueryResultsFormat, Store

from mappe_servizi.insights import ServiceInsights
from mappe_servizi.releases.opened import Release
from mappe_servizi.web.portal import service, statements
from mappe_servizi.web.portal.question import by_block, question
from mappe_servizi.web.served.results import Row, parse_rows
from mappe_servizi.web.served.snapshot import weight
from served import BASE

SERVICES = f"SELECT ?s {{ ?s a <{BASE}onto/MDS/MunicipalService> }}"


def rows(store: Store, query: str) -> list[Row]:
    answer = store.query(query).serialize(format=QueryResultsFormat.JSON)
    assert isinstance(answer, bytes)
    return parse_rows(answer)


def of_page(store: Store, iri: str) -> ServiceInsights:
    found = rows(store, service.CURRENT.question(iri, BASE))
    return statements.of_page(iri, by_block(found, service.CURRENT))


def of_question(store: Store, iri: str) -> ServiceInsights:
    patterns: Mapping[str, str] = statements.patterns_of(iri)
    return statements.of_rows(by_block(rows(store, question(patterns, BASE)), patterns))


def test_both_ways_say_the_same(release: Release) -> None:
    store = Store.read_only(str(release.store))
    found = 0
    for row in rows(store, SERVICES):
        iri = row["s"].value
        one, other = of_page(store, iri), of_question(store, iri)
        assert [*one.statements] == [*other.statements], iri
        assert {*one.figures} == {*other.figures}, iri
        assert one.doubted == other.doubted, iri
        found += len(one.statements)
    assert found > 700


@pytest.mark.usefixtures("own_garbage")
def test_what_is_kept_takes_what_is_counted(release: Release) -> None:
    store = Store.read_only(str(release.store))
    iris = [row["s"].value for row in rows(store, SERVICES)]
    make = partial(of_page, store)
    make(iris[0])  # what is made once is nobody's
    gc.collect()
    tracemalloc.start()
    kept = {iri: make(iri) for iri in iris}
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    counted = sum(weight(iri, of) for iri, of in kept.items())
    assert counted / 2 < taken < counted
