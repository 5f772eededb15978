"""The cubes are well-formed RDF Data Cubes: IC-1 to IC-21 of the W3C recommendation."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from helpers import Tell
from mappe_servizi.releases import Release
from rdf import BASE, data_store, data_triples

CONSTRAINTS = sorted((Path(__file__).parent / "cube").glob("ic-*.rq"))
CUBE = f"""@prefix : <http://example.org/> . @prefix mds: <{BASE}onto/MDS/> .
@prefix qb: <http://purl.org/linked-data/cube#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dim: <http://purl.org/linked-data/sdmx/2009/dimension#> .
"""
OBSERVATION = """:o a qb:Observation ; qb:dataSet :d . :d qb:structure :s . :s qb:component :c . :c """
MEASURE_TYPE = OBSERVATION + "qb:componentProperty qb:measureType, :n . :n a qb:MeasureProperty . "
BROKEN = {
    1: ":o a qb:Observation .",
    2: ":d a qb:DataSet ; qb:structure :s, :t .",
    3: ":s a qb:DataStructureDefinition .",
    4: ":p a qb:DimensionProperty .",
    5: ":p a qb:DimensionProperty ; rdfs:range skos:Concept .",
    6: ":s qb:component :c . :c qb:componentRequired false ; qb:componentProperty :p .",
    7: ":k a qb:SliceKey .",
    8: ":s qb:sliceKey :k . :k qb:componentProperty :p .",
    9: ":x a qb:Slice .",
    10: ":x qb:sliceStructure :k . :k qb:componentProperty :p .",
    11: OBSERVATION + "qb:componentProperty :p . :p a qb:DimensionProperty .",
    12: "".join(
        f":{o} qb:dataSet :d ; dim:refArea :a ; mds:ofService :s ; mds:ofIndicator :i ;"
        f' dim:refPeriod :y ; mds:edition "2020" .\n'
        for o in "ab"
    ),
    13: OBSERVATION + "qb:componentRequired true ; qb:componentProperty :p .",
    14: OBSERVATION + "qb:componentProperty :p . :p a qb:MeasureProperty .",
    15: OBSERVATION + "qb:componentProperty qb:measureType . :o qb:measureType :m .",
    16: OBSERVATION
    + "qb:componentProperty qb:measureType, :n . :o qb:measureType :m ; :n 1 . :n a qb:MeasureProperty .",
    17: OBSERVATION
    + "qb:componentProperty qb:measureType, :n . :o qb:measureType :m ; :m 1 . :n a qb:MeasureProperty .",
    18: ":d qb:slice :x . :x qb:observation :o .",
    19: OBSERVATION + "qb:componentProperty :p . :p qb:codeList :l . :l a skos:ConceptScheme . :o :p :v .",
    20: OBSERVATION + "qb:componentProperty :p . :p qb:codeList :l . :l a qb:HierarchicalCodeList .",
    21: ":l a qb:HierarchicalCodeList ; qb:parentChildProperty [] .",
}


def violations(store: Store, constraint: Path) -> list[str]:
    return [str(row["bad"]) for row in store.query(constraint.read_text(encoding="utf-8"))]


def test_every_constraint_of_the_recommendation_is_here() -> None:
    assert [path.stem for path in CONSTRAINTS] == [f"ic-{number:02}" for number in range(1, 22)]


def test_the_cubes_keep_every_constraint(release: Release, tell: Tell) -> None:
    store = data_store(release)
    tell(f"integrity constraints of RDF Data Cube run: {len(CONSTRAINTS)}")
    assert {c.stem: found for c in CONSTRAINTS if (found := violations(store, c))} == {}
    sets = store.query(
        "SELECT ?d (COUNT(?o) AS ?n) { ?o <http://purl.org/linked-data/cube#dataSet> ?d } GROUP BY ?d"
    )
    assert sum(int(row["n"].value) for row in sets) > 1900


@pytest.mark.parametrize("number", BROKEN)
def test_a_broken_cube_is_found(number: int) -> None:
    store = Store()
    store.load(CUBE + BROKEN[number], format=RdfFormat.TURTLE)
    assert violations(store, CONSTRAINTS[number - 1])


def test_no_missing_measurement_stands_in_a_cube(release: Release) -> None:
    kinds: dict[str, set[str]] = {}
    for t in data_triples(release):
        if t.predicate.value.endswith("#type"):
            kinds.setdefault(t.subject.value, set()).add(t.object.value)
    missing = [k for k in kinds.values() if f"{BASE}onto/MDS/MissingMeasurement" in k]
    assert len(missing) == 22
    assert not [k for k in missing if "http://purl.org/linked-data/cube#Observation" in k]
