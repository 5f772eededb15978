"""What may be said of figures, and what not."""

from dataclasses import replace

import pytest

from mappe_servizi.insights import Statement, TableFigure, brief, sentence, statements

ROW = {
    "municipality": "c_x000", "service": "s", "title": "Asili nido", "table": "users",
    "indicator": "children", "label": "Bambini", "unit": "count", "counted": "people", "role": "item",
    "periodKind": "flow", "year": 2018, "value": 200, "status": "normal", "observation": "o-2018",
    "source": "line=1,2", "sourceLine": 2,
}  # fmt: skip
ONE = TableFigure.of_row(ROW)


def row(indicator: str, *values: float | None, **more: object) -> list[TableFigure]:
    """A row of the years from 2018."""
    return [
        replace(
            ONE,
            indicator=indicator,
            label=indicator,
            year=year,
            value=value,
            observation=f"{indicator}-{year}",
            **more,
        )  # type: ignore[arg-type]
        for year, value in enumerate(values, start=2018)
    ]


def told(*rows: list[TableFigure], doubted: frozenset[str] = frozenset()) -> list[tuple[str, str, float]]:
    found = statements([figure for one in rows for figure in one], doubted)
    return [(one.kind, one.about.indicator, round(one.value, 1)) for one in found]


def test_a_change_is_between_the_first_year_and_the_last() -> None:
    [change] = statements(row("a", 200, 500, 150), frozenset())
    assert (change.value, change.percent) == (-50, -25)
    assert [figure.year for figure in change.figures] == [2018, 2020]
    assert sentence(change, "it") == "Asili nido: «a», da 200 nel 2018 a 150 nel 2020 (−25%)."
    assert sentence(change, "en") == "Asili nido: “a”, from 200 in 2018 to 150 in 2020 (−25%)."
    [same] = statements(row("a", 7, 7), frozenset())
    assert sentence(same, "it") == "Asili nido: «a», 7 nel 2019, come nel 2018."
    [from_nothing] = statements(row("a", 0, 7), frozenset())
    assert from_nothing.percent is None
    [points] = statements(row("a", 40, 60, unit="percent"), frozenset())
    assert (points.value, points.percent) == (20, None)


@pytest.mark.parametrize(
    ("rows", "doubted"),
    [
        (row("a", 200), ""),
        (row("a", None, 200), ""),
        (row("a", 200, None), ""),
        (row("a", 200, 300, status="estimate"), ""),
        (row("a", 200, 300, repeats="b"), ""),
        (row("a", 200, 300), "a-2018"),
        (row("a", 200, 300), "a-2019"),
        ([*row("a", 200), replace(row("a", 0, 5)[1], unit="EUR")], ""),
    ],
)
def test_nothing_is_said_of_what_is_not_sure_or_not_alike(rows: list[TableFigure], doubted: str) -> None:
    assert told(rows, doubted=frozenset({doubted})) == []


def test_a_part_is_a_share_of_its_printed_total() -> None:
    whole = row("whole", 400, 500, role="total", total_of=("part", "other"))
    part, other = row("part", 100, 250, role="breakdown"), row("other", None, 600, role="breakdown")
    found = [one for one in statements([*whole, *part, *other], frozenset()) if one.kind == "share"]
    assert [(one.about.indicator, one.value) for one in found] == [("part", 50)]
    assert sentence(found[0], "it") == "Asili nido: «part» è il 50% di «whole» nel 2019 (250 su 500)."
    euro = row("part", 100, 250, role="breakdown", unit="EUR")
    assert "share" not in {kind for kind, *_ in told(whole, euro)}
    average = row("whole", 400, 500, role="total", total_of=("part",), period_kind="average")
    assert "share" not in {kind for kind, *_ in told(average, part)}
    before = told(whole, part, doubted=frozenset({"whole-2019"}))
    assert ("share", "part", 25.0) in before, "the last year in which both are sure"


def test_a_rank_is_among_rows_alike_of_which_all_are_sure() -> None:
    rows = row("a", 5, 1), row("b", 9, 2), row("c", 7, None)
    ranks = [one for one in told(*rows) if one[0] == "rank"]
    assert ranks == [("rank", "a", 3), ("rank", "b", 1), ("rank", "c", 2)]
    [_, first, _] = [
        one for one in statements([f for r in rows for f in r], frozenset()) if one.kind == "rank"
    ]
    assert sentence(first, "en") == "Asili nido: “b”, 9 in 2018, is number 1 of 3 rows alike."
    assert {figure.indicator for figure in first.figures} == {"a", "b", "c"}
    for other in (
        {"unit": "h"},
        {"counted": "acts"},
        {"group": "g"},
        {"role": "total"},
        {"period_kind": "stock"},
    ):
        unlike = row("c", 7, 3, **other)
        assert "rank" not in {kind for kind, *_ in told(*rows[:2], unlike)}
    assert "rank" not in {kind for kind, *_ in told(*rows, doubted=frozenset({"c-2018"}))}
    tied = told(row("a", 5), row("b", 5), row("c", 7))
    assert tied == [("rank", "c", 1)]


def test_units_are_written() -> None:
    hours = Statement("change", tuple(row("a", 12.5, 154.875, unit="h")), 142.375, 1139)
    assert sentence(hours, "it") == "Asili nido: «a», da 12,5 h nel 2018 a 154,875 h nel 2019 (+1.139%)."


def test_a_brief_has_one_statement_a_service_people_first() -> None:
    services = [
        row(
            f"{unit}-{people}-{size}", 10.0 * size, 20.0 * size, service=f"s{size}", unit=unit, counted=people
        )
        for size, (unit, people) in enumerate(
            [("count", "people"), ("count", "people"), ("count", "acts"), ("EUR", ""), ("h", "people")],
            start=1,
        )
    ]
    again = row("again", 5, 7, service="s2")
    same = row("same", 7000, 7000, service="s9")
    found = brief(statements([f for one in (*services, again, same) for f in one], frozenset()))
    assert [one.about.service for one in found] == ["s2", "s1", "s5", "s3", "s4"]
    assert [one.kind for one in found] == ["change"] * 5
