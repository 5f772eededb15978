"""Hits of a search with the words that were looked for marked."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from markupsafe import Markup, escape

from mappe_servizi.outputs.stemming import STOP, WORD, asked, words

EXCERPT, BEFORE = 240, 60
KINDS = {
    "public-service": "Servizi",
    "area": "Aree",
    "segment": "Gruppi di utenti",
    "element": "Elementi",
    "output-indicator": "Prodotti",
    "output": "Atti e prestazioni",
    "cost": "Costi",
    "requirement": "Requisiti e documenti",
    "user-indicator": "Utenti",
    "comparable": "Dati confrontabili",
    "organization": "Soggetti",
    "place": "Luoghi",
    "office": "Uffici",
    "channel": "Canali",
    "criterion": "Criteri di segmentazione",
    "municipality": "Comuni",
    "controlled-vocabulary": "Vocabolari",
    "dataset": "Insiemi di dati",
    "onto": "Ontologia",
}
"""The kinds of what is found, in the pages' Italian: each that an index has."""
FILTERS = frozenset(KINDS) - {"comparable", "criterion", "municipality", "dataset", "onto"}
"""The kinds that visitors filter by."""


def wanted(text: str) -> frozenset[str]:
    """The stems to mark: those of the query."""
    return frozenset(stem for word in words(text) for stem in asked(word))


def mark(text: str, wanted_stems: AbstractSet[str]) -> Markup:
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


def excerpt(text: str, wanted_stems: AbstractSet[str]) -> str:
    """The piece of a longer text around the first wanted word, or its beginning where it has none.

    >>> excerpt("Si tratta di un servizio", {"serviz"})
    'Si tratta di un servizio'
    """
    first = next((m for m in WORD.finditer(text) if _is_wanted(m[0], wanted_stems)), None)
    start = max(0, first.start() - BEFORE) if first else 0
    if start:
        start = text.find(" ", start) + 1
    piece = text[start : start + EXCERPT]
    cut = start + EXCERPT < len(text)
    if cut:
        piece = piece.rpartition(" ")[0] or piece
    return f"{'… ' if start else ''}{piece}{' …' if cut else ''}"


def has_wanted(text: str, wanted_stems: AbstractSet[str]) -> bool:
    """Whether a text has one of the wanted words."""
    return any(_is_wanted(match[0], wanted_stems) for match in WORD.finditer(text))


def _is_wanted(word: str, wanted_stems: AbstractSet[str]) -> bool:
    lower = word.lower()
    return lower not in STOP and not wanted_stems.isdisjoint(asked(lower)[:2])
