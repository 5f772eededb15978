"""``/api/figures``: each answer is what the table of figures says, added up by hand; or it says why not."""

import csv
import io
import json
import re
import socket
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mappe_servizi.model.outputs.figures import ADDED, COLUMNS
from mappe_servizi.query.columnar.question import GROUPS, FiguresQuestion
from mappe_servizi.query.columnar.worker import ColumnarWorker
from mappe_servizi.query.worker import ResultWriter, UnreadableError
from mappe_servizi.releases import Release
from served import Served

Row = dict[str, Any]
KEYS = [name for name in GROUPS if name not in {"activity", "audience"}]
FILTERS = {
    "table": ["users", "outputs"], "unit": ["count", "EUR", "h"], "kind": ["public", "internal"],
    "periodKind": ["flow", "stock", "average", "flow,stock"], "year": ["2018", "2019,2020"],
    "service": ["asili-nido", "anziani,disabilita"], "role": ["item", "total", "item,breakdown"],
    "audience": ["pupils", "residents"], "activity": ["rsa"], "words": ["utenti", "BAMBINI", "città"],
    "province": ["Cremona", "Cremona,Lodi"], "region": ["Lombardia", "Molise"], "denominator": ["residents"],
    "indicatorConcept": ["nursery-children", "residents,residents-foreign"],
    "area": ["Servizi sociali"], "municipality": ["c_d150", "c_z999"], "serviceConcept": ["nursery"],
}  # fmt: skip


@pytest.fixture(scope="module")
def figures(release: Release) -> list[Row]:
    return pyarrow.parquet.read_table(release.path / "tables" / "figures.parquet").to_pylist()


@pytest.fixture(scope="module")
def asked(site: Served) -> Iterator[httpx.Client]:
    with site.client() as client:
        yield client


def get(client: httpx.Client, **parameters: str) -> httpx.Response:
    return client.get("/api/figures", params=parameters)


def rows(client: httpx.Client, **parameters: str) -> list[Row]:
    """All rows, page after page as the answer tells them."""
    answer, found = get(client, **parameters), []
    while True:
        assert answer.status_code == 200, answer.text
        document = answer.json()
        found += document["rows"]
        if document["next"] is None:
            assert len(found) == document["total"]
            return found
        answer = client.get(document["next"])


def folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def chosen(figures: Iterable[Row], parameters: dict[str, str], *, grouped: bool) -> list[Row]:
    """What the parameters mean, written anew."""
    found = [row for row in figures if row["current"]]
    for name, text in parameters.items():
        values = text.split(",")
        if name == "words":
            found = [
                row for row in found
                if all(folded(w) in folded(" ".join(filter(None, (row["title"], row["group"], row["label"]))))
                       for w in text.split())
            ]  # fmt: skip
        elif name in {"activity", "audience"}:
            column = {"activity": "activities", "audience": "audiences"}[name]
            found = [row for row in found if set(values) & set(row[column])]
        elif name == "service":
            found = [row for row in found if row[name].rsplit("/", 1)[-1] in values or row[name] in values]
        else:
            found = [row for row in found if str(row[name]) in values]
    if grouped and "role" not in parameters:
        found = [r for r in found if r["role"] == "item" or (r["role"] == "total" and not r["totalOf"])]
    return found


def once(found: list[Row]) -> list[Row]:
    there = {(row["indicator"], row["year"]) for row in found}
    return [row for row in found if (row["repeats"], row["year"]) not in there]


def test_the_figures_are_those_of_the_table(asked: httpx.Client, figures: list[Row]) -> None:
    found = rows(asked)
    assert len(found) == len(figures) == 1968
    by_iri = {row["observation"]: row for row in figures}
    for row in found:
        wanted = {k: v for k, v in by_iri[row["observation"]].items() if v is not None and v != []}
        assert row == wanted | ({"value": round(wanted["value"], 6)} if "value" in wanted else {})
    assert any(row.get("value") == 204 and isinstance(row["value"], int) for row in found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    filters=st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in FILTERS.items()}),
    by=st.lists(st.sampled_from(KEYS), min_size=0, max_size=3, unique=True),
    measure=st.sampled_from(["sum", "mean", "min", "max", "count"]),
)
def test_groups_are_what_is_added_up_by_hand_or_refused_for_the_same_reason(
    asked: httpx.Client, figures: list[Row], filters: dict[str, str], by: list[str], measure: str
) -> None:
    selected = once(chosen(figures, filters, grouped=True))
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in selected:
        groups[tuple(row[name] for name in by)].append(row)
    parameters = filters | {"measure": measure} | ({"by": ",".join(by)} if by else {})
    answer = get(asked, **parameters)
    mixed = any(len({r["unit"] for r in g if r["value"] is not None}) > 1 for g in groups.values())
    adding = measure == "sum"
    stocks = adding and any(
        any(r["periodKind"] == "stock" for r in g) and len({r["year"] for r in g}) > 1
        for g in groups.values()
    )
    averages = adding and any(
        any(r["periodKind"] == "average" for r in g) and sum(r["value"] is not None for r in g) > 1
        for g in groups.values()
    )
    if mixed or stocks or averages:
        assert answer.status_code == 400, answer.text
        assert answer.json()["type"].endswith("#incomparable")
        return
    functions = {"sum": sum, "mean": lambda v: sum(v) / len(v), "min": min, "max": max, "count": len}
    wanted = {}
    for key, group in groups.items():
        values = [row["value"] for row in group if row["value"] is not None]
        value = functions[measure](values) if values or measure == "count" else None
        wanted[key] = (value, len(values), len(group) - len(values))
    found = {
        tuple(row.get(name) for name in by): (row.get("value"), row["figures"], row["missing"])
        for row in rows(asked, **parameters)
    }
    assert found == {k: (pytest.approx(v[0], abs=1e-5), *v[1:]) for k, v in wanted.items()}


