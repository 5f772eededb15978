"""The one shape of the errors that a user meets: what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path


class MappeError(Exception):
    """An error that is told to the user in one sentence, without a traceback."""


class InputError(MappeError):
    """Something in a file we read cannot be used.

    >>> print(InputError("two rows have the slug 'nido'", file="identifiers.csv", line=7))
    identifiers.csv:7: two rows have the slug 'nido'
    """

    def __init__(self, message: str, *, file: str | Path, line: int | None = None) -> None:
        self.message, self.file, self.line = message, str(file), line
        place = f"{file}:{line}" if line is not None else f"{file}"
        super().__init__(f"{place}: {message}")


class InputErrors(MappeError):
    """Several input errors found in one pass, so that a maintainer sees them all at once."""

    def __init__(self, errors: list[InputError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))
