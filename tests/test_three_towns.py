"""Places among three municipalities that a server tells: by what each has for each of its residents."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

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
