"""Small counts: flagged by the rule, and when suppressed nothing that was published gives them away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Figure
from mappe_servizi.reading.curated import read_audiences
from mappe_servizi.reading.disclosure import (
    SUPPRESSED_LINE,
    SUPPRESSED_RAW,
    flag_small_counts,
    suppress_small_counts,
    vulnerable_audiences,
)

from .conftest import FORM, TOWN


def audiences_of(document: Document) -> dict[tuple[int, int], tuple[str, ...]]:
    return read_audiences(document, Names.of(document, Registry.load(TOWN / "identifiers.csv")))


@pytest.fixture(scope="module")
def flagged(cremona: Document) -> Document:
    return flag_small_counts(cremona, audiences_of(cremona), vulnerable_audiences(FORM))


def cells(document: Document) -> dict[tuple[int, str, int, int], Figure]:
    return {
        (m.number, i.table, i.position, f.year): f
        for m in document.maps
        for i in m.indicators
        for f in i.figures
    }


def small(document: Document) -> set[tuple[int, str, int, int]]:
    return {key for key, figure in cells(document).items() if figure.small}


def test_the_rule_flags_small_counts_of_vulnerable_people(flagged: Document) -> None:
    found = small(flagged)
    assert (15, "users", 10, 2018) in found  # 2 minors in emergency foster families
    assert (10, "users", 4, 2018) in found  # 2 children with a certificate
    for key in found:
        value = cells(flagged)[key].value
        assert value is not None
        assert 0 < value < 4
    assert all(number not in {46, 50, 69} for number, *_ in found)  # businesses, companies, offices


def test_nothing_is_removed_by_flagging(cremona: Document, flagged: Document) -> None:
    plain = {key: replace(figure, small=False) for key, figure in cells(flagged).items()}
    assert plain == cells(cremona)


def test_a_threshold_of_zero_flags_nothing(cremona: Document) -> None:
    none = flag_small_counts(cremona, audiences_of(cremona), vulnerable_audiences(FORM), 0)
    assert small(none) == set()


def test_suppressed_figures_leave_no_trace(flagged: Document) -> None:
    hidden = suppress_small_counts(flagged)
    gone = {key for key, figure in cells(hidden).items() if figure.status == "suppressed"}
    assert small(flagged) <= gone
    for key in gone:
        figure = cells(hidden)[key]
        assert (figure.value, figure.raw, figure.note) == (None, SUPPRESSED_RAW, None)
        assert all(hidden.lines[line - 1] == SUPPRESSED_LINE for line in figure.lines)


def test_the_same_figures_elsewhere_in_the_map_go_too(flagged: Document) -> None:
    """The output "interventi di pronto intervento in famiglia affidataria" repeats the users."""
    hidden = cells(suppress_small_counts(flagged))
    assert hidden[15, "outputs", 8, 2018].status == "suppressed"


def test_no_total_gives_a_suppressed_part_away(flagged: Document) -> None:
    hidden = suppress_small_counts(flagged)
    by_cell = cells(hidden)
    checked = 0
    for sheet in hidden.maps:
        for total in sheet.indicators:
            for year in hidden.years:
                figure = by_cell.get((sheet.number, total.table, total.position, year))
                if not total.total_of or figure is None or figure.value is None:
                    continue
                parts = [by_cell.get((sheet.number, total.table, p, year)) for p in total.total_of]
                gone = [part for part in parts if part and part.status == "suppressed"]
                left = [part for part in parts if part and part.value]
                assert len(gone) != 1 or not left, (sheet.number, total.label.value, year)
                checked += bool(gone)
    assert checked > 0


def test_a_single_small_part_takes_the_smallest_other(cremona: Document) -> None:
    """Minors: 1 in an emergency in 2018; its total would tell it, so the next smallest goes."""
    audiences = audiences_of(cremona)
    only = flag_small_counts(cremona, {(15, 7): audiences[15, 7]}, vulnerable_audiences(FORM))
    assert {key for key in small(only) if key[3] == 2018} == {(15, "users", 7, 2018)}
    hidden = cells(suppress_small_counts(only))
    smallest = min(
        (figure.value, key)
        for key, figure in cells(cremona).items()
        if key[:2] == (15, "users") and key[3] == 2018 and key[2] not in {7, 12} and figure.value
    )
    assert smallest[0] == Decimal(2)
    assert hidden[smallest[1]].status == "suppressed"
