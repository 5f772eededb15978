"""Rows that the form does not tell how to read: refused with their line, never made into records.

A row that a reviewed correction made is read as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from mappe_servizi.model.text import normal
from mappe_servizi.reading.form import Form
from mappe_servizi.reading.numbers import RUN, Unreadable, read_number
from mappe_servizi.reading.sections import COLUMNS, FIGURES, PlacedRow
from mappe_servizi.sources.block import Unplaced

WITHOUT_CONTENT = frozenset({"contents", "audience", "delivery"})
LONGEST_LABEL = 120
LIKE_A_LABEL = 85.0  # similarity; of Cremona's 2,400 rows none comes above 76 that is no label
_SAY = "say in data/knowledge (labels.csv, pages.csv) or in corrections.csv (kind rows) what it is"
_AMOUNT = re.compile(rf"(?:€|euro)?\s*(?P<number>{RUN})\s*(?:€|euro)?", re.IGNORECASE)


def check(placed: Sequence[PlacedRow], form: Form, title: Iterable[str]) -> None:
    """Refuse what stands in no table, looks like a label or comes again.

    Args:
        placed: the rows of a sheet, corrections applied.
        form: the words of the form.
        title: what heads the document, which its pages may print again.

    Raises:
        Unplaced: the first such row.
    """
    heads = {normal(text) for text in title}
    filled: set[str] = set()
    seen: set[str] = set()
    above: PlacedRow | None = None
    for item in placed:
        if above is not None and item.section != above.section:
            seen |= filled & {above.section}
        if item.kind == "content" and item.section != "heading" and not item.row.corrections:
            reason = _reason(item, above, form, heads)
            if reason is None and item.section in seen:
                reason = f"the section {item.section!r} is printed a second time, with other rows"
            if reason:
                raise Unplaced(item.row.line, "{!r}: {}", item.row.printed, reason)
        if item.kind == "content":
            filled.add(item.section)
        if item.kind not in {"blank", "page"}:
            above = item


def _reason(item: PlacedRow, above: PlacedRow | None, form: Form, heads: set[str]) -> str | None:
    """Why a row cannot be read, None if it can."""
    texts = [text for text in item.source.texts if text]
    label = None if _has_figures(item, form) else _label_of(texts, form)
    first = above is None or above.kind != "content" or above.section != item.section
    alone = item.section == "criteria" or (item.section == "personnel" and first)
    columns, reason = COLUMNS.get(item.section, 0), None
    if item.section in WITHOUT_CONTENT:
        reason = "stands in no table"
    elif item.row.single and normal(texts[0]) in heads:
        reason = "the head of a page inside a table"
    elif label:
        reason = f"looks like the label {label!r}, which it is not"
    elif item.section in FIGURES:
        return None
    elif item.row.single and not alone:
        reason = "a line of text, no row of the table: a label, the head of a page, a wrapped line?"
    elif len(texts) == 1 and item.offset and item.row.cell(0) and item.row.width > columns == 2:
        reason = "a text in the column of the labels that is none"
    elif columns == 2 and len(texts) > 1 and form.is_header(texts[-1]):
        reason = "a header whose other words the form does not know"
    elif columns and _is_amount(texts[-1]):
        reason = "a figure in a table of texts"
    return f"{reason}; {_SAY}" if reason else None


def _has_figures(item: PlacedRow, form: Form) -> bool:
    """Whether figures stand beside a row's label: then it is none of the form's, whatever it is like."""
    beside = item.source.texts[1:] if item.section in FIGURES else ()
    return any(any(map(str.isdigit, text)) and form.year_of(text) is None for text in beside)


def _label_of(texts: Iterable[str], form: Form) -> str | None:
    return next((label for text in texts if (label := _like_label(text, form))), None)


def _like_label(text: str, form: Form) -> str | None:
    """The label that a text is nearly, None if it is like none, or is one."""
    if len(text) > LONGEST_LABEL:
        return None
    bare = normal(text)
    if bare in form.sections or bare in form.headers:
        return None
    found = process.extractOne(bare, form.sections.keys(), scorer=fuzz.ratio, score_cutoff=LIKE_A_LABEL)
    return str(found[0]) if found else None


def _is_amount(text: str) -> bool:
    """Whether a text is a figure and nothing else."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        return False
    try:
        read_number(found["number"])
    except Unreadable:
        return False
    return True
