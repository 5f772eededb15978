from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth import assert_in_proportion
from mappe_servizi.reading.form import Form, load_form
from mappe_servizi.reading.numbers import NumberReading, Unreadable, read_figure, read_number, read_told

from .conftest import FORM

RULES = load_form(FORM)
SEPARATORS = [".", " ", "\u00a0", "\u2009", "\u202f", "'", "’"]
INVISIBLE = ["", "\u2060", "\u200b", "\u00ad", "\ufeff", "\u200e"]
# What a person writes around a number, and whether the number can still be told.
AROUND = [
    "{}", "{} utenti", "{} (minori)", "{} (di cui 3 minori)", "n. {}", "€ {}", "{} %", "{}kg", "{} circa",
    "circa {}", "totale: {}", "{} mila", "{} milioni", "{}-15", "{} - 15", "{}/15", "{} ½", "{}²", "{} + 6",
    "{} 31.500", "oltre {}", "> {}", "{} e oltre", "{},5,5", "{}.5", "{} e mezzo", "{}a", "0{}", "{}e5",
    "{} o due", "{}, {}", "{} mld", "{}:30", "tel. {}", "dal {} al {}", "{} per mille",
]  # fmt: skip
numbers = st.decimals(min_value=0, max_value=10**12, places=2).map(abs)
words = (
    st.text("abcdefghilmnopqrstuvz ", min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: text and not RULES.changes_number(text))
)
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


@given(
    st.integers(0, 10**9), st.sampled_from(SEPARATORS), st.sampled_from(INVISIBLE), st.sampled_from(AROUND)
)
def test_a_printed_figure_is_right_or_open(whole: int, separator: str, unseen: str, around: str) -> None:
    """Whatever a person writes around a number: its value is the number, or there is none."""
    number = f"{whole:,}".replace(",", separator + unseen)
    raw = around.format(number, number)
    try:
        reading = read_figure(raw, RULES)
    except Unreadable:
        assert around not in AROUND[:11]
        return
    assert reading.value == whole, raw
    assert (reading.status == "estimate") == ("circa" in around)
    assert not any(word in around for word in ("mil", "15", "+", "oltre", ">", "½", "²", "31"))


@given(st.text("0123456789.,'’ -+/½²kmila", max_size=12))
def test_digits_are_never_left_over(raw: str) -> None:
    """A value takes every digit of the cell: none is cut off."""
    try:
        reading = read_figure(raw, RULES)
    except Unreadable:
        return
    if reading.value is not None:
        printed = re.sub(r"[^0-9]", "", raw)
        value = f"{abs(reading.value):f}".replace(".", "")
        assert printed.rstrip("0").lstrip("0") == value.rstrip("0").lstrip("0")


def test_a_reviewed_row_says_the_number() -> None:
    told = read_told("10 + 6 referenti territoriali", "10", RULES)
    assert told == NumberReading(Decimal(10), None, "normal", "+ 6 referenti territoriali")
    with pytest.raises(Unreadable):
        read_told("310 referenti", "10", RULES)


@pytest.mark.parametrize("unit", ["1", "1.", "a", "1 ", "a:"])
def test_a_long_cell_costs_no_more_than_its_length(unit: str) -> None:
    def refused(size: int) -> None:
        with pytest.raises(Unreadable):
            read_figure(unit * (size // len(unit) - 1), RULES)

    assert_in_proportion(refused, 12_000)


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
        ("circa 40", "40", None, "estimate", None),
        ("~40", "40", None, "estimate", None),
        ("40 circa", "40", None, "estimate", "circa"),
        ("12\u00a0320", "12320", None, "normal", None),
        ("12\u2009320", "12320", None, "normal", None),
        ("1 234 567", "1234567", None, "normal", None),
        ("12'320", "12320", None, "normal", None),
        ("12’320,50", "12320.5", None, "normal", None),
        ("31\u2060.204", "31204", None, "normal", None),
        ("31\u00ad.2\u200b04\ufeff", "31204", None, "normal", None),
        ("\u202b31.204\u202c", "31204", None, "normal", None),
        ("１２", "12", None, "normal", None),
        ("−5", "-5", None, "normal", None),
        ("300kg", "300", "kg", "normal", None),
        ("12mq", "12", "m2", "normal", None),
        ("12 m²", "12", "m2", "normal", None),
        ("30 per cento", "30", "percent", "normal", None),
        ("n. 12", "12", None, "normal", None),
        ("N° 12", "12", None, "normal", None),
        ("12 (di cui 5 minori)", "12", None, "normal", "(di cui 5 minori)"),
        ("12 *", "12", None, "normal", "*"),
        ("—", None, None, "missing", None),
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
    assert read_figure(raw, form) == NumberReading(expected, unit, status, note)  # type: ignore[arg-type]


UNTOLD = (
    """
31/12/2018|1.5.2|12.5|1,2,3|boh|12.08|1.0000|3,5 milioni|1.200 mila|12 mln|€ 3,5 mld|12 k|12k|12 K€
10-15|10 - 15|10–15|10/15|da 10 a 15|tra 10 e 15|10 o 15|10 e mezzo|1 ½|½|12²|12¹|31.204 31.500|1 su due
10 + 6 referenti|10+6|12 + due|12 utenti più 3|12 (di cui 5) + 3|5-|5+|> 300|≥ 300|oltre 300|300 e oltre
almeno 300|300 almeno|fino a 300|quasi 300|almeno: 12|duemila: 12|1.5|1.50|1,234,567|1.234.56|0.123|00012
1.234 567|1'234.50|1’234 567|12 3205|1e5|1.2e3|XII|dodici|ore 12:30|12:30|31 marzo|tel. 0372 407111|12.|12,
0372407111|12‰|12 per mille|12 al mese|12 km|12 t|-12 laboratori|- 5|± 5|12 ?|(12)|12a|12°|12bis|$ 12|12 $
1234567890123456789|0,1234567890123456789|zero virgola cinque|nessuno o due|12 dozzine|12^2|12×3|tremila
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("raw", UNTOLD)
def test_what_cannot_be_told_is_never_guessed(form: Form, raw: str) -> None:
    with pytest.raises(Unreadable):
        read_figure(raw, form)
