"""Texts that are cut off: they stop where no sentence does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mappe_servizi.document.consistency.finding import Fact, Finding
from mappe_servizi.records import Document, ServiceMap, Text

# Words that no Italian sentence ends with.
_OPEN_WORDS = frozenset(
    ["e", "ed", "o", "od", "di", "del", "dello", "della", "dei", "degli", "delle", "da", "dal", "dalla", "dai", "dalle", "in", "nel", "nella", "nei", "nelle", "con", "per", "su", "sul", "sulla", "tra", "fra", "a", "al", "allo", "alla", "ai", "agli", "alle", "il", "lo", "la", "i", "gli", "le", "un", "una", "che", "cui", "come", "nonché", "oltre", "ma"]
)
_LAST_WORD = re.compile(r"(?:^|[\s(])([^\W\d_]+['’]?)$")  # not the A of "13/A"
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("“", "”"))


def find(document: Document) -> Iterator[Finding]:
    """All the texts that look cut off."""
    for sheet in document.maps:
        for section, text in texts_of(sheet):
            if text is not None and (sign := sign_of_cut(text.value)):
                yield _finding(sheet, section, text, sign)


def texts_of(sheet: ServiceMap) -> Iterator[tuple[str, Text | None]]:
    """The texts of a map with their sections, in document order."""
    for e in sheet.elements:
        yield from ((e.kind, e.name), (e.kind, e.description))
    for i in sheet.indicators:
        yield i.table, i.label
    yield from (("criteria", c.text) for c in sheet.criteria)
    for s in sheet.segments:
        yield from (("segments", s.name), ("segments", s.description))
    yield from (("management", m.note) for m in sheet.management)
    for c in sheet.coproduction:
        yield from (("coproduction", c.segment), ("coproduction", c.role))
    for t in sheet.structures:
        yield from (("structures", t.name), ("structures", t.note))


def sign_of_cut(text: str) -> tuple[str, str] | None:
    """What tells that a text is cut off (it, en), None if nothing does.

    >>> sign_of_cut("ore di presenza e di")[1]
    "it ends with 'di'"
    >>> sign_of_cut("Enti (Arpa, ATS)") is None
    True
    """
    bare = text.rstrip()
    for opening, closing in _PAIRS:
        if bare.count(opening) > bare.count(closing):
            return f"la parentesi {opening!r} non si chiude", f"{opening!r} is not closed"
    if bare.endswith((",", "-", "–", "/")) and len(bare) > 1:
        return f"termina con {bare[-1]!r}", f"it ends with {bare[-1]!r}"
    last = _LAST_WORD.search(bare)
    word = last.group(1) if last else ""
    if len(bare.split()) > 2 and (
        word.casefold() in _OPEN_WORDS or (word.endswith(("'", "’")) and len(word) <= 4)
    ):
        return f"termina con {word!r}", f"it ends with {word!r}"
    return None


def _finding(sheet: ServiceMap, section: str, text: Text, sign: tuple[str, str]) -> Finding:
    value = text.value
    label = value if len(value) <= 80 else f"{value[:60]}…{value[-19:]}"
    return Finding(
        "text-cut-off", "info", sheet.number, section, label, None, value[-80:], None,
        f"Il testo {label!r} sembra troncato: {sign[0]}.",
        f"The text {label!r} seems cut off: {sign[1]}.",
        (Fact(sheet.number, section, label, None, text.printed, text.lines),),
    )  # fmt: skip
