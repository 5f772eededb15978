"""Typed reading of what a request says: one shape of error for whatever it gets wrong.

Each function returns a value of the type that it names, or raises a problem (400) that says where
the value stands, what it is, and what is allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from mappe_servizi.web.http.problems import Problem

MOST_SHOWN, MAX_NAME = 60, 500
Json = dict[str, Any]


def refuse(where: str, value: object, allowed: str) -> NoReturn:
    """Refuse a value.

    Raises:
        Problem: always.
    """
    shown = repr(value)
    shown = shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}..."
    raise Problem(400, "bad-request", f"{where} must be {allowed}, not {shown}")


def single(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The parameters of an address.

    Raises:
        Problem: one is given more than once.
    """
    values: dict[str, str] = {}
    for name, value in fields:
        if name in values:
            raise Problem(400, "bad-request", f"the parameter {name} is given more than once")
        values[name] = value
    return values


def number(values: Mapping[str, str], name: str, default: int, most: int, least: int = 1) -> int:
    """A parameter that is a whole number.

    Raises:
        Problem: it is none, or not between the least and the most.

    >>> number({"page": "12"}, "page", 1, 100), number({}, "page", 1, 100)
    (12, 1)
    """
    value = values.get(name)
    if value is None:
        return default
    digits = value.isascii() and value.isdigit() and len(value) <= len(str(most)) + 1
    if not (digits and least <= int(value) <= most):
        refuse(name, value, f"a number from {least} to {most}")
    return int(value)


def text(where: str, value: object, most: int) -> str:
    """A text of Unicode characters.

    Raises:
        Problem: it is none, has half of a character (a lone surrogate), or is too long.
    """
    if not isinstance(value, str) or len(value) > most or has_surrogate(value):
        refuse(where, value, f"a text of {most} characters at most")
    return value


def has_surrogate(value: str) -> bool:
    """Whether a text has half of a character, which no encoding can write.

    >>> has_surrogate("caffè"), has_surrogate("a\\ud800")
    (False, True)
    """
    return not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value)


def items(where: str, value: object, most: int | None = None) -> list[Any]:
    """A list.

    Raises:
        Problem: it is none (400), or has too many members (413).
    """
    if not isinstance(value, list):
        refuse(where, value, "a list")
    too_many(where, len(value), most)
    return value


def members(where: str, value: object, most: int | None = None) -> Json:
    """An object of JSON; its names are texts.

    Raises:
        Problem: it is none (400), or has too many members (413).
    """
    if not isinstance(value, dict):
        refuse(where, value, "an object")
    too_many(where, len(value), most)
    for name in value:
        text(f"a name in {where}", name, MAX_NAME)
    return value


def too_many(where: str, size: int, most: int | None) -> None:
    """Refuse what has too many members.

    Raises:
        Problem: it has (413).
    """
    if most is not None and size > most:
        raise Problem(413, "content-too-large", f"{where} may have {most} members at most, not {size}")


def truth(where: str, value: object) -> bool:
    """A truth value of JSON; none is false.

    Raises:
        Problem: it is another value.
    """
    if value is None:
        return False
    if not isinstance(value, bool):
        refuse(where, value, "true or false")
    return value


def choice(where: str, value: object, known: Iterable[str]) -> str:
    """One of some names.

    Raises:
        Problem: it is none of them.
    """
    names = list(known)
    if not isinstance(value, str) or value not in names:
        refuse(where, value, f"one of {', '.join(names)}")
    return value


def json_object(content: str, where: str) -> Json:
    """An object of JSON from its text.

    Raises:
        Problem: the text is none.
    """
    try:
        value = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        said = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise Problem(400, "bad-request", f"{where} must be JSON: {said}") from None
    return members(where, value)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
