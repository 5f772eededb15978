from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.document.form import Form, load_form
from mappe_servizi.document.numbers import Reading, Unreadable, read_figure, read_number

from .conftest import FORM

RULES = load_form(FORM)
numbers = st.decimals(min_value=0, max_value=10**12, places=2).map(abs)
words = st.text("abcdefghilmnopqrstuvz ", min_size=1, max_size=20).map(str.strip).filter(bool)
WORDS = {word for word, known in RULES.cell_words.items() if known.value is not None}


def italian(value: Decimal, thousands: bool, decimals: int) -> str:
    text = f"{value:,.{decimals}f}" if thousands else f"{value:.{decimals}f}"
    return text.replace(",", "_").replace(".", ",").replace("_", ".")


@given(numbers, st.booleans(), st.integers(2, 4))
def test_a_number_in_italian_notation_reads_back(value: Decimal, thousands: bool, decimals: int) -> None:
    assert read_number(italian(value, thousands, decimals)) == value


@given(numbers, st.sampled_from(["", "+", "-", "−"]))
def test_signs(value: Decimal, sign: str) -> None:
    expected = -value if sign in {"-", "−"} else value
    assert read_number(sign + italian(value, True, 2)) == expected


@given(st.text(max_size=40))
def test_nothing_numeric_is_made_up(raw: str) -> None:
    """Whatever a cell prints: a value has its digits in the cell, or a known word; else no value."""
    try:
        reading = read_figure(raw, RULES)
    except Unreadable:
        return
    if reading.value is None:
        assert not any(c.isdigit() for c in raw)
    elif not any(c.isdigit() for c in raw):
        assert raw.strip().casefold().split()[0] in WORDS


@given(numbers, words)
def test_words_beside_a_number_become_its_note(value: Decimal, text: str) -> None:
    reading = read_figure(f"{italian(value, True, 2)} ({text})", RULES)
    assert reading.value == value
    assert reading.note == f"({text})"


@given(numbers, words.filter(lambda w: w.split()[0] not in RULES.cell_units))
def test_a_label_before_a_number(value: Decimal, text: str) -> None:
    reading = read_figure(f"{text}: {italian(value, True, 2)}", RULES)
    assert (reading.value, reading.note) == (value, text)


@pytest.mark.parametrize(
    ("raw", "value", "unit", "status", "note"),
    [
        ("12.085", "12085", None, "normal", None),
        ("154,875", "154.875", None, "normal", None),
        ("100,00%", "100", "percent", "normal", None),
        ("€ 3.914.441", "3914441", "EUR", "normal", None),
        ("12,5 mq", "12.5", "m2", "normal", None),
        ("gg ritardo: -12,60", "-12.6", "d", "normal", "gg ritardo"),
        ("Zero causa covid", "0", None, "normal", "causa covid"),
        ("10 + 6 referenti territoriali", "10", None, "normal", "+ 6 referenti territoriali"),
        ("n. mostre temporanee :2", "2", None, "normal", "n. mostre temporanee"),
        ("54641 (stima: dato MEF)", "54641", None, "estimate", "(stima: dato MEF)"),
        ("tutti", None, None, "missing", None),
        ("N.D.", None, None, "missing", None),
        ("nd", None, None, "missing", None),
        ("/", None, None, "missing", None),
        ("//", None, None, "missing", None),
        ("non realizzate", None, None, "not-applicable", None),
        ("non previsto", None, None, "not-applicable", None),
    ],
)
def test_printed_cells(  # noqa: PLR0917
    form: Form, raw: str, value: str | None, unit: str, status: str, note: str
) -> None:
    expected = Decimal(value) if value else None
    assert read_figure(raw, form) == Reading(expected, unit, status, note)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "raw", ["31/12/2018", "1.5.2", "12.5", "circa 40", "1,2,3", "boh", "12.08", "1.0000"]
)
def test_what_cannot_be_told_is_never_guessed(form: Form, raw: str) -> None:
    with pytest.raises(Unreadable):
        read_figure(raw, form)
