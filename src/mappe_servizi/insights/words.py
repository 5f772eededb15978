"""Statements in words, Italian or English; rows are quoted as the document prints them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

from mappe_servizi.insights.statements import Statement
from mappe_servizi.insights.towns import TownComparison
from mappe_servizi.model.written import written_number

Language = Literal["it", "en"]
UNITS: Final = {"count": "", "EUR": " €", "percent": "%", "h": " h", "d": " d", "m2": " m²"}
"""How units are written behind a number; all others by their code."""


class TownNames(NamedTuple):
    """What a comparison of municipalities is about, in one language."""

    indicator: str
    town: str
    population: str


def sentence(statement: Statement, language: Language) -> str:
    """The statement as a sentence, its service first."""
    return f"{statement.about.title}: {predicate(statement, language)}"


def predicate(statement: Statement, language: Language) -> str:
    """The same without the service."""
    return {"change": _change, "share": _share, "rank": _rank}[statement.kind](statement, language)


def number(value: float, language: Language, *, sign: bool = False, places: int = 3) -> str:
    """A number as it is written in a language.

    >>> number(1234.5, "it"), number(1234.5, "en"), number(-3, "it", sign=True), number(6.25, "en", places=1)
    ('1.234,5', '1,234.5', '−3', '6.3')
    """
    rounded = abs(Decimal(str(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = written_number(rounded, language)
    nothing = not text.strip("0.,")
    return text if nothing else f"{'−' if value < 0 else '+' if sign else ''}{text}"


def _quoted(name: str, language: Language) -> str:
    return f"«{name}»" if language == "it" else f"“{name}”"


def _change(statement: Statement, language: Language) -> str:
    first, last = statement.figures
    unit = UNITS.get(last.unit, f" {last.unit}")
    before, after = (f"{number(one.number, language)}{unit}" for one in (first, last))
    row = _quoted(last.name, language)
    if statement.value == 0:
        same = "come nel" if language == "it" else "as in"
        return f"{row}, {after} {_in(last.year, language)}, {same} {first.year}."
    relative = ""
    if statement.percent is not None:
        relative = f" ({number(statement.percent, language, sign=True, places=1)}%)"
    if language == "it":
        return f"{row}, da {before} nel {first.year} a {after} nel {last.year}{relative}."
    return f"{row}, from {before} in {first.year} to {after} in {last.year}{relative}."


def _share(statement: Statement, language: Language) -> str:
    whole, part = statement.figures
    unit = UNITS.get(part.unit, f" {part.unit}")
    row, total = _quoted(part.name, language), _quoted(whole.name, language)
    share = number(statement.value, language, places=1)
    counts = f"{number(part.number, language)}{unit}", f"{number(whole.number, language)}{unit}"
    if language == "it":
        return f"{row} è il {share}% di {total} nel {part.year} ({counts[0]} su {counts[1]})."
    return f"{row} is {share}% of {total} in {part.year} ({counts[0]} of {counts[1]})."


def _rank(statement: Statement, language: Language) -> str:
    figure, place = statement.about, int(statement.value)
    row = _quoted(figure.name, language)
    value = f"{number(figure.number, language)}{UNITS.get(figure.unit, f' {figure.unit}')}"
    if language == "it":
        return f"{row}, {value} nel {figure.year}, è al posto {place} fra {statement.among} righe simili."
    return f"{row}, {value} in {figure.year}, is number {place} of {statement.among} rows alike."


def within(name: str) -> str:
    """A vocabulary's name as it stands within a sentence.

    >>> within("Contribuenti IMU")
    'contribuenti IMU'
    """
    return name[:1].lower() + name[1:]


def _in(year: int, language: Language) -> str:
    return f"nel {year}" if language == "it" else f"in {year}"


def town_sentence(one: TownComparison, names: TownNames, language: Language) -> str:
    """What a municipality has of a shared indicator, against its population and among others.

    Args:
        names: of the indicator, the municipality and the population, in the language.
    """
    figure = one.figure
    unit = UNITS.get(figure.unit, f" {figure.unit}")
    value = f"{number(figure.value, language)}{unit} {_in(figure.year, language)}"
    told = [f"{names.indicator}, {names.town}: {value}"]
    if one.population is not None and one.per_thousand is not None:
        places = 2 if one.per_thousand >= 1 else 4
        rate = number(one.per_thousand, language, places=places)
        per = "ogni 1.000" if language == "it" else "per 1,000"
        told.append(
            f", {rate}{unit} {per} {within(names.population)} ({number(one.population.value, language)})"
        )
    if one.place:
        among = f"al posto {one.place} fra {one.among} comuni"
        english = f"number {one.place} of {one.among} municipalities"
        told.append(f"; {among if language == 'it' else english}")
    return "".join(told) + "."
