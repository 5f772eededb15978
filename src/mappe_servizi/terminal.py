"""What a command prints for people and for programs: tables that fit a terminal, plain text in a pipe.

On a terminal a table is drawn where its columns have room to be read, else each row becomes a list of its
cells. In a pipe or a file it is a line a row, its cells with tabs between them and nothing left out: what
``cut``, ``awk`` and spreadsheets read. Colours follow the conventions NO_COLOR and FORCE_COLOR.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

NARROWEST = 16
"""Columns of the terminal in which folded text can still be read."""
BETWEEN = 3
"""What a drawn table has between two columns."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

Row = Sequence[str]


def plain(text: str) -> str:
    """A text on one line, without what would steer a terminal.

    >>> plain("due\\nrighe e \\x1b[31mrosso")
    'due righe e [31mrosso'
    """
    return _CONTROLS.sub(" ", text).replace("  ", " ").strip(" ") if _CONTROLS.search(text) else text


def print_table(
    columns: Row, rows: Sequence[Row], caption: str = "", styles: Mapping[int, str | None] | None = None
) -> None:
    """Print a table on stdout, as what it is printed to can take.

    Args:
        columns: the names.
        rows: a cell a column.
        caption: told below a drawn table.
        styles: colours of rows, by their place.
    """
    rows = [[plain(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        print_lines(["\t".join(row) for row in (columns, *rows)])
        return
    console = Console(highlight=False)
    same = _same(columns, rows)
    for name, value in same.items():
        console.print(Text(f"{name}: {value}"))
    kept = [place for place, name in enumerate(columns) if name not in same]
    columns, rows = [columns[p] for p in kept], [[row[p] for p in kept] for row in rows]
    if fits([columns, *rows], console.width):
        console.print(_drawn(columns, rows, styles or {}))
    else:
        _print_records(console, columns, rows)
    if caption:
        console.print(Text(caption, style="dim"))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they are."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def fits(rows: Sequence[Row], width: int) -> bool:
    """Whether a table can be read in so many columns of a terminal, its longest cells folded.

    >>> fits([["number", "title"], ["1", "x" * 200]], 80), fits([["abcdefghij"] * 12], 80)
    (True, False)
    """
    least = (min(NARROWEST, max(map(len, column))) for column in zip(*rows, strict=True))
    return sum(size + BETWEEN for size in least) + 1 <= width


def _same(columns: Row, rows: Sequence[Row]) -> dict[str, str]:
    """The columns that say one and the same in every row of several, with what they say."""
    if len(rows) < 2:
        return {}
    cells = dict(zip(columns, zip(*rows, strict=True), strict=True))
    found = {name: values[0] for name, values in cells.items() if len({*values}) == 1}
    return found if len(found) < len(columns) else {}


def _drawn(columns: Row, rows: Sequence[Row], styles: Mapping[int, str | None]) -> Table:
    table = Table()
    for place, name in enumerate(columns):
        size = max(map(len, (name, *(row[place] for row in rows))))
        table.add_column(Text(name), overflow="fold", min_width=min(NARROWEST, size))
    for place, row in enumerate(rows):
        table.add_row(*map(Text, row), style=styles.get(place))
    return table


def _print_records(console: Console, columns: Row, rows: Sequence[Row]) -> None:
    """A row as a list of what its cells say; empty ones are left out, addresses stay whole."""
    longest = max(map(len, columns), default=0)
    indent = " " * (longest + 2)
    for number, row in enumerate(rows, start=1):
        console.rule(f"{number}", align="left", style="dim")
        for name, cell in zip(columns, row, strict=True):
            if cell:
                room = max(NARROWEST, console.width - len(indent))
                lines = wrap(cell, room, break_long_words=False, break_on_hyphens=False)
                said = Text.assemble((name.ljust(longest), "bold"), f"  {f'{chr(10)}{indent}'.join(lines)}")
                console.print(said, soft_wrap=True)
