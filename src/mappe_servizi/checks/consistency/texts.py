"""Texts that are cut off: they stop where no sentence does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mappe_servizi.checks.consistency.finding import Fact, Finding
from mappe_servizi.model.name_words import ARTICLES, ELIDED, PREPOSITIONS
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap, Text

_OPEN_WORDS = ((ARTICLES | PREPOSITIONS) - ELIDED - {"uno"}) | frozenset(
    "e ed o od che cui come nonché oltre ma".split()  # noqa: SIM905
)
"""Words that no Italian sentence ends with; "uno" is a number too."""
_ELIDED = ELIDED | {"un", "c", "quell"}
_LAST_WORD = re.compile(r"(?:^|[\s(])([^\W\d_]+['’]?)$")  # not the A of "13/A"
_REVIEWED = ("chi l'ha riletto non ne trova la fine", "the proof-reader did not find its end")
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))


def find(document: Document) -> Iterator[Finding]:
    """All the texts that look cut off."""
    known = {c.id for c in document.corrections if c.kind == "truncated" and not c.reads}
    for sheet in document.maps:
        for section, record, text in texts_of(sheet):
            if text is None:
                continue
            reviewed = known.intersection(text.corrections)
            if sign := (_REVIEWED if reviewed else sign_of_cut(text.value)):
                yield _finding(sheet, (section, record), text, sign)


def texts_of(sheet: ServiceMap) -> Iterator[tuple[str, str, Text | None]]:
    """The texts of a map with their sections and records, in document order."""
    for e in sheet.elements:
        record = f"{e.kind}:{e.position}"
        yield from ((e.kind, record, e.name), (e.kind, record, e.description))
    for i in sheet.indicators:
        yield i.table, f"{i.table}:{i.position}", i.label
    yield from (("criteria", f"criterion:{c.position}", c.text) for c in sheet.criteria)
    for s in sheet.segments:
        record = f"segment:{s.position}"
        yield from (("segments", record, s.name), ("segments", record, s.description))
    yield from (("management", f"management:{m.form}", m.note) for m in sheet.management)
    for c in sheet.coproduction:
        record = f"coproduction:{c.position}"
        yield from (("coproduction", record, c.segment), ("coproduction", record, c.role))
    for t in sheet.structures:
        record = f"structure:{t.position}"
        yield from (("structures", record, t.name), ("structures", record, t.note))
    yield from (("conditions", f"condition:{c.position}", c.text) for c in sheet.conditions)


def sign_of_cut(text: str) -> tuple[str, str] | None:
    """What tells that a text is cut off (it, en), None if nothing does.

    >>> sign_of_cut("ore di presenza e di")[1]
    'it ends with «di»'
    >>> sign_of_cut("Enti (Arpa, ATS)") is None
    True
    """
    bare = text.rstrip()
    for opening, closing in _PAIRS:
        if bare.count(opening) > bare.count(closing):
            return f"la parentesi «{opening}» non si chiude", f"«{opening}» is not closed"
    if bare.endswith((",", "-", "–", "/")) and len(bare) > 1:
        return f"termina con «{bare[-1]}»", f"it ends with «{bare[-1]}»"
    last = _LAST_WORD.search(bare)
    word = last.group(1) if last else ""
    elided = word.endswith(("'", "’")) and word[:-1].casefold() in _ELIDED
    if len(bare.split()) > 2 and (word.casefold() in _OPEN_WORDS or elided):
        return f"termina con «{word}»", f"it ends with «{word}»"
    return None


def _finding(sheet: ServiceMap, place: tuple[str, str], text: Text, sign: tuple[str, str]) -> Finding:
    section, record = place
    value = text.value
    label = value if len(value) <= 80 else f"{value[:60]}…{value[-19:]}"
    return Finding(
        "text-cut-off", "info", sheet.number, section, record, label, None, value[-80:], None,
        f"Il testo «{label}» sembra troncato: {sign[0]}.",
        f"The text «{label}» seems cut off: {sign[1]}.",
        (Fact(sheet.number, section, label, None, text.printed, text.lines),),
    )  # fmt: skip
