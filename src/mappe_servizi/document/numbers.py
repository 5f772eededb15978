"""Reading a cell of figures in Italian notation (dot for thousands, comma for decimals)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from mappe_servizi.document.form import Form, normal
from mappe_servizi.records import Status, Unit

_NUMBER = r"[+\-−–]?\s?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_NUMBER_ONLY = re.compile(_NUMBER)
_END = r"(?![\d.,/]*\d)"  # the number must not go on: 1.5.2, 31/12/2018
_LEADING = re.compile(rf"^(?P<number>{_NUMBER}){_END}\s*(?P<rest>.*)$", re.DOTALL)
_LABELLED = re.compile(
    rf"^(?P<label>[^:]*[^\W\d][^:]*):\s*(?P<number>{_NUMBER}){_END}\s*(?P<rest>.*)$", re.DOTALL
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: see records.Figure for the fields."""

    value: Decimal | None
    unit: Unit | None
    status: Status
    note: str | None


class Unreadable(ValueError):
    """A cell that no rule reads; the message says why."""


def read_number(text: str) -> Decimal:
    """A number in Italian notation, without needless zeros.

    Raises:
        Unreadable: the text is no such number.

    >>> read_number("12.085"), read_number("154,875"), read_number("-12,60"), read_number("12.200,00")
    (Decimal('12085'), Decimal('154.875'), Decimal('-12.6'), Decimal('12200'))
    """
    bare = text.strip()
    if not _NUMBER_ONLY.fullmatch(bare):
        raise Unreadable(f"{text!r} is no number in Italian notation")
    plain = re.sub(r"[\s.]", "", bare).replace(",", ".").replace("−", "-").replace("–", "-")
    return trim(Decimal(plain))


def trim(value: Decimal) -> Decimal:
    """The same number with no needless zeros and no exponent."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def read_figure(raw: str, form: Form) -> Reading:
    """Read a cell that prints something.

    The rules, in order: a word of data/knowledge/figures.csv; a number with an optional unit
    before or after it; a number followed by words (the number counts, the words are its
    note); words, a colon and a number; a word for a number followed by words.

    Raises:
        Unreadable: none of these; nothing numeric is guessed.
    """
    text = raw.strip()
    if word := form.cell_words.get(text.casefold()):
        return Reading(word.value, None, word.status, None)
    unit, bare = _unit_before(text, form)
    if match := _LEADING.match(bare):
        after, note = _unit_after(match["rest"], form)
        return _reading(match["number"], unit or after, note, form)
    if match := _LABELLED.match(text):
        before, _ = _unit_after(match["label"], form)
        after, rest = _unit_after(match["rest"], form)
        note = " ".join(filter(None, [match["label"].strip(), rest]))
        return _reading(match["number"], before or after, note, form)
    first, _, rest = text.partition(" ")
    word = form.cell_words.get(first.casefold())
    if word and word.value is not None and not _DIGIT.search(rest):
        return Reading(word.value, None, word.status, rest.strip() or None)
    if _DIGIT.search(text):
        raise Unreadable(f"cannot tell the number in {raw!r}")
    raise Unreadable(f"{raw!r} is neither a number nor a known word")


def _reading(number: str, unit: Unit | None, note: str, form: Form) -> Reading:
    estimate = any(word in normal(note).split() for word in form.estimate_words)
    return Reading(read_number(number), unit, "estimate" if estimate else "normal", note or None)


def _unit_before(text: str, form: Form) -> tuple[Unit | None, str]:
    """A unit that stands before the number ("€ 3.914"), and the text after it."""
    for sign, unit in form.cell_units.items():
        if text.casefold().startswith(sign):
            rest = text[len(sign) :].lstrip(". ")
            if rest[:1].isdigit() or (rest[:1] in "+-−–" and rest):
                return unit, rest
    return None, text


def _unit_after(text: str, form: Form) -> tuple[Unit | None, str]:
    """A unit that the text begins with ("% dei casi"), and the words that remain as a note."""
    bare = text.strip()
    first = re.match(r"%|€|[^\W\d]+\.?", bare)
    if not first:
        return None, bare.lstrip(":;,").strip()
    unit = form.cell_units.get(first.group().casefold().rstrip("."))
    if unit is None:
        return None, bare
    return unit, bare[first.end() :].strip(" .;:,")
