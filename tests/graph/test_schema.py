"""The graph that describes the data: its counts against the dump, its shapes against their files."""

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from helpers import ROOT
from mappe_servizi.errors import MappeError
from mappe_servizi.graph.schema.counts import count, target
from mappe_servizi.graph.schema.shapes import named
from mappe_servizi.rdf.namespaces import L0, RDFS
from mappe_servizi.releases import Release
from rdf import BASE

NAMES = (L0["name"], RDFS["label"])
"""What a shape is called: its file leaves that to its IRI."""
VOID, TYPE = "http://rdfs.org/ns/void#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MDS = f"{BASE}onto/MDS/"
IN = f"""PREFIX void: <{VOID}> PREFIX void-ext: <http://ldf.fi/void-ext#> PREFIX mds: <{MDS}>
  SELECT * {{ GRAPH <{BASE}graph/schema> {{ """


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return Store.read_only(str(release.store))


@pytest.fixture(scope="module")
def data(release: Release) -> list[Quad]:
    quads = parse(path=release.dump, format=RdfFormat.N_QUADS)
    return [quad for quad in quads if isinstance(quad.graph_name, DefaultGraph)]


def told(store: Store, pattern: str) -> Counter[tuple[str, ...]]:
    """The rows of a pattern in the graph: a number by all other values."""
    found = store.query(f"{IN}{pattern} }} }}")
    assert isinstance(found, QuerySolutions)
    names = [v.value for v in found.variables if v.value != "n" and not v.value.startswith("_")]
    rows: Counter[tuple[str, ...]] = Counter()
    for row in found:
        rows[tuple(row[name].value for name in names)] = int(row["n"].value)  # type: ignore[union-attr]
    return rows


def test_the_counts_are_those_of_the_data(store: Store, data: list[Quad]) -> None:
    classes = Counter((quad.object.value,) for quad in data if quad.predicate.value == TYPE)  # type: ignore[union-attr]
    properties = Counter((quad.predicate.value,) for quad in data)
    links = Counter(
        (quad.predicate.value, target(quad.object.value))
        for quad in data
        if isinstance(quad.object, NamedNode) and not quad.object.value.startswith(BASE)
        if quad.predicate.value != TYPE
    )
    whole = f"<{BASE}.well-known/void#dataset> void:"
    assert told(store, whole + "triples ?n") == {(): len(data)}
    assert told(store, whole + "distinctSubjects ?n") == {(): len({quad.subject for quad in data})}
    assert told(store, "[] void:class ?class ; void:entities ?n") == classes
    assert told(store, whole + "propertyPartition [ void:property ?p ; void:triples ?n ]") == properties
    linkset = "[] void:linkPredicate ?p ; void:objectsTarget [ void:uriSpace ?to ] ; void:triples ?n"
    assert told(store, linkset) == links


@pytest.mark.parametrize("class_", ["MunicipalService", "YearlyMeasurement", "ServiceProvider"])
def test_how_things_of_a_class_are_linked(class_: str, store: Store, data: list[Quad]) -> None:
    types: dict[object, set[str]] = {}
    for quad in data:
        if quad.predicate.value == TYPE:
            types.setdefault(quad.subject, set()).add(quad.object.value)  # type: ignore[union-attr]
    of = [q for q in data if MDS + class_ in types.get(q.subject, ()) and q.predicate.value != TYPE]
    part = f"[] void:class mds:{class_} ; void:propertyPartition ?_part . ?_part void:property ?p "
    assert told(store, f"{part}; void:triples ?n") == Counter((q.predicate.value,) for q in of)
    typed = Counter(
        (q.predicate.value, found) for q in of for found in types.get(q.object, ()) if found.startswith(MDS)
    )
    found = told(store, f"{part}; void:classPartition [ void:class ?to ; void:triples ?n ]")
    assert typed
    assert {row: n for row, n in found.items() if row[1].startswith(MDS)} == typed
    literals = [(q.predicate.value, q.object.datatype.value) for q in of if isinstance(q.object, Literal)]
    values = f"{part}; void-ext:datatypePartition [ void-ext:datatype ?to ; void:triples ?n ]"
    assert told(store, values) == Counter(literals)


def test_the_shapes_are_those_of_their_files(release: Release) -> None:
    part = [quad.triple for quad in parse(path=release.path / "dump" / "schema.ttl")]
    written = Dataset(
        Quad(*map(_anonymous, t)) for t in part if "/shapes/" in str(t.subject) and t.predicate not in NAMES
    )  # type: ignore[arg-type]
    read = Dataset(
        quad
        for path in sorted((ROOT / "shapes").glob("*.ttl"))
        for quad in parse(path=path, rename_blank_nodes=True)
    )
    for graph in (written, read):
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert written == read


def _anonymous(term: object) -> object:
    """A node that only the graph has a name for, as its file has it: without one."""
    if isinstance(term, NamedNode) and "/shapes/" in term.value and "#" in term.value:
        return BlankNode(re.sub(r"\W", "_", term.value))
    return term


def test_a_shape_without_a_name_is_an_error() -> None:
    path, one, other = NamedNode("http://e.org/p"), BlankNode("a"), BlankNode("b")
    for triples in ([Triple(one, path, other)], [Triple(one, path, other), Triple(other, path, one)]):
        with pytest.raises(MappeError, match="belong to a shape"):
            list(named(triples))


def test_no_data_at_all(tmp_path: Path) -> None:
    (tmp_path / "empty.nq").write_bytes(b"")
    assert count(tmp_path / "empty.nq", "https://e.org/").triples == 0


def test_it_says_nothing_twice_and_has_no_blank_node(release: Release) -> None:
    part = [quad.triple for quad in parse(path=release.path / "dump" / "schema.ttl")]
    assert len(part) == len(set(part)) == release.facts["counts"]["triples"]["schema"]
    assert not [t for t in part if "_:" in str(t.subject)]
    assert isinstance(part[0], Triple)
