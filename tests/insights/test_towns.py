"""Municipalities beside each other: what is said against a population, and when nothing is."""

import pytest

from mappe_servizi.insights import TownComparison, TownFigure, TownNames, compared, town_sentence


def figure(town: str, value: float, **more: object) -> TownFigure:
    facts = {"concept": "loans", "divided_by": "residents", "unit": "count", "year": 2020, "sure": True}
    return TownFigure(**{"town": town, "value": value, "iri": f"{town}/{more}", **facts, **more})  # type: ignore[arg-type]


def people(town: str, value: float, **more: object) -> TownFigure:
    return figure(town, value, concept="residents", divided_by="none", **more)


def told(*figures: TownFigure) -> list[TownComparison]:
    return compared([one for one in figures if one.concept == "loans"], figures)


def test_a_figure_is_divided_by_the_population_of_its_town_and_year() -> None:
    [one] = told(figure("a", 50), people("a", 2000), people("a", 9, year=2019), people("b", 7))
    assert one.per_thousand == 25
    assert (one.place, one.among) == (0, 0)


@pytest.mark.parametrize(
    "others",
    [
        [],
        [people("a", 2000, year=2019)],
        [people("b", 2000)],
        [people("a", 2000, sure=False)],
        [people("a", 0)],
    ],
)
def test_without_its_population_there_is_no_rate_and_no_place(others: list[TownFigure]) -> None:
    figures = told(figure("a", 50), figure("b", 3), figure("c", 4), *others)
    one = next(one for one in figures if one.figure.town == "a")
    assert one.per_thousand is None
    assert one.place == 0


def test_what_compares_as_it_is_and_shares_are_not_divided() -> None:
    for more in ({"divided_by": "none"}, {"unit": "percent"}):
        [one] = told(figure("a", 50, **more), people("a", 2000))
        assert one.per_thousand is None


def test_an_estimate_is_not_compared() -> None:
    assert told(figure("a", 50, sure=False), people("a", 2000)) == []


def test_the_place_is_by_what_they_have_per_thousand() -> None:
    towns = {"large": (90, 9000), "small": (30, 1000), "middle": (100, 4000), "twin": (50, 2000)}
    figures = [f for t, (n, p) in towns.items() for f in (figure(t, n), people(t, p))]
    assert {one.figure.town: (one.place, one.among) for one in told(*figures)} == {
        "small": (1, 4), "middle": (0, 4), "twin": (0, 4), "large": (4, 4),
    }  # fmt: skip
    assert {one.place for one in told(*figures[:4])} == {0}  # two are too few


def test_what_compares_as_it_is_is_placed_as_it_is() -> None:
    figures = [figure(town, n, divided_by="none") for town, n in (("a", 1), ("b", 3), ("c", 2))]
    assert [one.place for one in told(*figures)] == [3, 1, 2]


def test_it_is_said_in_words() -> None:
    one = TownComparison(figure("a", 1234), people("a", 71400), 2, 3)
    assert town_sentence(one, TownNames("Prestiti", "Comune di A", "Residenti"), "it") == (
        "Prestiti, Comune di A: 1.234 nel 2020, 17,28 ogni 1.000 residenti (71.400); al posto 2 fra 3 comuni."
    )
    assert town_sentence(one, TownNames("Loans", "Comune di A", "Residents"), "en") == (
        "Loans, Comune di A: 1,234 in 2020, 17.28 per 1,000 residents (71,400); number 2 of 3 municipalities."
    )
