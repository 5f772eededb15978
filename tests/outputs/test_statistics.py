"""How many triples stand where, against the dump counted line by line."""

import csv
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
    found = read_statistics(release.path / FILE)
    assert found is not None
    assert found.triples == graphs.pop("")
    assert found.graphs == graphs


def test_what_pages_count_is_what_the_tables_have(release: Release) -> None:
    found = read_statistics(release.path / FILE)
    assert found is not None

    def rows(table: str) -> list[dict[str, str]]:
        with (release.path / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    services, engagements, segments = rows("services"), rows("engagements"), rows("segments")
    assert found.municipalities == len({row["municipality"] for row in services})
    assert found.services == len({row["service"] for row in services})
    assert found.published == sum(row["published"] == "true" for row in services)
    assert found.figures == len({row["observation"] for row in rows("observations")})
    assert found.delivering == len({row["provider"] for row in engagements})
    delivered = Counter(
        provider for provider, _ in {(row["provider"], row["service"]) for row in engagements}
    )
    assert found.providers == delivered
    assert list(found.providers) == sorted(delivered, key=lambda iri: (-delivered[iri], iri))
    covered = {(code, row["service"]) for row in segments for code in row["audience"].split(" | ") if code}
    groups = {iri.rsplit("/", 1)[1]: number for iri, number in found.audiences.items()}
    assert groups == Counter(code for code, _ in covered)


def test_an_empty_store_and_a_damaged_file(tmp_path: Path) -> None:
    write_statistics(Store(), tmp_path / FILE)
    assert read_statistics(tmp_path / FILE) == Statistics(0, 0, 0, 0, 0, 0, {}, {}, {})
    for damaged in ('{"triples": 1}', '{"triples": 1, "graphs": {}}', "[]", "{"):
        (tmp_path / FILE).write_text(damaged)
        assert read_statistics(tmp_path / FILE) is None
    assert read_statistics(tmp_path / "none") is None