def test_what_repeats_another_row_counts_once(asked: httpx.Client, figures: list[Row]) -> None:
    leaves = {row["indicator"] for row in chosen(figures, {}, grouped=True) if row["value"] is not None}
    repeated = next(
        row for row in figures
        if row["current"] and {row["repeats"], row["indicator"]} <= leaves and row["value"] is not None
    )  # fmt: skip
    both = [repeated["repeats"], repeated["indicator"]]
    alone = rows(asked, indicator=repeated["indicator"], by="year")
    together = rows(asked, indicator=",".join(both), by="year")
    first = rows(asked, indicator=repeated["repeats"], by="year")
    assert [row["value"] for row in together] == [row["value"] for row in first]
    assert alone
    assert get(asked, indicator=",".join(both), by="year").json()["repeated"] > 0


def test_a_change_is_between_the_same_rows(asked: httpx.Client, figures: list[Row]) -> None:
    found = rows(asked, measure="change", by="service,unit", table="users", **{"from": "2019", "to": "2020"})
    selected = once(chosen(figures, {"table": "users"}, grouped=True))
    by_indicator: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in selected:
        if row["value"] is not None:
            by_indicator[row["indicator"]][row["year"]] = row
    wanted: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0])
    for years in by_indicator.values():
        if {2019, 2020} <= years.keys():
            sums = wanted[years[2019]["service"], years[2019]["unit"]]
            sums[0] += years[2019]["value"]
            sums[1] += years[2020]["value"]
    assert {(r["service"], r["unit"]): [r["from"], r["to"]] for r in found} == {
        key: pytest.approx(sums) for key, sums in wanted.items()
    }
    liberi = rows(
        asked, measure="change", by="label", words="liberi cittadini", **{"from": "2018", "to": "2020"}
    )
    assert {"from": 41856, "to": 6323, "change": -35533}.items() <= liberi[0].items()  # line 1911


