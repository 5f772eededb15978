"""docs/tables.md: what the maintained tables have, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mappe_servizi.model.tables.every import TABLES
from mappe_servizi.model.tables.table import SURE, Column, Table

_HEADINGS = {
    "municipality": ("Of a municipality, for all its editions", "`data/municipalities/{ipa}/`"),
    "edition": ("Of an edition of a municipality's document", "`data/municipalities/{ipa}/editions/{year}/`"),
    "providers": ("Of the registry of providers", "`data/providers/`"),
    "knowledge": (
        "Of what is known for every municipality",
        "`data/knowledge/`, in the program; an instance adds rows in `data/local/`, in files of the same "
        "names ([words of your own](correcting.md#words-of-your-own))",
    ),
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

_DRAFTED = f"""## Who decided a row

`mappe add` proposes rows of the tables that are about a municipality. Such a table has these columns too;
where they are absent, or empty, a person has decided. A proposal is a value where its probability is at
least {SURE}; one that is less sure is a question: it stands in the table, and nothing is made of it until
`curation` says `reviewed`.
"""
_HEADER = "| column | | what it is | *che cos'è* | what it may say |"


def dictionary() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield from _drafted()
    for home, (title, place) in _HEADINGS.items():
        yield f"## {title}"
        yield ""
        yield f"In {place}."
        for table in TABLES:
            if table.home == home:
                yield from _table(table)
        yield ""


def _drafted() -> Iterator[str]:
    yield _DRAFTED
    yield _HEADER
    yield "|---|---|---|---|---|"
    for column in next(table for table in TABLES if table.drafted).curation:
        yield _row(column)
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
    yield _HEADER
    yield "|---|---|---|---|---|"
    for column in table.own:
        yield _row(column)
    if table.drafted:
        yield ""
        yield "And [who decided the row](#who-decided-a-row)."
    for names in table.unique:
        yield ""
        yield f"No two rows have the same {' and '.join(names)}."


def _row(column: Column) -> str:
    cells = (
        f"`{column.name}`", "●" if column.required else "", column.en, f"*{column.it}*", column.kind.en
    )  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
