"""Mark-up inside a cell: taken away, and told what was taken (for the ledger)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from pylatexenc.latex2text import LatexNodes2Text

_PARAGRAPH = r"p|div|br|li"
_INLINE = r"b|i|u|em|strong|span|sup|sub|font|a|small|ul|ol"
_TAG = re.compile(rf"</?(?:{_PARAGRAPH}|{_INLINE})\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(rf"^</?(?:{_PARAGRAPH})\b", re.IGNORECASE)
_LATEX = re.compile(r"\$[^$\n]{1,30}\$|\\[A-Za-z]+(?:\{[^{}]*\})?")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
_EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_SPACE = re.compile(r"\s+")
_PART_BREAK = "\x1e"
_latex = LatexNodes2Text(math_mode="text")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell without its mark-up.

    Attributes:
        text: the parts joined with one space.
        parts: the paragraphs of the cell, in order.
        stripped: the pieces of mark-up taken away, in order.
    """

    text: str
    parts: tuple[str, ...] = ()
    stripped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)


EMPTY = Cell("")


def clean(raw: str) -> Cell:
    r"""A cell's text: tags and emphasis gone, entities and LaTeX remains as Unicode.

    A "<" that opens no known tag is text.

    >>> clean(r"<p>Importo \geq a € 150</p> <p>ISEE<25.000€ e $<$ 3</p>").parts
    ('Importo ≥ a € 150', 'ISEE<25.000€ e < 3')
    >>> clean("**AMBIENTE").text
    'AMBIENTE'
    """
    if not raw or raw.isspace():
        return EMPTY
    stripped: list[str] = []

    def taken(replacement: str, match: re.Match[str]) -> str:
        stripped.append(match.group())
        return replacement

    text = _TAG.sub(lambda m: taken(_PART_BREAK if _BREAK.match(m.group()) else "", m), raw)
    text = _EMPHASIS.sub(lambda m: taken("", m), text)
    text = _LATEX.sub(lambda m: taken(_latex.latex_to_text(m.group()), m), text)
    text = _ENTITY.sub(lambda m: taken(html.unescape(m.group()), m), text)
    parts = tuple(p for p in (_SPACE.sub(" ", part).strip() for part in text.split(_PART_BREAK)) if p)
    return Cell(" ".join(parts), parts, tuple(stripped))