def test_rates_are_those_by_which_municipalities_compare(asked: httpx.Client) -> None:
    found = rows(asked, measure="perThousand", by="municipality,indicatorConcept,year")
    compared = asked.get("/api/towns", params={"limit": "10000"}).json()["rows"]
    wanted = {
        (row["municipality"], row["concept"], row["year"]): (
            row["perThousand"],
            row["value"],
            row["population"],
        )
        for row in compared
        if row["perThousand"] is not None
    }
    assert len(wanted) > 100
    assert {
        (row["municipality"], row["indicatorConcept"], row["year"]): (
            row["value"], row["total"], row["population"]
        )
        for row in found
    } == wanted  # fmt: skip
    assert {row["denominator"] for row in found} > {"residents", "employees"}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"by": "indicatorConcept"}, "of one shared indicator and one year"),
        ({"by": "year", "unit": "count"}, "of one shared indicator and one year"),
        ({"by": "year", "service": "informagiovani"}, "no shared indicator"),
        ({"by": "year", "indicatorConcept": "residents"}, "nobody to divide them by"),
        ({"by": "year", "denominator": "residents-65-and-over"}, "residents-65-and-over is not known"),
        ({"by": "year", "indicatorConcept": "traffic-sanctions"}, "not divided by residents"),
        ({"by": "year", "indicatorConcept": "residents", "format": "csv"}, "nobody to divide them by"),
        ({"by": "year", "indicatorConcept": "residents", "page": "2"}, "nobody to divide them by"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_divided_says_why(asked: httpx.Client, parameters: dict[str, str], said: str) -> None:
    answer = get(asked, measure="perThousand", **parameters)
    assert answer.status_code == 400, answer.text
    assert answer.json()["type"].endswith("#incomparable")
    assert said in answer.json()["detail"]


def test_nothing_that_is_chosen_is_nothing_that_is_divided(asked: httpx.Client) -> None:
    assert rows(asked, measure="perThousand", by="year", municipality="c_z999") == []


@pytest.mark.parametrize(
    ("sort", "parameters"),
    [
        ("-value", {"by": "title,year", "unit": "count", "table": "users"}),
        ("value,-title", {"by": "title,year", "unit": "count", "table": "users"}),
        ("-figures", {"by": "area", "unit": "count", "year": "2020"}),
        ("-percent,service", {"by": "service", "measure": "change", "unit": "count", "table": "users"}),
        ("-year,value", {"table": "users"}),
        ("-group,label", {"service": "asili-nido,anziani"}),
    ],
)
def test_rows_are_sorted_page_after_page(asked: httpx.Client, sort: str, parameters: dict[str, str]) -> None:
    plain = rows(asked, **parameters)
    wanted = plain
    for one in reversed(sort.split(",")):
        name = one.removeprefix("-")
        there = [row for row in wanted if name in row]
        there.sort(key=lambda row, n=name: row[n], reverse=one.startswith("-"))
        wanted = [*there, *(row for row in wanted if name not in row)]
    assert wanted != plain
    assert rows(asked, **parameters, sort=sort, limit="7") == wanted


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"measure": "sum"}, "group by unit, or choose one (unit=)"),
        ({"by": "service", "periodKind": "stock", "unit": "count"}, "is not added up over 3 years"),
        ({"by": "year", "periodKind": "average", "unit": "h"}, "ask for measure=mean"),
        ({"by": "colour"}, "by must be some of municipality"),
        ({"measure": "median"}, "measure must be one of sum"),
        ({"year": "19.5"}, "years with commas between them"),
        ({"year": "99999"}, "years with commas between them"),
        ({"sort": "colour"}, "sort must be some of municipality"),
        ({"sort": "audiences"}, "not 'audiences'"),
        ({"sort": "label", "by": "year"}, "sort must be some of year, value, figures, missing, each with"),
        ({"sort": "value; DROP TABLE figures"}, "sort must be some of"),
        ({"sort": "--value"}, "not '-value'"),
        ({"sort": "-value", "order": "largest", "by": "year"}, "not given together"),
        ({"from": "1" * 400, "to": "2020", "measure": "change"}, "a number from 1000 to 9999"),
        ({"from": "2019"}, "from and to are given together"),
        ({"measure": "change", "from": "2020", "to": "2019"}, "from must be a year before to"),
        ({"measure": "change", "by": "year"}, "by must be without year"),
        ({"from": "2018", "to": "2019"}, "of measure=change"),
        ({"order": "largest"}, "of groups"),
        ({"everyEdition": "yes"}, "must be true or false"),
        ({"colour": "red"}, "there is no parameter 'colour'"),
        ({"unit": ","}, "values with commas"),
        ({"unit": ",".join(map(str, range(60)))}, "up to 50 values"),
        ({"words": "a " * 20}, "up to 8 words"),
    ],
    ids=str,
)
def test_what_is_not_answered_says_why(asked: httpx.Client, parameters: dict[str, str], said: str) -> None:
    answer = get(asked, **parameters)
    assert answer.status_code == 400, answer.text
    assert said in answer.json()["detail"]


@pytest.mark.adversary
@pytest.mark.parametrize(
    "name",
    [
        "unit",
        "service",
        "indicator",
        "activity",
        "words",
        "area",
        "province",
        "region",
        "denominator",
        "indicatorConcept",
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        "'",
        '"',
        "'; DROP TABLE figures; --",
        "$f_unit",
        "read_csv('/etc/passwd')",
        "\\",
        "%",
        "☐\U0001f600",
        "\x01",
    ],
)
def test_a_value_is_never_a_part_of_the_question(asked: httpx.Client, name: str, value: str) -> None:
    answer = get(asked, **{name: value})
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] < 1968
    if name != "words":  # titles have quotes
        assert answer.json()["total"] == 0
    assert get(asked, limit="1").json()["total"] == 1968


