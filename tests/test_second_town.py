"""An instance of another town, alone and beside Cremona: each has what is its own."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from helpers import ROOT, Tell, mappe
from mappe_servizi.releases import Release
from second_town import IPA, ISTAT, NAME, RESIDENTS, write_town
from served import Served, serve

BASE, CANONICAL = "https://dati.comune.example.it/mappe/", "https://w3id.org/mappe-servizi/"


def build(place: Path, ledger: Path, *, with_cremona: bool) -> Path:
    """An instance's build; it has no violation that is not its own."""
    municipalities = place / "data" / "municipalities"
    write_town(municipalities, ledger)
    if with_cremona:
        shutil.copytree(ROOT / "data" / "municipalities" / "c_d150", municipalities / "c_d150")
        shutil.copytree(ROOT / "data" / "providers", place / "data" / "providers")
    publisher = f'publisher-name = "{NAME}"\npublisher-identifier = "{IPA}"\ncontact-email = "a@example.it"\n'
    (place / "mappe.toml").write_text(f'base-uri = "{BASE}"\n{publisher}', encoding="utf-8")
    mappe("identifiers", cwd=place)
    built = mappe("build", cwd=place)
    assert built.returncode == 0, built.stderr
    validated = mappe("validate", cwd=place)
    assert validated.returncode == 0, validated.stdout
    return place / "build" / "current"


