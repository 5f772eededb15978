"""Reading a cell of figures in Italian notation (dot for thousands, comma for decimals).

A number is never cut: it is the whole run of digits and separators that the cell prints, and
what follows it is a note only if nothing in it could belong to the number (design.md section 5).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mappe_servizi.model.service_map import Status, Unit
from mappe_servizi.model.text import composed, normal
from mappe_servizi.reading.form import Form

# Digits and whatever may separate them, as long as it goes on: read whole or not at all.
RUN: Final = r"\d++(?:[.,\s'’‘ʼ′´`]\d++)*+"
MAX_DIGITS: Final = 18  # what every store of xsd:decimal keeps; nobody prints more
_SIGN = r"[+\-−–‐‑－]"
_NUMBER = re.compile(rf"(?P<sign>{_SIGN}?)(?P<run>{RUN})")
_WHOLE = re.compile(
    r"(?P<whole>0|[1-9]\d*|[1-9]\d{0,2}(?:(?:\.\d{3})+|(?: \d{3})+|(?:'\d{3})+))(?P<decimals>,\d+)?"
)
_ONE_SPACE, _ONE_APOSTROPHE = re.compile(r"\s"), re.compile(r"[’‘ʼ′´`]")
_WORD_BEFORE = re.compile(r"(?:[^\W\d_]+[.°º]?|[~≈])\s*")
# A note stands apart from the number: after a space, in brackets, behind a sign that ends it.
_APART = re.compile(r"\s|[(\[]|[*]+(?=\s|$)|[;:,](?=\s)")
_LETTER = re.compile(r"[^\W\d_]")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a cell says: see records.Figure for the fields."""

    value: Decimal | None
    unit: Unit | None
    status: Status
    note: str | None


class Unreadable(ValueError):
    """A cell that no rule reads; the message says why."""


def has_digit(text: str) -> bool:
    """Whether a text prints any digit or fraction, of whatever script, raised or in a circle.

    >>> has_digit("½"), has_digit("m²"), has_digit("dodici")
    (True, True, False)
    """
    return any(c.isnumeric() for c in text)


def read_number(text: str) -> Decimal:
    """A number in Italian notation, without needless zeros.

    Groups of three digits may be separated by a dot, a space or an apostrophe of any kind.

    Raises:
        Unreadable: the text is no such number, or one that nobody would print.

    >>> read_number("12.085"), read_number("154,875"), read_number("-12,60"), read_number("12.200,00")
    (Decimal('12085'), Decimal('154.875'), Decimal('-12.6'), Decimal('12200'))
    >>> read_number("1’234 567")
    Traceback (most recent call last):
    mappe_servizi.reading.numbers.Unreadable: '1’234 567' is no number in Italian notation
    """
    match = _NUMBER.fullmatch(text.strip())
    run = _ONE_APOSTROPHE.sub("'", _ONE_SPACE.sub(" ", match["run"])) if match else ""
    run = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in run)
    number = _WHOLE.fullmatch(run)
    if not match or not number:
        raise Unreadable(f"{_shown(text)} is no number in Italian notation")
    whole = re.sub(r"\D", "", number["whole"])
    decimals = (number["decimals"] or "").lstrip(",")
    if len(whole + decimals) > MAX_DIGITS:
        raise Unreadable(f"{_shown(text)} has more than {MAX_DIGITS} digits")
    sign = "-" if match["sign"] not in {"", "+"} else ""
    return trim(Decimal(f"{sign}{whole}.{decimals or 0}"))


