"""Places among three municipalities that a server tells: by what each has for each of its residents."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portal.test_views import taken
from served import Served, serve
from three_towns import IPAS, RESIDENTS

CONCEPT = "road-accidents-attended"


@pytest.fixture(scope="module")
def served(three_towns: Path) -> Iterator[Served]:
    with serve("--release", three_towns) as server:
        yield server


def rows(served: Served, **asked: str) -> dict[tuple[str, int], dict[str, object]]:
    found = httpx.get(f"{served.url}/api/towns", params=asked).raise_for_status().json()["rows"]
    return {(row["municipality"], row["year"]): row for row in found}


def test_the_smallest_town_is_first_for_each_resident(served: Served) -> None:
    found = rows(served, concept=CONCEPT)
    values = [found[ipa, 2020]["value"] for ipa in IPAS]
    assert values == [2885, 3462, 1154]  # five, six and two times Cremona's 577
    for ipa, value in zip(IPAS, values, strict=True):
        rate = value / RESIDENTS[ipa][2020] * 1000
        assert found[ipa, 2020]["perThousand"] == pytest.approx(rate, abs=1e-6)
    assert [found[ipa, 2020]["place"] for ipa in IPAS] == [3, 2, 1]
    assert {found[ipa, 2020]["among"] for ipa in IPAS} == {3}


def test_there_is_no_place_where_a_population_is_missing(served: Served) -> None:
    found = rows(served, concept=CONCEPT)
    for year in (2018, 2019):  # two know their residents of 2018, none those of 2019
        assert [found[ipa, year]["place"] for ipa in IPAS] == [None, None, None]
    assert found["syn_00001", 2018]["perThousand"] is not None
    assert found["syn_00003", 2018]["perThousand"] is None


def test_places_are_among_those_that_are_asked_for(served: Served) -> None:
    found = rows(served, concept=CONCEPT, municipality="syn_00001,syn_00003")
    assert {ipa for ipa, _ in found} == {"syn_00001", "syn_00003"}
    assert {row["place"] for row in found.values()} == {None}, "two are too few"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("it", [f"al posto {place} fra 3 comuni" for place in (1, 2, 3)]),
        ("en", [f"number {place} of 3 municipalities" for place in (1, 2, 3)]),
    ],
)
def test_a_shared_indicator_s_page_tells_them_in_order(
    served: Served, language: str, said: list[str]
) -> None:
    page = httpx.get(
        f"{served.url}/controlled-vocabulary/indicator-concept/{CONCEPT}",
        params={"lang": language},
        headers={"accept": "text/html"},
    ).text
    places = [page.index(one) for one in said]
    assert places == sorted(places)
    thousand = {"it": "230,8 ogni 1.000 residenti (5.000)", "en": "230.8 per 1,000 residents (5,000)"}
    assert page.index(thousand[language]) < places[1]


def axes(page: str) -> list[tuple[str, ...]]:
    """The numbers of each chart's axis."""
    drawn = re.findall(r'<svg class="chart series".*?</svg>', page, re.DOTALL)
    return [tuple(re.findall(r'text-anchor="end"[^>]*>([^<]+)<', one)) for one in drawn]


def test_they_are_drawn_on_one_scale_and_a_year_without_residents_is_a_gap(served: Served) -> None:
    page = httpx.get(
        f"{served.url}/controlled-vocabulary/indicator-concept/{CONCEPT}", headers={"accept": "text/html"}
    ).text
    assert axes(page) == [("0", "100", "200", "300")] * 3
    names = re.findall(r"<figcaption><a[^>]*>([^<]+)</a></figcaption>", page)
    assert [name[-1] for name in names] == ["d", "c", "b"], "the one with most comes first"
    drawn = re.findall(r'<svg class="chart series".*?</svg>', page, re.DOTALL)
    assert [one.count("chart-gap") for one in drawn] == [2, 1, 1]
    table = page.partition("Gli stessi dati per comune e anno")[2].partition("</table>")[0]
    assert re.findall(r">(230,8|101,39|84,5|96,31)<", table) == ["230,8", "101,39", "96,31", "84,5"]
    assert table.count("popolazione non nota") == 4


def test_two_towns_are_drawn_on_one_scale_for_each_indicator(served: Served) -> None:
    data = "https://example.org/synthetic/data/municipality/"
    asked = {"town": f"{data}{IPAS[0]}", "with": f"{data}{IPAS[2]}"}
    page = httpx.get(f"{served.url}/explore/towns", params=asked, headers={"accept": "text/html"}).text
    found = axes(page)
    assert len(found) >= 8
    assert found[::2] == found[1::2], "the two of an indicator have one scale"
    assert len(set(found)) > 2, "each indicator has its own"
    assert page.count("Gli stessi dati per comune e anno") == len(found) / 2


INDICATOR = r'<td><a href="/page/(user-indicator/[^"?]+)'
CONCEPTS = r'<th scope="row"><a href="[^"]*/indicator-concept/([^"?]+)'
SERVICE = r'<th scope="row"><a href="/page/(public-service/[^"?]+)'


@pytest.mark.parametrize(
    ("path", "query", "column", "shown"),
    [
        ("/explore/towns", {"town": 0, "with": 2}, "concept", CONCEPTS),
        ("/explore/users", {"town": 1, "sort": "growth"}, "indicator", INDICATOR),
        ("/explore/users", {"filter": "sinistri"}, "indicator", INDICATOR),
        ("/explore/personnel", {"town": 1}, "service", SERVICE),
    ],
)
def test_what_is_chosen_of_several_towns_is_its_own_file(
    served: Served, path: str, query: dict[str, object], column: str, shown: str
) -> None:
    data = "https://example.org/synthetic/data/"
    asked = {
        name: f"{data}municipality/{IPAS[one]}" if isinstance(one, int) else str(one)
        for name, one in query.items()
    }
    with httpx.Client(base_url=served.url) as client:
        page = client.get(path, params={**asked, "lang": "en"}, headers={"accept": "text/html"}).text
        page = page.partition('id="years"')[0].partition('id="services"')[0]
        rows = re.findall(shown, page)
        assert rows
        files = list(taken(client, page))
    assert len(files) == 3
    for found in files:
        assert [row[column].removeprefix(data) for row in found] == rows
    chosen = [IPAS[one] for one in query.values() if isinstance(one, int)]
    if chosen:
        assert {row["municipality"] for row in files[0]} == {chosen[0]}
