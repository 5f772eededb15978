"""Mark-up inside a cell: taken away, and told what was taken (for the ledger)."""

from __future__ import annotations

import html
import re

from pylatexenc.latex2text import LatexNodes2Text

from mappe_servizi.model.text import composed
from mappe_servizi.sources.block import EMPTY, Cell

_PARAGRAPH = r"p|div|br|li"
_INLINE = r"b|i|u|em|strong|span|sup|sub|font|a|small|ul|ol"
_TAG = re.compile(rf"</?(?:{_PARAGRAPH}|{_INLINE})\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(rf"^</?(?:{_PARAGRAPH})\b", re.IGNORECASE)
_LATEX = re.compile(r"\$[^$\n]{1,30}\$|\\[A-Za-z]+(?:\{[^{}]*\})?")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
_EMPHASIS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_RAISED = re.compile(r"(</?su[pb]\b[^<>]*>)", re.IGNORECASE)
_TAG_OR_DIGITS = re.compile(r"<[^<>]*>|[0-9]+")
_DIGITS = {
    "p": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "b": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
}
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")  # Markdown's: the sign stands for itself
_HELD = 0x100000  # where an escaped sign waits, so that nothing takes it for mark-up
_LET_GO = {_HELD + code: chr(code) for code in range(0x21, 0x7F)}
_SPACE = re.compile(r"\s+")
_PART_BREAK = "\x1e"
_latex = LatexNodes2Text(math_mode="text")


def clean(raw: str) -> Cell:
    r"""A cell's text: tags and emphasis gone, entities and LaTeX remains as Unicode.

    A "<" that opens no known tag is text. Raised and lowered digits stay apart from the others.

    >>> clean(r"<p>Importo \geq a € 150</p> <p>ISEE<25.000€ e $<$ 3</p>").parts
    ('Importo ≥ a € 150', 'ISEE<25.000€ e < 3')
    >>> clean("**AMBIENTE").text
    'AMBIENTE'
    >>> clean(r"1\. \*note\* \<b\>").text
    '1. *note* <b>'
    >>> clean("1.204<sup>1</sup>").text
    '1.204¹'
    """
    if not raw or raw.isspace():
        return EMPTY
    stripped: list[str] = []
    raw = _ESCAPE.sub(lambda m: chr(_HELD + ord(m[1])), raw) if "\\" in raw else raw

    def taken(replacement: str, match: re.Match[str]) -> str:
        stripped.append(match.group())
        return replacement

    text = _TAG.sub(lambda m: taken(_PART_BREAK if _BREAK.match(m.group()) else "", m), _raised(raw))
    text = _EMPHASIS.sub(lambda m: taken("", m), text)
    text = _LATEX.sub(lambda m: taken(_latex.latex_to_text(m.group()), m), text)
    text = _ENTITY.sub(lambda m: taken(composed(html.unescape(m.group())), m), text)
    text = text if text.isascii() else composed(text).translate(_LET_GO)
    parts = tuple(p for p in (_SPACE.sub(" ", part).strip() for part in text.split(_PART_BREAK)) if p)
    return Cell(" ".join(parts), parts, tuple(stripped))


def raised_digits(text: str, kind: str) -> str:
    """The digits of a raised ("sup") or lowered ("sub") text, which are no part of the number before them.

    >>> raised_digits("1", "sup"), raised_digits("2", "sub")
    ('¹', '₂')
    """
    return text.translate(_DIGITS["p" if kind == "sup" else "b"])


def _raised(raw: str) -> str:
    """The digits inside of sup and sub as raised and lowered ones: "12" and a note's "3" are not 123."""
    pieces = _RAISED.split(raw)
    if len(pieces) == 1:
        return raw
    kind = ""
    for i, piece in enumerate(pieces):
        if i % 2:
            kind = "" if piece.startswith("</") else piece[3].casefold()
        elif kind:
            digits = _DIGITS[kind]
            pieces[i] = _TAG_OR_DIGITS.sub(
                lambda m: m[0] if m[0].startswith("<") else m[0].translate(digits),  # noqa: B023
                piece,
            )
    return "".join(pieces)
