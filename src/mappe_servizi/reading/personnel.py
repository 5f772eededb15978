"""The people of a service: one cell, a leading number and what it consists of."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from mappe_servizi.model.service_map import Personnel, Text
from mappe_servizi.model.wording import Wording
from mappe_servizi.reading.form import Form
from mappe_servizi.reading.numbers import (
    RUN,
    Unreadable,
    has_digit,
    is_note,
    read_number,
    without_lead,
)

_COUNT = rf"(?<![\d.,])({RUN})"
_LEADING = re.compile(rf"({RUN})(?=$|[\s(+;,])")
_BRACKETS = re.compile(r"\(([^()]*)\)")


def read_personnel(text: Text, form: Form) -> Personnel:
    """The leading number and what it consists of, where printed; no number is ever cut.

    Digits may follow it in brackets or behind a plus sign, with their words; where others do,
    the text is an open decision and has no value.

    >>> form = Form(wording=Wording({"external-staff": ["ditta"]}))
    >>> found = read_personnel(Text("69 (di cui 13 ditta esterna)", (1,)), form)
    >>> found.value, found.external
    (Decimal('69'), Decimal('13'))
    >>> read_personnel(Text("10-15", (1,)), Form()).open
    True
    """
    printed, estimate = without_lead(text.value, form)
    leading = _LEADING.match(printed)
    try:
        if not leading or estimate or not _is_rest(printed[leading.end() :], form):
            raise Unreadable(f"no rule tells the number in {printed!r}")
        municipal, external, other = (_number(p, printed) for p in _parts(form.wording))
        return Personnel(text, read_number(leading[1]), municipal, external, other)
    except Unreadable:
        return Personnel(text, None, open=has_digit(printed) or form.changes_number(printed))


@cache
def _parts(wording: Wording) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What the municipality's own people, those of others, and further ones are counted by."""
    staff, own, external = wording["staff"], wording["own-staff"], wording["external-staff"]
    more = wording["more-staff"]
    counted = rf"{_COUNT}\s+(?:{staff}\s+)?(?:di\s+)?"
    return (
        re.compile(counted + own, re.IGNORECASE),
        re.compile(counted + external, re.IGNORECASE),
        re.compile(rf"{more}\s*({RUN})\s+(?!{staff}|{external})[^\W\d]", re.IGNORECASE),
    )


@cache
def _more(wording: Wording) -> re.Pattern[str]:
    """A number of further people, with the word that says who they are behind it."""
    return re.compile(rf"{wording['more-staff']}\s*{RUN}\s+(?=[^\W\d])")


def _number(pattern: re.Pattern[str], printed: str) -> Decimal | None:
    found = pattern.search(printed)
    return read_number(found[1]) if found else None


def _is_rest(rest: str, form: Form) -> bool:
    """Whether what follows the number leaves it as it is."""
    if any(map(form.changes_number, _BRACKETS.findall(rest))):
        return False
    plain = _more(form.wording).sub("", _BRACKETS.sub("", rest))
    return is_note(plain, form) and not form.other_unit(plain)
