"""What is said of shared concepts in Cremona's graph, and what a wrong decision is told."""

import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Triple

from helpers import ROOT, Tell
from mappe_servizi.errors import MappeError
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.reading.concepts import check_registered, read_concepts
from mappe_servizi.releases import Release
from rdf import BASE, data_triples

TOWN = ROOT / "data" / "municipalities" / "c_d150"
KNOWLEDGE = ROOT / "data" / "knowledge"
MDS, CONCEPT = f"{BASE}onto/MDS/", f"{BASE}controlled-vocabulary/"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"


@pytest.fixture(scope="module")
def data(release: Release) -> list[Triple]:
    return data_triples(release)


def of(data: list[Triple], name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for t in data:
        if t.predicate.value == (name if name.startswith("http") else MDS + name):
            found[t.subject.value].append(t.object.value)
    return found


def test_every_service_has_one_main_concept_and_every_indicator_one_kind(
    data: list[Triple], tell: Tell
) -> None:
    main, kinds = of(data, "mainConcept"), of(data, "periodKind")
    assert Counter(len(values) for values in main.values()) == {1: 73}
    indicators = {o for values in of(data, "hasIndicator").values() for o in values}
    assert Counter(len(kinds[i]) for i in indicators) == {1: 708}
    tell(f"period kinds: {Counter(kinds[i][0].rsplit('/', 1)[-1] for i in indicators)}")


def test_an_activity_is_one_question(data: list[Triple]) -> None:
    rsa = [s for s, values in of(data, "ofActivity").items() if f"{CONCEPT}service-concept/rsa" in values]
    kinds = Counter(s.removeprefix(f"{BASE}data/").split("/")[0] for s in rsa)
    assert kinds == {
        "element": 1, "segment": 1, "output-indicator": 1, "user-indicator": 1, "provision": 15,
    }  # fmt: skip


def test_what_is_repeated_has_the_same_figures(data: list[Triple]) -> None:
    figures, values = of(data, "hasFigure"), of(data, "rawText")
    value = of(data, "http://purl.org/linked-data/sdmx/2009/measure#obsValue")

    def numbers(indicator: str) -> list[str]:
        found = [f for f in figures[indicator] if f in value]
        return sorted(f"{f.rsplit('/', 1)[-1]}: {value[f][0]}" for f in found)

    repeats = of(data, "repeats")
    assert len(repeats) == 48
    assert values
    for indicator, [other] in repeats.items():
        assert numbers(indicator) == numbers(other) != [], indicator


def test_a_comparable_figure_is_what_its_parts_say(data: list[Triple], tell: Tell) -> None:
    value = of(data, "http://purl.org/linked-data/sdmx/2009/measure#obsValue")
    parts, indicator = of(data, DERIVED), of(data, "ofIndicator")
    role, match, repeats = of(data, "indicatorRole"), of(data, "conceptMatch"), of(data, "repeats")
    figures = list(of(data, "partsKnown"))
    for figure in figures:
        rows = [indicator[part][0] for part in parts[figure]]
        assert not [row for row in rows if role[row][0].endswith("/breakdown")], figure
        assert not [row for row in rows if set(repeats.get(row, ())) & set(rows)], figure
        assert len({match[row][0] for row in rows}) == 1
        if match[rows[0]][0].endswith("/exact"):
            assert {value[part][0] for part in parts[figure]} == {value[figure][0]}
        else:
            assert sum(float(value[part][0]) for part in parts[figure]) == float(value[figure][0])
    concepts = {values[0] for s, values in of(data, "indicatorConcept").items() if s in set(figures)}
    tell(f"comparable figures: {len(figures)} of {len(concepts)} indicators")
    assert len(concepts) >= 90


def test_figures_that_a_finding_doubts_do_not_compare(release: Release, data: list[Triple]) -> None:
    known = {t.subject.value for t in data}
    space = f"{BASE}data/comparable/019036/"
    assert f"{space}museum-school-visitors/2020" in known
    assert f"{space}museum-school-visitors/2018" not in known  # 2850: not the sum of its parts
    assert f"{space}registered-voters/2019" in known
    assert f"{space}registered-voters/2018" not in known  # 703 and 726 disagree
    assert f"{space}disability-residential-users/2018" in known  # CSS and RSD, which line 1235 adds up
    assert f"{space}school-meal-pupils/2018" not in known  # parts that are not all


def test_what_rests_on_a_proposed_row_says_so(data: list[Triple]) -> None:
    status = of(data, "curationStatus")
    assert set(map(tuple, status.values())) == {(f"{CONCEPT}curation-status/proposed",)}
    assert f"{BASE}data/public-service/c_d150/tirocini" in status  # its map is not published
    assert f"{BASE}data/public-service/c_d150/anziani" not in status


WRONG = {
    "service-concepts.csv": ("elderly-support,exact", "rsa,exact", "'rsa' is a concept of level activity"),
    "indicator-concepts.csv": (
        "n-totale-interventi-incidentalita", "n-totale",
        "the registry of slugs has no output-indicator 'n-totale'",
    ),
    "activities.csv": (",rsa,exact", ",elderly-support,exact", "needs one of level activity"),
    "indicator-places.csv": ("museo-archeologico,rev", "museo-del-mare,rev", "no place 'museo-del-mare'"),
}  # fmt: skip


@pytest.mark.parametrize("file", WRONG)
def test_a_decision_that_cannot_be_is_told_with_its_line(tmp_path: Path, file: str) -> None:
    for path in TOWN.glob("*.csv"):
        shutil.copy(path, tmp_path / path.name)
    right, wrong, said = WRONG[file]
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert right in text
    line = text[: text.index(right)].count("\n") + 1
    (tmp_path / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    registry = Registry.load(TOWN / "identifiers.csv")
    with pytest.raises(MappeError) as caught:
        check_registered(read_concepts(tmp_path, KNOWLEDGE, registry), registry)
    errors = getattr(caught.value, "errors", [caught.value])
    assert [(error.line, said in str(error)) for error in errors] == [(line, True)]


def test_nothing_is_divided_by_just_anything(tmp_path: Path) -> None:
    rows = "residents,2020,71400,why,Istat\ncctv-cameras,2020,80,why,Istat\n"
    (tmp_path / "populations.csv").write_text(f"population,year,count,reason,evidence\n{rows}", "utf-8")
    with pytest.raises(MappeError) as caught:
        read_concepts(tmp_path, KNOWLEDGE, Registry.load(TOWN / "identifiers.csv"))
    assert str(caught.value).startswith(f"{tmp_path / 'populations.csv'}:3: population is 'cctv-cameras'")
    assert "residents" in str(caught.value).partition("allowed:")[2]


def test_a_row_follows_a_slug_that_was_renamed(tmp_path: Path) -> None:
    text = (TOWN / "identifiers.csv").read_text(encoding="utf-8")
    row = "user-indicator,anziani,Telesoccorso,telesoccorso,,2020\n"
    assert row in text
    renamed = row.replace(",telesoccorso,,", ",teleassistenza,,") + row.replace(
        ",,2020", ",renamed:teleassistenza,2020"
    )
    (tmp_path / "identifiers.csv").write_text(text.replace(row, renamed), encoding="utf-8")
    registry = Registry.load(tmp_path / "identifiers.csv")
    found = read_concepts(TOWN, KNOWLEDGE, registry)
    assert ("anziani", "users", "teleassistenza") in found.indicators
    assert ("anziani", "users", "telesoccorso") not in found.indicators
