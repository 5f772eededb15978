"""Hits of a search with the words that were looked for marked."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup, escape

from mappe_servizi.release.search_index import STOP, WORD, stem, stems

EXCERPT, BEFORE = 240, 60
KINDS = {
    "public-service": "Servizi",
    "element": "Elementi",
    "segment": "Segmenti di utenza",
    "output-indicator": "Prodotti",
    "user-indicator": "Utenti",
    "organization": "Soggetti",
    "place": "Luoghi",
    "office": "Uffici",
    "channel": "Canali",
    "area": "Aree",
    "controlled-vocabulary": "Vocabolari",
}
"""The kinds that visitors filter by, in the pages' Italian."""


def wanted(text: str, instead: dict[str, tuple[str, ...]]) -> frozenset[str]:
    """The stems to mark: those of the query, and those that stood in for unknown ones."""
    found = set(stems(text))
    for near in instead.values():
        found.update(near)
    return frozenset(found)


def mark(text: str, wanted_stems: Collection[str]) -> Markup:
    """A text with its wanted words marked, all else escaped.

    >>> mark("Asili <nido>", {"asil"})
    Markup('<mark>Asili</mark> &lt;nido&gt;')
    """
    parts, end = [], 0
    for match in WORD.finditer(text):
        if _is_wanted(match[0], wanted_stems):
            parts.append(escape(text[end : match.start()]) + Markup("<mark>{}</mark>").format(match[0]))
            end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def excerpt(text: str, wanted_stems: Collection[str]) -> Markup:
    """The piece of a longer text around the first wanted word, marked; empty where it has none."""
    first = next((m for m in WORD.finditer(text) if _is_wanted(m[0], wanted_stems)), None)
    if first is None:
        return Markup("")
    start = max(0, first.start() - BEFORE)
    if start:
        start = text.find(" ", start) + 1
    piece = text[start : start + EXCERPT]
    cut = start + EXCERPT < len(text)
    if cut:
        piece = piece.rpartition(" ")[0] or piece
    return Markup("{}{}{}").format("… " if start else "", mark(piece, wanted_stems), " …" if cut else "")


def _is_wanted(word: str, wanted_stems: Collection[str]) -> bool:
    lower = word.lower()
    return lower not in STOP and stem(lower) in wanted_stems
