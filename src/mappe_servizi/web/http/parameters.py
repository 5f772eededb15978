"""Typed reading of what a request says: one shape of error for whatever it gets wrong.

Each function returns a value of the type that it names, or raises a problem (400) that says where
the value stands, what it is, and what is allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from mappe_servizi.web.http.problems import Problem

MOST_SHOWN, MAX_NAME = 60, 500
Json = dict[str, Any]


class Parameters(BaseModel):
    """The parameters of an address; what it does not know it leaves out, unless a model forbids it."""

    model_config = ConfigDict(frozen=True)


Read = TypeVar("Read", bound=Parameters)


@dataclass(frozen=True)
class Whole:
    """Marks the type of a whole number in an address, which has digits only.

    >>> Whole(1, 100).parsed("12")
    12
    """

    least: int
    most: int

    def parsed(self, value: object) -> int:
        """The number.

        Raises:
            PydanticCustomError: it is none, or not between the least and the most.
        """
        digits = value if isinstance(value, str) and value.isascii() and value.isdigit() else ""
        if digits and len(digits) <= len(str(self.most)) + 1 and self.least <= int(digits) <= self.most:
            return int(digits)
        raise not_allowed(f"a number from {self.least} to {self.most}")

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """How pydantic reads it."""
        return core_schema.no_info_plain_validator_function(self.parsed)

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> Json:
        """How the API's document describes it."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


def not_allowed(allowed: str) -> PydanticCustomError:
    """What a validator raises: the model says of which parameter."""
    return PydanticCustomError("not_allowed", "must be {allowed}", {"allowed": allowed})


def said(sentence: str) -> PydanticCustomError:
    """What a validator raises that has a sentence of its own."""
    return PydanticCustomError("said", "{sentence}", {"sentence": sentence})


def read(model: type[Read], values: Mapping[str, str]) -> Read:
    """The parameters of an address by their types.

    Raises:
        Problem: some are not as they must be; it tells all of them.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        known = ", ".join(field.alias or name for name, field in model.model_fields.items())
        found = error.errors(include_url=False)
        raise Problem(400, "bad-request", "; ".join(_said(one, known) for one in found)) from None


def _said(error: ErrorDetails, known: str) -> str:
    """One thing that is wrong, as every problem says it."""
    where, value = ".".join(map(str, error["loc"])), error["input"]
    context = error.get("ctx", {})
    match error["type"]:
        case "not_allowed":
            return _refused(where, value, context["allowed"])
        case "string_too_long":
            return _refused(where, value, f"a text of {context['max_length']} characters at most")
        case "said":
            return error["msg"]
        case "extra_forbidden":
            return f"there is no parameter {where!r}; there are: {known}"
        case _:
            return f"{where}: {error['msg']}"


def refuse(where: str, value: object, allowed: str) -> NoReturn:
    """Refuse a value.

    Raises:
        Problem: always.
    """
    raise Problem(400, "bad-request", _refused(where, value, allowed))


def _refused(where: str, value: object, allowed: str) -> str:
    shown = repr(value)
    shown = shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}..."
    return f"{where} must be {allowed}, not {shown}"


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
