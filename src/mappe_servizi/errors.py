"""The one shape of the errors that a user meets: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any


class MappeError(Exception):
    """An error that is told to the user in one sentence, without a traceback.

    It comes whole out of another process, whatever its constructor asks for.

    >>> import pickle
    >>> print(pickle.loads(pickle.dumps(InputError("no such column", file="a.csv", line=1))))
    a.csv:1: no such column
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(kind: type[MappeError], args: tuple[Any, ...], state: dict[str, Any]) -> MappeError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(MappeError):
    """Something in a file we read cannot be used.

    >>> print(InputError("two rows have the slug 'nido'", file="identifiers.csv", line=7))
    identifiers.csv:7: two rows have the slug 'nido'
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path,
        line: int | None = None,
        row: int | None = None,
        defect: Exception | None = None,
    ) -> None:
        message = shortened(message)
        self.message, self.file, self.line = message, str(file), line
        self.row = row  # of a document, also of one that has no lines
        self.defect = defect  # what is wrong, as its reader found it
        place = f"{file}:{line}" if line is not None else f"{file}"
        super().__init__(f"{place}: {message}")


def gathered(errors: list[InputError]) -> None:
    """Raise what was found, if anything was.

    Raises:
        InputError: one.
        InputErrors: several.
    """
    if errors:
        raise errors[0] if len(errors) == 1 else InputErrors(errors)


def meant(name: str, known: Iterable[str]) -> str:
    """What a mistyped name may have meant, as a part of a sentence; "" where nothing is near.

    >>> meant("license", ["licence", "basis"]), meant("x", ["licence"])
    (" (did you mean 'licence'?)", '')
    """
    folded = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), folded, 1, 0.7)
    return f" (did you mean {folded[near[0]]!r}?)" if near else ""


LONGEST = 1_000
"""Characters of a message: what it quotes may be a file without line ends."""


def shortened(message: str) -> str:
    """A message that a terminal can show: of a long one, its beginning and its end.

    >>> shortened("no such column"), len(shortened("x" * 1_000_000))
    ('no such column', 1001)
    """
    half = LONGEST // 2
    return message if len(message) <= LONGEST else f"{message[:half]}…{message[-half:]}"


class InputErrors(MappeError):
    """Several input errors found in one pass, so that a maintainer sees them all at once."""

    def __init__(self, errors: list[InputError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))
