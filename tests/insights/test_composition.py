"""What a total is made of, and the years of which that is not said."""

import pytest

from mappe_servizi.insights import Composition, TableFigure, compositions


def figure(indicator: str, value: float | None, **more: object) -> TableFigure:
    total = ("men", "women", "unknown") if indicator == "all" else ()
    facts = {"indicator": indicator, "value": value, "year": 2020, "unit": "count", "status": "normal"}
    texts = dict.fromkeys(TableFigure.__annotations__, "")
    rest = {"total_of": total, "source_line": None, "observation": f"{indicator}/{more.get('year', 2020)}"}
    return TableFigure(**{**texts, **rest, **facts, **more})  # type: ignore[arg-type]


def made(*figures: TableFigure, doubted: tuple[str, ...] = ()) -> list[Composition]:
    return compositions("all", figures, doubted)


def test_a_total_is_made_of_its_parts_and_a_rest() -> None:
    [one] = made(figure("women", 6), figure("men", 3), figure("all", 10), figure("other", 1))
    assert [part.indicator for part in one.parts] == ["men", "women"]
    assert one.rest == 1


@pytest.mark.parametrize(
    "women",
    [
        figure("women", 8),  # with the men more than all
        figure("women", 6, unit="percent"),
        figure("women", 6, status="estimate"),
        figure("women", None, status="missing"),
        figure("women", -1),
        figure("women", 6, year=2019),  # of one year one part alone
    ],
)
def test_a_year_whose_parts_do_not_fit_is_left_out(women: TableFigure) -> None:
    assert made(figure("men", 3), women, figure("all", 10)) == []


def test_a_year_that_is_doubted_is_left_out() -> None:
    rows = [
        figure(name, n, year=y) for y in (2019, 2020) for name, n in (("men", 3), ("women", 6), ("all", 9))
    ]
    assert [one.total.year for one in made(*rows, doubted=("men/2019",))] == [2020]
    assert len(made(*rows)) == 2
