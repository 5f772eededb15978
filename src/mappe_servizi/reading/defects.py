"""What keeps a document from being read; what has a row that may mend it says what that row needs."""

from __future__ import annotations

from collections.abc import Sequence

from mappe_servizi.sources.block import Unplaced


class Defects(ValueError):
    """Several sections of a sheet do not fit the form: the first thing that is wrong with each."""

    def __init__(self, errors: Sequence[Unplaced]) -> None:
        self.errors = errors
        super().__init__("; ".join(error.reason for error in errors))


class WithoutSheet(Unplaced):
    """An entry of the index that says that it is published, and has no sheet."""

    def __init__(self, line: int, number: int, title: str) -> None:
        super().__init__(line, "no sheet for the entry {} {!r}", number, title)


class WithoutEntry(Unplaced):
    """A sheet that the index does not name."""

    def __init__(self, line: int, heading: str) -> None:
        self.heading = heading
        super().__init__(line, "the sheet {!r} matches no entry of the index", heading)


class NumberTwice(Unplaced):
    """A number that two entries of the index have."""

    def __init__(self, line: int, number: int) -> None:
        self.number = number
        super().__init__(line, "the number {} stands twice in the index", number)


class WithoutName(Unplaced):
    """A sheet whose heading lacks a name: the service's, or that of who is responsible."""

    def __init__(self, line: int, role: str) -> None:
        self.role = role
        super().__init__(line, "the sheet's heading names no {}", role)


class WithoutSections(Unplaced):
    """A sheet that ends before the form does."""

    def __init__(self, line: int, sections: Sequence[str]) -> None:
        self.sections = tuple(sections)
        super().__init__(line, "the sheet lacks the sections {}: cut off?", ", ".join(sections))


class TwoTexts(Unplaced):
    """A row of two texts in a table of one column: a row of the next table, whose label is missing?"""

    def __init__(self, line: int, printed: str) -> None:
        super().__init__(line, "one text expected: {!r}", printed)
