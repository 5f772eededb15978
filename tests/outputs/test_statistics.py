"""How many triples stand where, against the dump counted line by line."""

from collections import Counter
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store, parse

from mappe_servizi.outputs.statistics import FILE, Statistics, read_statistics, write_statistics
from mappe_servizi.releases import Release


def test_the_counts_are_those_of_the_dump(release: Release) -> None:
    graphs = Counter(
        "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
        for quad in parse(path=release.dump, format=RdfFormat.N_QUADS)
    )
    assert read_statistics(release.path / FILE) == Statistics(graphs.pop(""), graphs)


def test_an_empty_store_and_a_damaged_file(tmp_path: Path) -> None:
    write_statistics(Store(), tmp_path / FILE)
    assert read_statistics(tmp_path / FILE) == Statistics(0, {})
    (tmp_path / FILE).write_text('{"triples": 1}')
    assert read_statistics(tmp_path / FILE) is None
    assert read_statistics(tmp_path / "none") is None
