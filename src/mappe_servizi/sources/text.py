"""Plain text and Markdown: bytes to numbered lines; nothing else knows encodings and line ends."""

from __future__ import annotations

import re

from mappe_servizi.model.text import composed
from mappe_servizi.sources.block import Content, DocumentKind, Unplaced
from mappe_servizi.sources.lines import read_lines

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes) -> str:
    """The text of a document: UTF-8 with or without a byte-order mark, else Windows-1252.

    Raises:
        Unplaced: the bytes are neither, or hold control characters.

    >>> decode("\\ufeffQuantità".encode()) == decode("Quantità".encode("cp1252"))
    True
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise Unplaced(line, "neither UTF-8 nor Windows-1252 text") from None
    return printable(text)


def printable(text: str) -> str:
    """A decoded text, composed.

    Raises:
        Unplaced: it holds control characters, which no text has.
    """
    if found := _CONTROL.search(text):
        line = len(_LINE_END.findall(text, 0, found.start())) + 1
        raise Unplaced(line, f"control character {found.group()!r}: not a text document")
    return composed(text)


def split_lines(text: str) -> tuple[str, ...]:
    r"""The lines, without their ends; a form feed is a page break and stands for nothing.

    >>> split_lines("a\r\nb\rc\n")
    ('a', 'b', 'c')
    """
    lines = _LINE_END.split(text.replace("\f", ""))
    return tuple(lines[:-1] if lines and lines[-1] == "" else lines)


def read(data: bytes) -> Content:
    """A text's lines as rows.

    Raises:
        Unplaced: it is no text, or has a table of HTML that cannot be laid out.
    """
    lines = split_lines(decode(data))
    return Content(tuple(read_lines(lines)), lines)


KIND = DocumentKind(
    "text",
    (".txt", ".md", ".markdown", ".text", ".tsv"),
    lambda data: b"\0" not in data[:4096],
    read,
    passes=2,
)
