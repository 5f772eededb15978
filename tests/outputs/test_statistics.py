"""The counts of a release, against its dump counted line by line."""

from collections import Counter
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store, parse

from mappe_servizi.outputs.statistics import FILE, RDF_TYPE, read_statistics, target, write_statistics
from mappe_servizi.releases import Release


def test_the_counts_are_those_of_the_dump(release: Release) -> None:
    found = read_statistics(release.path / FILE)
    assert found is not None
    graphs, classes, properties, links = Counter(), Counter(), Counter(), Counter()  # type: ignore[var-annotated]
    subjects = set()
    for quad in parse(path=release.dump, format=RdfFormat.N_QUADS):
        if not isinstance(quad.graph_name, DefaultGraph):
            graphs[quad.graph_name.value] += 1
            continue
        subjects.add(quad.subject)
        name, to = quad.predicate.value, getattr(quad.object, "value", "")
        properties[name] += 1
        if name == RDF_TYPE:
            classes[to] += 1
        elif str(quad.object).startswith("<") and not to.startswith(release.base_uri):
            links[name, target(to)] += 1
    assert (found.triples, found.subjects) == (properties.total(), len(subjects))
    assert (found.graphs, found.classes, found.properties) == (graphs, classes, properties)
    assert {(p, to): n for p, targets in found.links.items() for to, n in targets.items()} == links
    assert found.examples.keys() <= classes.keys()


LINKED = """SELECT (COUNT(*) AS ?triples) { ?thing a <CLASS> ; <PROPERTY> ?target KIND }"""


def test_how_things_of_a_class_are_linked(release: Release) -> None:
    found = read_statistics(release.path / FILE)
    assert found is not None
    store, ontology = Store.read_only(str(release.store)), "https://w3id.org/mappe-servizi/onto/MDS/"
    service = found.partitions[f"{ontology}MunicipalService"]
    assert service[f"{ontology}hasUserSegment"]["classes"][f"{ontology}UserSegment"] == 269
    assert len(found.partitions) > 50
    for class_ in ("MunicipalService", "YearlyMeasurement", "ServiceProvider"):
        for name, partition in found.partitions[ontology + class_].items():
            query = LINKED.replace("CLASS", ontology + class_).replace("PROPERTY", name)
            assert count(store, query.replace("KIND", "")) == partition["triples"], (class_, name)
            for target_, number in partition["classes"].items():
                assert count(store, query.replace("KIND", f". ?target a <{target_}>")) == number, (
                    class_,
                    name,
                )
            for type_, number in partition["datatypes"].items():
                kind = f"FILTER(DATATYPE(?target) = <{type_}>)"
                assert count(store, query.replace("KIND", kind)) == number, (class_, name, type_)


def count(store: Store, query: str) -> int:
    return int(next(iter(store.query(query)))["triples"].value)  # type: ignore[arg-type,index]


def test_an_empty_store_and_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "empty.nq").write_bytes(b"")
    write_statistics(Store(), tmp_path / "empty.nq", tmp_path / FILE, "https://e.org/")
    assert (read_statistics(tmp_path / FILE).triples) == 0  # type: ignore[union-attr]
    (tmp_path / FILE).write_text('{"triples": 1}')
    assert read_statistics(tmp_path / FILE) is None
    assert read_statistics(tmp_path / "none") is None
