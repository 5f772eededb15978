"""docs/tables.md: what the maintained tables have, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mappe_servizi.model.tables.every import TABLES
from mappe_servizi.model.tables.table import Column, Table

_HEADINGS = {
    "municipality": ("Of a municipality, for all its editions", "`data/municipalities/{ipa}/`"),
    "edition": ("Of an edition of a municipality's document", "`data/municipalities/{ipa}/editions/{year}/`"),
    "providers": ("Of the registry of providers", "`data/providers/`"),
    "knowledge": ("Of what is known for every municipality", "`data/knowledge/`, in the program"),
    "ontology": ("Beside the ontology", "`ontology/`, in the program"),
    "vocabularies": (
        "Of our controlled vocabularies",
        "`ontology/assets/controlled-vocabularies/{name}/latest/`",
    ),
    "program": ("Of the program's own words", "`src/mappe_servizi/`, beside the module that reads them"),
}
_INTRODUCTION = """# Maintained tables

This page is generated (`make docs`). A table is a CSV file with a header row. What a spreadsheet saves
is read too: semicolons or tabs between the cells, a byte order mark, the encoding of Windows, columns in
another order, empty rows. All that is wrong in a file is told at once, each with file, line, column,
value and what is allowed. A cell marked ● must not be empty.
"""


def dictionary() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    for home, (title, place) in _HEADINGS.items():
        yield f"## {title}"
        yield ""
        yield f"In {place}."
        for table in TABLES:
            if table.home == home:
                yield from _table(table)
        yield ""


def _table(table: Table[Any]) -> Iterator[str]:
    yield ""
    yield f"### {table.file}"
    yield ""
    yield f"{table.en} *{table.it}*"
    yield ""
    if table.source:
        yield f"Source: {table.source}."
        yield ""
    yield "| column | | what it is | *che cos'è* | what it may say |"
    yield "|---|---|---|---|---|"
    for column in table.columns:
        yield _row(column)
    for names in table.unique:
        yield ""
        yield f"No two rows have the same {' and '.join(names)}."


def _row(column: Column) -> str:
    cells = (
        f"`{column.name}`", "●" if column.required else "", column.en, f"*{column.it}*", column.kind.en
    )  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
