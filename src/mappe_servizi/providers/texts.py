"""Walking through the texts of a map, for what may be cited or printed anywhere in it."""

from __future__ import annotations

from collections.abc import Iterator

from mappe_servizi.model.service_map import ServiceMap, Text


def all_texts(service_map: ServiceMap) -> Iterator[Text]:
    """Every text of a map, in the order of its records."""
    found = list[Text]()
    _gather(service_map, found)
    return iter(found)


def _gather(value: object, found: list[Text]) -> None:
    if isinstance(value, Text):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _gather(item, found)
    else:
        for name in getattr(value, "__dataclass_fields__", ()):
            _gather(getattr(value, name), found)


def line_of(text: Text, start: int) -> int:
    """The line of the document on which a character of a text stands.

    Each part of a text is one line where there are as many of both; else it is the first line.

    >>> line_of(Text("uno due tre", (7, 9), ("uno due", "tre")), 8)
    9
    """
    if len(text.parts) != len(text.lines) or text.corrected is not None:
        return text.lines[0]
    end = 0
    for part, line in zip(text.parts, text.lines, strict=True):
        end += len(part) + 1
        if start < end:
            return line
    return text.lines[-1]
