"""Drafts to the curated tables of a municipality: what a person wrote stays, line by line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import Table, read_all
from mappe_servizi.model.tables.sheet import read_sheet
from mappe_servizi.reading.municipality import EDITIONS
from mappe_servizi.reading.proposals.draft import Draft, Key
from mappe_servizi.reading.proposals.drafts import Drafter


def write_drafts(
    folder: Path,
    documents: Iterable[Document],
    registry: Registry,
    knowledge: Path,
    only: Sequence[Table[Any]] = (),
) -> Counter[str]:
    """Add the rows that the tables lack; returns how many, by the table's file.

    Args:
        folder: data/municipalities/{ipa}.
        documents: its editions.
        registry: of the municipality.
        knowledge: the directory of what is known for every municipality.
        only: the tables, where not all.

    Raises:
        InputError, InputErrors: a table cannot be used.
    """
    drafter = Drafter.load(knowledge)
    of: dict[Path, tuple[Table[Any], dict[Key, Draft]]] = {}
    for document in documents:
        for draft in drafter.drafts(document, Names.of(document, registry)):
            if only and draft.table not in only:
                continue
            year = [EDITIONS, str(draft.edition)] if draft.edition else []
            path = folder.joinpath(*year, draft.table.file)
            of.setdefault(path, (draft.table, {}))[1].setdefault(draft.key, draft)
    written = Counter[str]()
    for path, (table, drafts) in of.items():
        known = {_key(table, item.row) for item in read_all(table, path)}
        new = [draft for key, draft in drafts.items() if not known & {key, ("", *key[1:])}]
        if new:
            append(path, table, [_cells(draft) for draft in new])
            written[table.file] += len(new)
    return written


def append(path: Path, table: Table[Any], rows: Sequence[dict[str, str]]) -> None:
    """Write rows below those of a table, which get the columns that they lack."""
    names = [column.name for column in table.columns]
    old = [cells for _, cells in read_sheet(path, names)]
    header = old[0] if old else []
    columns = [*header, *(name for name in names if name not in header)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(cells + [""] * (len(columns) - len(cells)) for cells in old[1:])
        writer.writerows([row.get(name, "") for name in columns] for row in rows)


def _cells(draft: Draft) -> dict[str, str]:
    told = {"curation": "proposed", "method": draft.rule.method}
    return {**draft.cells, **told, "probability": str(draft.probability)}


def _key(table: Table[Any], row: object) -> Key:
    fields = table.unique[0] if table.unique else ("number", "line", "printed")
    found = attrgetter(*fields)(row)
    return tuple(map(str, found)) if len(fields) > 1 else (str(found),)
