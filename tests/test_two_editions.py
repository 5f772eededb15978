"""Two editions of one municipality: one registry, one current figure a year, pages that say which holds."""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store

import later_edition as later
from helpers import ROOT, mappe
from served import serve

BASE = "https://w3id.org/mappe-servizi/"
PREFIXES = f"""PREFIX mds: <{BASE}onto/MDS/> PREFIX l0: <https://w3id.org/italia/onto/l0/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX dct: <http://purl.org/dc/terms/> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#> """
FOLDER = "cremona"
"""Its folder is not named as its IPA code."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("editions") / "data"
    shutil.copytree(ROOT / "data", data)
    town = (data / "municipalities" / "c_d150").rename(data / "municipalities" / FOLDER)
    later.add_edition(town)
    later.complete(data)
    return data


@pytest.fixture(scope="module")
def built(data: Path) -> Path:
    link = data.parent / "build"
    done = mappe("build", "--data", data, "--output", link)
    assert done.returncode == 0, done.stderr
    return link


@pytest.fixture(scope="module")
def store(built: Path) -> Iterator[Store]:
    store = Store.read_only(str(built / "store"))
    yield store
    del store


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[httpx.Client]:
    with serve("--release", built) as served, served.client() as client:
        client.headers["accept"] = "text/html"
        yield client


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(PREFIXES + query)
    return [tuple(term.value.removeprefix(BASE) if term else "" for term in row) for row in found]  # type: ignore[union-attr]


def table(built: Path, name: str) -> list[dict[str, str]]:
    with (built / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_both_are_built_and_valid(built: Path) -> None:
    assert mappe("validate", "--release", built).returncode == 0
    assert {p.name for p in (built / "dump").glob("c_d150-*.ttl")} == {"c_d150-2020.ttl", "c_d150-2021.ttl"}
    editions = Counter(row["edition"] for row in table(built, "services"))
    assert editions == {"2020": 73, "2021": 73}


def test_a_service_keeps_its_slug_under_another_title(store: Store, built: Path) -> None:
    slug, old, new = later.RENAMED
    service = f"{BASE}data/public-service/c_d150/{slug}"
    assert rows(store, f"SELECT ?n {{ <{service}> l0:name ?n }}") == [(new,)]
    titles = [(r["edition"], r["title"]) for r in table(built, "services") if r["service"] == service]
    assert titles == [("2020", old), ("2021", new)]


def test_a_number_of_a_dropped_service_is_another_service(store: Store) -> None:
    query = """SELECT ?s ?y ?last { ?m mds:indexNumber 4 ; mds:describesService ?s ; mds:edition ?y .
      ?s mds:lastStatedIn ?last } ORDER BY ?y"""
    assert rows(store, query) == [
        (f"data/public-service/c_d150/{later.DROPPED}", "2020", "2020"),
        (f"data/public-service/c_d150/{later.ADDED[0]}", "2021", "2021"),
    ]


def test_of_every_figure_one_is_current(store: Store) -> None:
    twice = """SELECT ?i ?y (COUNT(*) AS ?n) { ?f mds:isCurrent true ; mds:ofIndicator ?i ;
      sdmx-dimension:refPeriod ?y } GROUP BY ?i ?y HAVING(?n != 1)"""
    assert rows(store, twice) == []
    none = """SELECT ?f { ?f mds:ofIndicator ?i ; sdmx-dimension:refPeriod ?y .
      FILTER NOT EXISTS { ?g mds:isCurrent true ; mds:ofIndicator ?i ; sdmx-dimension:refPeriod ?y } }"""
    assert rows(store, none) == []
    replaced = "SELECT ?f { ?f mds:isCurrent true . ?g dct:replaces ?f }"
    assert rows(store, replaced) == []


def test_current_figures_are_a_series_of_both_editions(store: Store) -> None:
    indicator = f"{BASE}data/output-indicator/c_d150/{later.SERVICE}/n-interventi-sinistri-senza-feriti"
    query = f"""SELECT ?y ?v {{ ?f mds:ofIndicator <{indicator}> ; mds:isCurrent true ;
      sdmx-dimension:refPeriod ?y ; sdmx-measure:obsValue ?v }} ORDER BY ?y"""
    found = [(year.rsplit("/", 1)[1], value) for year, value in rows(store, query)]
    assert found == [("2018", "373"), ("2019", "467"), ("2020", "339"), ("2021", "339")]


def test_a_revised_figure_replaces_the_older_one(store: Store) -> None:
    slug, year, old, new = later.REVISED
    measured = f"{BASE}data/measurement/c_d150/{{}}/{later.SERVICE}/outputs-{slug}/{year}"
    first, second = measured.format(2020), measured.format(2021)
    query = "SELECT ?v ?c {{ <{}> sdmx-measure:obsValue ?v ; mds:isCurrent ?c }}"
    assert rows(store, query.format(first)) == [(str(old), "false")]
    assert rows(store, query.format(second)) == [(str(new), "true")]
    links = f"SELECT ?p {{ <{second}> ?p <{first}> FILTER(?p IN (dct:replaces, prov:wasRevisionOf)) }}"
    assert len(rows(store, links)) == 2
    same = (
        f"{BASE}data/measurement/c_d150/2021/{later.SERVICE}/outputs-n-interventi-sinistri-senza-feriti/2020"
    )
    assert rows(store, f"SELECT ?o {{ <{same}> prov:wasRevisionOf ?o }}") == []
    assert len(rows(store, f"SELECT ?o {{ <{same}> dct:replaces ?o }}")) == 1


def test_a_number_outlives_a_newer_unknown_with_a_finding(store: Store) -> None:
    slug, year, value = later.UNKNOWN
    measured = f"{BASE}data/measurement/c_d150/{{}}/{later.SERVICE}/outputs-{slug}/{year}"
    query = "SELECT ?c {{ <{}> mds:isCurrent ?c }}"
    assert rows(store, query.format(measured.format(2020))) == [("true",)]
    assert rows(store, query.format(measured.format(2021))) == [("false",)]
    assert rows(store, f"SELECT ?o {{ <{measured.format(2021)}> dct:replaces ?o }}") == []
    rule = f"<{BASE}controlled-vocabulary/quality-rule/no-longer-known>"
    found = rows(store, f"SELECT ?q ?e {{ GRAPH ?g {{ ?q mds:foundByRule {rule} ; mds:expectedText ?e }} }}")
    assert found == [(f"data/finding/c_d150/2021/no-longer-known-1-outputs-9-{year}", str(value))]


def test_what_lives_over_editions_has_one_name(store: Store) -> None:
    classes = "mds:MunicipalService mds:UserSegment mds:ServiceIndicator mds:ServiceArea"
    for property in ("l0:name", "rdfs:label", "l0:description"):
        query = f"""SELECT ?s {{ VALUES ?c {{ {classes} }} ?s a ?c ; {property} ?a, ?b
          FILTER(LANG(?a) = LANG(?b) && STR(?a) < STR(?b)) }}"""
        assert rows(store, query) == [], property


def test_the_tables_say_which_figures_are_current(built: Path) -> None:
    current = [r for r in table(built, "observations") if r["current"] == "true"]
    assert max(Counter((r["indicator"], r["year"]) for r in current).values()) == 1
    assert {r["edition"] for r in current} == {"2020", "2021"}
    assert {r["current"] for r in table(built, "observations")} == {"true", "false"}


def test_the_page_of_a_service_shows_what_holds_of_both(client: httpx.Client) -> None:
    shown = page(client, f"/page/public-service/c_d150/{later.SERVICE}")
    years = re.findall(r'<th scope="col" class="numeric">(\d{4})</th>', shown)
    assert years[:4] == ["2018", "2019", "2020", "2021"]
    slug, year, _, _ = later.REVISED
    figure = f"/page/measurement/c_d150/{{}}/{later.SERVICE}/outputs-{slug}/{year}"
    assert figure.format(2021) in shown
    assert figure.format(2020) not in shown
    both = re.findall(r"<strong[^\n]*>\s*Sicurezza stradale\s*<", shown)
    assert len(both) == 1  # an element that both editions state
    assert "?edition=2020" in shown
    old = page(client, f"/page/public-service/c_d150/{later.SERVICE}?edition=2020")
    assert figure.format(2020) in old
    assert figure.format(2021) not in old
    assert "2021</th>" not in old


def test_the_page_of_a_dropped_service_says_where_it_was_last_stated(client: httpx.Client) -> None:
    shown = page(client, f"/page/public-service/c_d150/{later.DROPPED}?lang=it")
    assert "non nominano più questo servizio" in shown
    assert "2020." in shown
    assert "non nominano" not in page(client, f"/page/public-service/c_d150/{later.ADDED[0]}?lang=it")


def test_the_page_of_a_superseded_figure_leads_to_the_one_that_holds(client: httpx.Client) -> None:
    slug, year, old, new = later.REVISED
    measured = f"/page/measurement/c_d150/{{}}/{later.SERVICE}/outputs-{slug}/{year}"
    shown = page(client, measured.format(2020))
    assert measured.format(2021) in shown
    assert str(new) in shown
    assert str(old) in page(client, measured.format(2021))


def test_a_changed_provider_is_the_current_one(client: httpx.Client) -> None:
    shown = page(client, "/page/public-service/c_d150/disabilita")
    assert later.PROVIDER[1].rsplit(" ", 1)[1] in shown
    assert "Arcoiris" not in shown


def test_old_addresses_answer(client: httpx.Client) -> None:
    for path in ("finding/c_d150/total-of-parts-34-users-2-2018", "correction/c_d150/c050"):
        answer = client.get(f"/data/{path}")
        assert answer.status_code == 301
        assert "/2020/" in answer.headers["location"]


def test_two_towns_with_two_editions_each_are_built_alike_in_one_process_or_two(
    data: Path, tmp_path: Path
) -> None:
    both = tmp_path / "data"
    shutil.copytree(data, both)
    second = both / "municipalities" / "second"
    shutil.copytree(both / "municipalities" / FOLDER, second)
    toml = second / "municipality.toml"
    toml.write_text(toml.read_text("utf-8").replace('ipa = "c_d150"', 'ipa = "c_z999"'), "utf-8")
    later.complete(both)
    dumps = []
    for jobs in ("1", "2"):
        link = tmp_path / jobs
        done = mappe("build", "--data", both, "--output", link, "--jobs", jobs)
        assert done.returncode == 0, done.stderr
        dumps.append((link / "dump" / "mappe-servizi.nq").read_bytes())
    assert dumps[0] == dumps[1]
    assert mappe("validate", "--release", tmp_path / "1").returncode == 0
    current = [r for r in table(tmp_path / "1", "observations") if r["current"] == "true"]
    assert max(Counter((r["indicator"], r["year"]) for r in current).values()) == 1
    assert {(r["municipality"], r["edition"]) for r in table(tmp_path / "1", "services")} == {
        (ipa, edition) for ipa in ("c_d150", "c_z999") for edition in ("2020", "2021")
    }


def test_the_layout_of_before_is_refused_with_what_to_do(data: Path, tmp_path: Path) -> None:
    old = tmp_path / "data" / "municipalities" / "c_d150"
    old.mkdir(parents=True)
    (old / "municipality.toml").write_text(
        'ipa = "c_d150"\nistat = "019036"\nname = "Comune"\n[document]\nfile = "d.txt"\nedition = 2020\n',
        "utf-8",
    )
    done = mappe("build", "--data", tmp_path / "data", "--output", tmp_path / "link")
    assert done.returncode == 1
    assert "[document] belongs to an edition" in done.stderr
    assert "move_to_editions.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newer_edition_does_not_bring_back_a_redacted_figure(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    columns, row = "kind,service,table,label,year,reason,decided", f"figure,{later.SERVICE},outputs"
    (copy / "municipalities" / FOLDER / "redactions.csv").write_text(
        f"{columns}\n{row},n. totale interventi incidentalità,2020,error,2026-11-28\n", "utf-8"
    )
    done = mappe("build", "--data", copy, "--output", tmp_path / "link")
    assert done.returncode == 0, done.stderr
    slug, year, *_ = later.REVISED
    rows_ = [
        r for r in table(tmp_path / "link", "observations") if f"outputs-{slug}/{year}" in r["observation"]
    ]
    assert {(r["edition"], r["status"], r["value"]) for r in rows_} == {
        ("2020", "suppressed", ""),
        ("2021", "suppressed", ""),
    }