@pytest.fixture(scope="module")
def alone(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("town")
    return build(place, release.path / "report" / "ledger.csv", with_cremona=False)


@pytest.fixture(scope="module")
def both(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("towns")
    return build(place, release.path / "report" / "ledger.csv", with_cremona=True)


def iris(build: Path) -> set[str]:
    quads = parse(path=build / "dump" / "mappe-servizi.nq", format=RdfFormat.N_QUADS)
    terms = (term for quad in quads for term in (quad.subject, quad.predicate, quad.object, quad.graph_name))
    return {term.value for term in terms if isinstance(term, NamedNode)}


EXAMPLE = "<http://www.w3.org/2004/02/skos/core#example>"
"""What the ontology, which is one for all, shows of the canonical instance."""


def test_an_instance_without_cremona_has_no_data_of_it(alone: Path) -> None:
    with (alone / "dump" / "mappe-servizi.nq").open(encoding="utf-8") as quads:
        assert [line for line in quads if "c_d150" in line and line.split(" ", 2)[1] != EXAMPLE] == []
    assert not [iri for iri in iris(alone) if "c_d150" in iri and "/data/" in iri]
    assert not [iri for iri in iris(alone) if "service-area-c_d150" in iri]
    for path in (*(alone / "csv").glob("*.csv"), *(alone / "report").glob("*.csv")):
        assert "c_d150" not in path.read_text(encoding="utf-8"), path.name


def test_data_stand_under_the_instance_s_base_and_knowledge_under_its_own(alone: Path) -> None:
    found = iris(alone)
    assert f"{BASE}data/public-service/{IPA}/asili-nido" in found
    assert f"{BASE}controlled-vocabulary/service-area-{IPA}" in found
    assert f"{CANONICAL}onto/MDS/UserSegment" in found
    assert not [
        iri for iri in found if iri.startswith((f"{BASE}onto/", f"{BASE}controlled-vocabulary/audience"))
    ]
    ours = {iri.removeprefix(CANONICAL).split("/")[0] for iri in found if iri.startswith(CANONICAL)}
    assert ours <= {"onto", "controlled-vocabulary", "data", "schema", "shapes"}
    assert {iri for iri in found if iri.startswith(f"{CANONICAL}data/")} <= {
        f"{CANONICAL}data/organization/mappe-servizi"
    }


def test_two_towns_stand_side_by_side(both: Path, release: Release) -> None:
    lines = (both / "csv" / "observations.csv").read_text(encoding="utf-8").splitlines()
    cremona = (release.path / "csv" / "observations.csv").read_text(encoding="utf-8").splitlines()
    mine = [line.replace(BASE, CANONICAL) for line in lines if line.startswith("c_d150,")]
    assert mine == cremona[1:]
    assert [line for line in lines if line.startswith(f"{IPA},")]


def test_two_towns_compare_without_words(both: Path, tell: Tell) -> None:
    """By territory, year and shared indicator alone; no label of any map is looked at."""
    asked = mappe(
        "query", "compare-municipalities", "--release", both, "--format", "csv", cwd=both.parents[1]
    )
    assert asked.returncode == 0, asked.stderr
    figures: dict[str, dict[tuple[str, str], str]] = {}
    for row in csv.DictReader(asked.stdout.splitlines()):
        figures.setdefault(row["area"], {})[row["concept"], row["year"]] = row["value"]
    assert [area.rsplit("/", 1)[-1][:6] for area in sorted(figures)] == [ISTAT, "019036"]
    crema, cremona = (figures[area] for area in sorted(figures))
    concepts = {concept for concept, _ in crema.keys() & cremona.keys()}
    tell(f"shared indicators on which two towns compare: {len(concepts)}; of Cremona: {len(cremona)} figures")
    assert len(concepts) >= 20
    meals = next(concept for concept in concepts if concept.endswith("/school-meals-served"))
    years = {year: value for (concept, year), value in crema.items() if concept == meals}
    assert years == {"2018": "542093", "2019": "546176"}  # 896 + 989 + 1102


def test_a_release_has_an_address_of_its_own(both: Path, tmp_path: Path) -> None:
    instance = both.parents[1]
    done = mappe("build", "--base-uri", CANONICAL, "--output", tmp_path / "current", cwd=instance)
    assert done.returncode == 0, done.stderr
    refused = mappe("release", "--release", tmp_path / "current", "--releases", tmp_path / "r", cwd=instance)
    assert refused.returncode == 1
    assert "an address of its own" in refused.stderr
    own = mappe("release", "--releases", tmp_path / "r", cwd=instance)
    assert own.returncode == 0, own.stderr


@pytest.fixture(scope="module")
def served(both: Path) -> Iterator[Served]:
    with serve("--release", both) as server:
        yield server


def test_they_compare_per_thousand_residents(served: Served) -> None:
    """By the population table where a town has one, by the map's own row where not."""
    asked = httpx.get(f"{served.url}/api/towns", params={"concept": "identity-cards"}).json()["rows"]
    told = {(row["municipality"], row["year"]): row for row in asked}
    cremona, crema = told["c_d150", 2020], told[IPA, 2020]
    assert (cremona["population"], crema["population"]) == (71400, RESIDENTS[2020])  # line 652; the table
    assert crema["value"] == cremona["value"]
    assert crema["perThousand"] == pytest.approx(crema["value"] / RESIDENTS[2020] * 1000, abs=1e-6)
    assert crema["en"].endswith(" per 1,000 residents (34,144).")
    assert crema["place"] is None  # two are too few
    for path in ("/api/towns.csv?concept=identity-cards", "/api/towns.tsv", "/api/towns.xlsx"):
        assert httpx.get(f"{served.url}{path}").status_code == 200
    for wrong in ("municipality=c d", "concept=<x>", "kind=x"):
        assert httpx.get(f"{served.url}/api/towns?{wrong}").status_code == 400


def test_a_region_s_rate_is_of_the_towns_that_state_it(served: Served) -> None:
    asked = {"measure": "perThousand", "indicatorConcept": "identity-cards", "by": "region,year"}
    found = {row["year"]: row for row in httpx.get(f"{served.url}/api/figures", params=asked).json()["rows"]}
    towns = httpx.get(f"{served.url}/api/towns", params={"concept": "identity-cards"}).json()["rows"]
    for year in (2018, 2019, 2020):
        mine = [row for row in towns if row["year"] == year and row["population"]]
        total, population = (sum(row[name] for row in mine) for name in ("value", "population"))
        assert found[year]["municipalities"] == len(mine) == 2
        assert (found[year]["total"], found[year]["population"]) == (total, population)
        assert found[year]["value"] == pytest.approx(1000 * total / population, abs=1e-6)


def test_a_page_puts_them_side_by_side(served: Served) -> None:
    page = httpx.get(f"{served.url}/explore/towns")
    assert page.status_code == 200
    assert "ogni 1.000 residenti" in page.text
    rows = httpx.get(f"{served.url}/explore/towns?format=json").json()["rows"]
    cards = next(row for row in rows if row["concept"] == "identity-cards")
    assert (cards["population"], cards["withPopulation"]) == (RESIDENTS[2020], 71400)
    assert cards["perThousand"] > cards["withPerThousand"]
    assert cards["changePercent"] == cards["withChangePercent"] < 0
    swapped = {"town": f"{BASE}data/municipality/c_d150", "with": f"{BASE}data/municipality/{IPA}"}
    other = httpx.get(f"{served.url}/explore/towns", params={**swapped, "format": "json"}).json()["rows"]
    assert {row["municipality"] for row in other} == {"c_d150"}
    concept = httpx.get(
        f"{served.url}/controlled-vocabulary/indicator-concept/identity-cards?lang=en",
        headers={"accept": "text/html"},
    )
    assert "per 1,000 residents (34,144)" in concept.text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/page/public-service/{IPA}/asili-nido", "Asili nido"),
        (f"/page/municipality/{IPA}", NAME),
        ("/onto/MDS.ttl", f"<{CANONICAL}onto/MDS>"),
        ("/onto/MDS/UserSegment.ttl", f"<{CANONICAL}onto/MDS/UserSegment>"),
        ("/controlled-vocabulary/audience-group.ttl", f"<{CANONICAL}controlled-vocabulary/audience-group>"),
        (
            f"/controlled-vocabulary/service-area-{IPA}.ttl",
            f"<{BASE}controlled-vocabulary/service-area-{IPA}>",
        ),
        ("/", "Comune di Cremona"),
        ("/catalogue.ttl", f"<{BASE}catalogue>"),
        ("/.well-known/void", f"{BASE}data/"),
    ],
)
def test_both_spaces_answer(served: Served, path: str, said: str) -> None:
    answer = httpx.get(served.url + path, follow_redirects=True)
    assert answer.status_code == 200, path
    text = answer.text
    prefixes = {
        line.split()[1]: line.split()[2].strip("<>")
        for line in text.splitlines()
        if line.startswith("@prefix")
    }
    written = {
        said,
        *(
            f"{name}{said[1:-1].removeprefix(iri)}"
            for name, iri in prefixes.items()
            if said[1:-1].startswith(iri)
        ),
    }
    assert any(form in text for form in written), path


def test_a_page_links_to_terms_on_its_own_host(served: Served) -> None:
    other = httpx.get(f"{served.url}/page/public-service/{IPA}/asili-nido?view=all")
    assert 'href="/onto/MDS/' in other.text
    assert f'href="{CANONICAL}onto/MDS/' not in other.text
