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


def test_an_empty_store_and_a_damaged_file(tmp_path: Path) -> None:
    write_statistics(Store(), tmp_path / FILE, "https://e.org/")
    assert (read_statistics(tmp_path / FILE).triples) == 0  # type: ignore[union-attr]
    (tmp_path / FILE).write_text('{"triples": 1}')
    assert read_statistics(tmp_path / FILE) is None
    assert read_statistics(tmp_path / "none") is None
