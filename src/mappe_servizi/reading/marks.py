"""The marks of a form that is ticked by hand: what says yes, what says no (data/knowledge/marks.csv)."""

from __future__ import annotations

from mappe_servizi.model.text import fold
from mappe_servizi.reading.form import Form

_STOPS = (",", ";", ".", ":", "(", "-", "–", "—")
_BOXES = "[("


def read_mark(text: str, form: Form) -> str | None:
    """The words beside a mark ("" if there are none), None where the mark says no.

    Any text marks what it stands beside, but a mark that says no.

    >>> form = Form(marks={"x": "yes", "☐": "no", "no": "no", "-": "no"})
    >>> read_mark("X (dal 2019)", form), read_mark("☐", form), read_mark("No, mai", form)
    ('(dal 2019)', None, None)
    >>> read_mark("No profit", form), read_mark("- appalto", form)
    ('No profit', '- appalto')
    """
    folded = fold(text).casefold()
    if folded in form.marks:
        return "" if form.marks[folded] == "yes" else None
    for mark in sorted(form.marks, key=len, reverse=True):
        rest = text[len(mark) :]
        if folded.startswith(mark) and _stands_alone(mark, rest):
            return rest.strip() if form.marks[mark] == "yes" else None
    return text


def _stands_alone(mark: str, rest: str) -> bool:
    """Whether a mark is one with these words behind it, and not their beginning."""
    if mark == "x":
        return not (rest[:1].isalnum() or rest[:1] == "_")
    if mark.isalpha():
        return rest.lstrip().startswith(_STOPS)
    return mark[0] in _BOXES or ord(mark[0]) > 0x2100  # boxes and ticks, not dashes and strokes
