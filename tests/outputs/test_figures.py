"""The flat figures: one table, and three patterns, that answer without a join."""

import csv
from collections import Counter, defaultdict

import pyarrow.parquet
import pytest
from pyoxigraph import Store

from mappe_servizi.model.outputs.figures import COLUMNS
from mappe_servizi.releases import Release
from rdf import BASE, data_store

PREFIXES = f"""PREFIX mds: <{BASE}onto/MDS/>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
"""
FLAT = ("municipalityCode", "istatCode", "serviceCode", "serviceName", "indicatorName", "unitCode", "year",
        "isCurrent", "sourceLine")  # fmt: skip


@pytest.fixture(scope="module")
def figures(release: Release) -> pyarrow.Table:
    return pyarrow.parquet.read_table(release.path / "tables" / "figures.parquet")


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return data_store(release)


def observations(release: Release) -> list[dict[str, str]]:
    with (release.path / "csv" / "observations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_they_are_the_figures_of_the_tables(release: Release, figures: pyarrow.Table) -> None:
    assert tuple(figures.column_names) == COLUMNS
    rows = observations(release)
    assert figures["observation"].to_pylist() == [row["observation"] for row in rows]
    for column in ("municipality", "istat", "service", "title", "label", "group", "table", "unit", "counted",
                   "role", "periodKind", "raw", "status", "indicator", "sourceDocument",
                   "source"):  # fmt: skip
        assert [value or "" for value in figures[column].to_pylist()] == [row[column] for row in rows], column
    assert figures["year"].to_pylist() == [int(row["year"]) for row in rows]
    assert figures["sourceLine"].to_pylist() == [int(row["sourceLine"]) for row in rows]
    values = [float(row["value"]) if row["value"] else None for row in rows]
    assert figures["value"].to_pylist() == values
    assert {(t.as_py(), p.as_py()) for t, p in zip(figures["region"], figures["province"], strict=True)} == {
        ("Lombardia", "Cremona")
    }


def test_lists_hold_every_value_once(figures: pyarrow.Table) -> None:
    rows = [row for row in figures.to_pylist() if row["activities"]]
    assert len(rows) > 100
    assert any("rsa" in row["activities"] for row in rows)
    for row in figures.to_pylist():
        for column in ("activities", "audiences", "totalOf"):
            assert len(row[column]) == len(set(row[column]))
        assert bool(row["totalOf"]) <= (row["role"] in {"total", "subtotal"})


def test_a_figure_has_the_population_that_it_is_divided_by(figures: pyarrow.Table, store: Store) -> None:
    """The rows of what compares by decision 0055, found by another way than the build's."""
    divided = {row["observation"]: row for row in figures.to_pylist() if row["population"] is not None}
    assert len(divided) > 100
    stated = """SELECT ?town ?code ?year ?value {
        ?town mds:hasComparableFigure ?figure . ?figure mds:indicatorConcept ?concept ;
          <http://purl.org/linked-data/sdmx/2009/dimension#refPeriod> ?period ; sdmx-measure:obsValue ?value .
        BIND(STRAFTER(STR(?concept), "indicator-concept/") AS ?code)
        BIND(STRAFTER(STR(?period), "year/") AS ?year) }"""
    counted = {
        (row["code"].value, int(row["year"].value)): float(row["value"].value)
        for row in store.query(PREFIXES + stated)
    }
    sums: dict[tuple[str, int], float] = defaultdict(float)
    for row in divided.values():
        assert row["population"] == counted[row["denominator"], row["year"]]
        sums[row["indicatorConcept"], row["year"]] += row["value"]
    assert sums == {key: pytest.approx(counted[key]) for key in sums}
    assert not [row for row in divided.values() if row["denominator"] == "none"]


def test_every_figure_has_each_flat_fact_once(store: Store) -> None:
    for name in FLAT:
        query = f"""SELECT ?f (COUNT(?x) AS ?n) {{
            ?f a mds:YearlyFigure OPTIONAL {{ ?f mds:{name} ?x }} }} GROUP BY ?f"""
        counts = Counter(int(row["n"].value) for row in store.query(PREFIXES + query))
        assert set(counts) == {1}, name
    types = {
        str(row["t"])
        for row in store.query(PREFIXES + "SELECT DISTINCT (DATATYPE(?y) AS ?t) { ?f mds:year ?y }")
    }
    assert types == {"<http://www.w3.org/2001/XMLSchema#integer>"}


def test_three_patterns_answer_a_question_about_figures(store: Store, release: Release) -> None:
    """Before 2019, by service: what a filter on a gYear would silently leave empty."""
    query = """SELECT ?service (SUM(?value) AS ?sum) {
        ?figure mds:serviceCode ?service ; mds:year ?year ; mds:unitCode "count" ;
          sdmx-measure:obsValue ?value .
        FILTER(?year < 2019) } GROUP BY ?service"""
    found = {row["service"].value: float(row["sum"].value) for row in store.query(PREFIXES + query)}
    expected: dict[str, float] = defaultdict(float)
    for row in observations(release):
        if row["year"] == "2018" and row["unit"] == "count" and row["value"]:
            expected[row["service"].rpartition("/")[2]] += float(row["value"])
    assert found == pytest.approx(expected)


def test_counts_have_no_decimals(release: Release) -> None:
    values = [row["value"] for row in observations(release) if row["unit"] == "count"]
    assert len(values) > 1000
    assert not [value for value in values if "." in value and value.endswith("0")]


def test_what_a_finding_prints_and_expects_is_a_number_where_it_is_one(release: Release) -> None:
    with (release.path / "csv" / "quality.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["rule"], row["number"]): row for row in csv.DictReader(file)}
    assert rows["total-of-parts", "34"]["printed"] in {"21029", "21492"}
    for row in rows.values():
        if row["expected"]:
            assert float(row["printed"]) != float(row["expected"])
