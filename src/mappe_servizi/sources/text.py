"""Bytes to numbered lines: the only place that knows encodings and line ends."""

from __future__ import annotations

import re
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.text import composed

_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes, file: str | Path) -> str:
    """The text of a document: UTF-8 with or without a byte-order mark, else Windows-1252.

    Raises:
        InputError: the bytes are neither, or hold control characters.

    >>> decode("\\ufeffQuantità".encode(), "d.txt") == decode("Quantità".encode("cp1252"), "d.txt")
    True
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError("neither UTF-8 nor Windows-1252 text", file=file, line=line) from None
    if found := _CONTROL.search(text):
        line = len(_LINE_END.findall(text, 0, found.start())) + 1
        raise InputError(f"control character {found.group()!r}: not a text document", file=file, line=line)
    return composed(text)


def split_lines(text: str) -> tuple[str, ...]:
    r"""The lines, without their ends; a form feed is a page break and stands for nothing.

    >>> split_lines("a\r\nb\rc\n")
    ('a', 'b', 'c')
    """
    lines = _LINE_END.split(text.replace("\f", ""))
    return tuple(lines[:-1] if lines and lines[-1] == "" else lines)