def test_every_format_has_the_same_rows(asked: httpx.Client) -> None:
    parameters = {"by": "title,year", "table": "users", "unit": "count"}
    wanted = rows(asked, **parameters)
    columns = ["title", "year", "value", "figures", "missing", "units", "counted_things"]
    for suffix, delimiter in (("csv", ","), ("tsv", "\t")):
        answer = asked.get(f"/api/figures.{suffix}", params=parameters)
        assert answer.status_code == 200
        assert "header=present" in answer.headers["content-type"]
        found = list(csv.DictReader(io.StringIO(answer.text, newline=""), delimiter=delimiter))
        assert [*found[0]] == columns
        assert [(r["title"], int(r["year"]), float(r["value"] or "nan")) for r in found] == [
            (r["title"], r["year"], pytest.approx(r.get("value", float("nan")), nan_ok=True)) for r in wanted
        ]
    answer = asked.get(
        "/api/figures", params=parameters, headers={"accept": "application/vnd.apache.parquet"}
    )
    table = pyarrow.parquet.read_table(pyarrow.BufferReader(answer.content))
    assert table.column_names == columns
    assert table.num_rows == len(wanted)
    whole = asked.get("/api/figures.parquet")
    assert pyarrow.parquet.read_table(pyarrow.BufferReader(whole.content)).column_names == list(COLUMNS)
    lines = asked.get("/api/figures.csv").text.count("\r\n")
    assert lines == 1 + 1968  # whole, unless a page is asked for
    assert asked.get("/api/figures.csv", params={"limit": "10"}).text.count("\r\n") == 11
    assert asked.get("/api/figures", params={"format": "xlsx"}).status_code == 406
    assert asked.get("/api/figures.xlsx").status_code == 404
    assert get(asked, page="3", limit="1000").status_code == 404


def test_the_answer_is_kept_and_described(asked: httpx.Client) -> None:
    answer = get(asked, by="year", table="users", unit="count")
    again = asked.get(answer.url, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    described = asked.get("/api/openapi.json").json()["paths"]["/api/figures"]["get"]
    names = {parameter["name"] for parameter in described["parameters"]}
    schemas = {parameter["name"]: parameter["schema"] for parameter in described["parameters"]}
    assert all("type" in one or "anyOf" in one or "enum" in one for one in schemas.values())
    assert re.fullmatch(schemas["by"]["pattern"], "municipality,year")
    assert not re.search(schemas["by"]["pattern"], "colour")
    assert re.fullmatch(schemas["sort"]["pattern"], "-value,year")
    assert schemas["measure"]["enum"][-1] == "perThousand"
    assert {"municipality", "serviceConcept", "by", "measure", "from", "to", "everyEdition", "limit"} <= names
    assert described["responses"]["200"]["content"].keys() >= {"application/json", "text/csv"}


def test_users_of_a_year_are_what_three_patterns_of_sparql_give(asked: httpx.Client) -> None:
    query = """PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
        PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
        SELECT (SUM(?v) AS ?n) { ?f mds:serviceCode "asili-nido" ; mds:year 2019 ; mds:unitCode "count" ;
          sdmx-measure:obsValue ?v ; mds:isCurrent true ; mds:ofIndicator ?i . ?i a mds:UserIndicator ;
          mds:indicatorRole <https://w3id.org/mappe-servizi/controlled-vocabulary/indicator-role/item> }"""
    answer = asked.post(
        "/sparql", data={"query": query}, headers={"accept": "application/sparql-results+json"}
    )
    wanted = float(answer.json()["results"]["bindings"][0]["n"]["value"])
    parameters = {"service": "asili-nido", "year": "2019", "unit": "count", "table": "users", "role": "item"}
    assert rows(asked, **parameters, by="service")[0]["value"] == wanted


@pytest.mark.adversary
def test_a_worker_reads_nothing_but_the_tables(release: Release) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = ColumnarWorker(theirs, 1 << 30, Path(release.path) / "tables")
        output = ResultWriter(theirs, 1 << 20)
        for text in (
            "SELECT * FROM read_csv('/etc/passwd')",
            "COPY figures TO '/tmp/figures.csv'",
            "ATTACH '/tmp/other.db' AS other",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
        ):
            job = {"values": {}, "columns": [], "rows": text, "wrong": None, "undivided": None}
            with pytest.raises(RuntimeError):
                worker.evaluate({"query": json.dumps(job), "format": "csv"}, output)


def test_a_release_of_before_a_column_answers_without_it(figures: list[Row], tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    older = pyarrow.Table.from_pylist(figures).drop_columns([*ADDED])
    pyarrow.parquet.write_table(older, tmp_path / "tables" / "figures.parquet")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = ColumnarWorker(theirs, 1 << 30, tmp_path / "tables")
        output = ResultWriter(theirs, 1 << 20)
        figure = {"query": FiguresQuestion(limit=1).job(), "format": "json"}
        worker.evaluate(figure, output)
        assert figures[0]["observation"].encode() in output.buffer
        rate = FiguresQuestion(by=["year"], measure="perThousand", limit=1)
        with pytest.raises(UnreadableError, match="no shared indicator"):
            worker.evaluate({"query": rate.job(), "format": "json"}, output)
