"""The gallery on two editions of a municipality: nothing is counted twice, nothing is mixed."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Store, Triple

from helpers import ROOT
from mappe_servizi.rdf.queries import PublishedQuery, read_queries
from mappe_servizi.releases import Release
from rdf import BASE, data_triples

GALLERY = read_queries(ROOT / "queries" / "examples")
DROPPED = ("co-production", "management", "personnel", "provision", "responsibility", "segment")
ROLES = ("co-production", "provision", "responsibility")
TIMES = ("TI/atTime", "TI/hasTemporalEntity", "2006/time#hasTime")
STATED = re.compile(f"^{BASE}data/([a-z-]+)/c_d150/2020/")


def later(term: object) -> object:
    """A term of the edition 2020 as the edition 2021 has it; all else stays as it is."""
    if isinstance(term, NamedNode):
        return NamedNode(term.value.replace("/c_d150/2020/", "/c_d150/2021/"))
    return term


def copied(triples: Iterable[Triple], *, changed: bool) -> Iterator[Triple]:
    """What the edition 2021 states: the same as 2020, or with other numbers and some statements gone."""
    for triple in triples:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        assert isinstance(subject, NamedNode)
        ends = [node for node in (subject, value) if isinstance(node, NamedNode)]
        concepts = [(match[1], node) for node in ends if (match := STATED.match(node.value))]
        if not concepts:
            continue
        if changed and any(concept in DROPPED and gone(node) for concept, node in concepts):
            continue
        made = later(value)
        if predicate.value == f"{BASE}onto/MDS/edition":
            made = Literal("2021", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear"))
        elif concepts[0][0] in ROLES and predicate.value.endswith(TIMES):
            made = NamedNode(f"{BASE}controlled-vocabulary/year/2021")
        elif changed and isinstance(value, Literal) and value.datatype.value.endswith("#decimal"):
            made = Literal(str(Decimal(value.value) * 3 + 1), datatype=value.datatype)
        elif changed and predicate.value.endswith("/isPublished") and gone(subject):
            made = Literal("false" if value.value == "true" else "true", datatype=value.datatype)  # type: ignore[union-attr]
        yield Triple(later(subject), predicate, made)  # type: ignore[arg-type]


def superseded(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The edition 2020 beside the newer one: nothing of it is current."""
    for triple in triples:
        current = triple.predicate.value == f"{BASE}onto/MDS/isCurrent"
        value = Literal(False) if current else triple.object
        yield Triple(triple.subject, triple.predicate, value)


def gone(node: NamedNode) -> bool:
    """Whether a statement is one of the third that the changed edition does without."""
    return zlib.crc32(node.value.encode()) % 3 == 0


def store_of(triples: Iterable[Triple]) -> Store:
    store = Store()
    store.bulk_extend(Quad(*triple, DefaultGraph()) for triple in triples)
    return store


@pytest.fixture(scope="module")
def stores(release: Release) -> dict[str, Store]:
    """The release's data; with an exact copy as another edition; a changed one alone, and with both."""
    data = data_triples(release)
    lasting = [
        t for t in data if not any(STATED.match(getattr(n, "value", "")) for n in (t.subject, t.object))
    ]
    assert len(lasting) < len(data) / 2
    changed = list(copied(data, changed=True))
    return {
        "one": store_of(data),
        "copy": store_of([*superseded(data), *copied(data, changed=False)]),
        "newest": store_of([*lasting, *changed]),
        "both": store_of([*superseded(data), *changed]),
    }


def answer(store: Store, query: PublishedQuery) -> list[str]:
    """The rows, edition and numbers' spelling aside, in the query's order."""
    solutions = store.query(query.text, substitutions=query.bind({}))
    rows = json.loads(solutions.serialize(format=QueryResultsFormat.JSON) or b"")["results"]["bindings"]
    return [
        json.dumps(
            {name: term["value"].replace("/c_d150/2021/", "/c_d150/2020/") for name, term in row.items()}
        )
        for row in rows
    ]


@pytest.mark.parametrize("name", GALLERY)
def test_a_copy_as_a_second_edition_changes_no_answer(stores: dict[str, Store], name: str) -> None:
    assert answer(stores["copy"], GALLERY[name]) == answer(stores["one"], GALLERY[name])


@pytest.mark.parametrize("name", GALLERY)
def test_of_two_editions_that_differ_the_newest_alone_answers(stores: dict[str, Store], name: str) -> None:
    found = answer(stores["both"], GALLERY[name])
    assert sorted(found) == sorted(answer(stores["newest"], GALLERY[name]))


def test_the_changed_edition_is_another(stores: dict[str, Store]) -> None:
    """Else the tests above could not fail."""
    same = [n for n, q in GALLERY.items() if answer(stores["one"], q) == answer(stores["newest"], q)]
    assert len(same) < len(GALLERY) / 2, same


def test_the_largest_differences_come_first(stores: dict[str, Store]) -> None:
    rows = [json.loads(row) for row in answer(stores["one"], GALLERY["change-of-users"])]
    differences = [Decimal(row["difference"]) for row in rows]
    assert differences == sorted(differences, key=abs, reverse=True)
    assert min(differences) < 0 < max(differences)