def trim(value: Decimal) -> Decimal:
    """The same number with no needless zeros and no exponent."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def read_figure(raw: str, form: Form) -> NumberReading:
    """Read a cell that prints something.

    The rules, in order: a word of data/knowledge/figures.csv; a number with an optional unit
    before or after it, and a note; words, a colon and such a number; a word for a number and
    a note. Words that may stand before a number ("n.", "circa") are data, too.

    Raises:
        Unreadable: none of these; nothing numeric is guessed.
    """
    text = composed(raw).strip()
    if word := form.cell_word(text):
        return NumberReading(word.value, None, word.status, None)
    if reading := _figure(text, form):
        return reading
    label, colon, rest = text.partition(":")
    if colon and _LETTER.search(label) and is_note(label, form):
        before, _ = _unit_after(label, form)
        if reading := _figure(rest.strip(), form, signed=True):
            note = " ".join(filter(None, [label.strip(), reading.note]))
            return NumberReading(reading.value, before or reading.unit, reading.status, note)
    first, _, rest = text.partition(" ")
    word = form.cell_word(first)
    if word and word.value is not None and is_note(rest, form):
        return NumberReading(word.value, None, word.status, rest.strip() or None)
    if has_digit(text):
        raise Unreadable(f"cannot tell the number in {_shown(raw)}")
    raise Unreadable(f"{_shown(raw)} is neither a number nor a known word")


def read_told(raw: str, number: str, form: Form) -> NumberReading:
    """Read a cell of which a person says what its number is; its other words are the note.

    Raises:
        Unreadable: the cell does not print that number.

    >>> read_told("10 + 6 referenti", "10", Form()).note
    '+ 6 referenti'
    """
    found = re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d)", raw)
    if not found:
        raise Unreadable(f"{_shown(raw)} does not print {number!r}")
    before, after = raw[: found.start()].strip(" :"), raw[found.end() :]
    unit, rest = _unit_after(after, form)
    note = " ".join(filter(None, [before, rest.strip()]))
    return NumberReading(read_number(number), unit, "normal", note or None)


def is_note(text: str, form: Form) -> bool:
    """Whether words beside a number are a note: nothing in them is a part of the number.

    >>> is_note("(schede)", Form()), is_note("+ 6 referenti", Form()), is_note("", Form())
    (True, False, True)
    """
    bare = text.strip().strip("*").strip()
    if not bare:
        return True
    if not _LETTER.search(bare) or form.changes_number(bare):
        return False
    return not has_digit(bare) or _is_detail(bare, form)


def _is_detail(note: str, form: Form) -> bool:
    """Whether a note only divides the number before it ("(di cui 5 minori)")."""
    closed = not note.startswith("(") or note.find(")") == len(note) - 1
    return closed and normal(note).startswith(form.details)


def _figure(text: str, form: Form, signed: bool = False) -> NumberReading | None:
    """A number with its unit and note, None where the text is no such thing."""
    bare, estimate = without_lead(text, form)
    unit, bare = _unit_before(bare, form)
    match = _NUMBER.match(bare)
    if not match:
        return None
    after, rest = _unit_after(bare[match.end() :], form)
    listed = match["sign"] and rest.strip() and not signed  # "-12 laboratori" may be an item of a list
    if listed or (unit and after and unit != after) or not _ends_number(rest, unit or after, form):
        return None
    try:
        value = read_number(match.group())
    except Unreadable:
        return None
    note = rest.strip().lstrip(":;,").strip()
    status = "estimate" if estimate else _status(note, form)
    return NumberReading(value, unit or after, status, note or None)


def _ends_number(rest: str, unit: Unit | None, form: Form) -> bool:
    """Whether what follows a number and its unit leaves it as it is."""
    if rest and not _APART.match(rest):
        return False
    return is_note(rest, form) and (unit is not None or not form.other_unit(rest))


def _status(note: str, form: Form) -> Status:
    words = {*normal(note).split(), *map(_joined, _DOTTED.findall(note))}
    return "estimate" if form.estimate_words & words else "normal"


def _joined(abbreviation: str) -> str:
    """An abbreviation with a dot behind each letter as the word that it stands for.

    >>> _joined("c. a.")
    'ca'
    """
    return re.sub(r"[.\s]", "", abbreviation).casefold()


def without_lead(text: str, form: Form) -> tuple[str, bool]:
    """The text behind words that may stand before a number, and whether they say an estimate."""
    estimate = False
    if (dotted := _DOTTED.match(text)) and _joined(dotted[0]) in form.estimate_words:
        estimate, text = True, text[dotted.end() :].lstrip()
    while match := _WORD_BEFORE.match(text):
        word = match.group().strip().rstrip(".°º").casefold()
        if word in form.estimate_words or word in form.estimate_signs:
            estimate = True
        elif word not in form.leads:
            break
        text = text[match.end() :]
    return text, estimate


def _unit_before(text: str, form: Form) -> tuple[Unit | None, str]:
    """A unit that stands before the number ("€ 3.914"), and the text after it."""
    for sign, unit in form.cell_units.items():
        if text.casefold().startswith(sign):
            rest = text[len(sign) :].lstrip(". ")
            if _NUMBER.match(rest):
                return unit, rest
    return None, text


def _unit_after(text: str, form: Form) -> tuple[Unit | None, str]:
    """A unit that the text begins with ("% dei casi"), and what follows it."""
    bare = text.lstrip()
    folded = bare.casefold()
    for sign, unit in form.cell_units.items():
        rest = bare[len(sign) :]
        if folded.startswith(sign) and not (sign[-1].isalpha() and rest[:1].isalnum()):
            return unit, rest.removeprefix(".") if sign[-1].isalpha() else rest
    return None, text


def _shown(text: str) -> str:
    """A cell as a message quotes it: not the whole of a long one."""
    return repr(text if len(text) <= 80 else f"{text[:79]}…")
