"""A decision to take: a row of a table, or one that would be in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mappe_servizi.model.tables import SURE
from mappe_servizi.model.tables.table import Column, Table
from mappe_servizi.reading.proposals.words import asked_together

TOLD = ("reason", "evidence", "curation", "method", "probability", "reviewer", "decided", "status")
"""Columns that a reviewer is not asked for."""
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A decision to take.

    Attributes:
        table: that it is a row of.
        path: the file.
        key: the row's cells that tell it from others; of a row that is not there yet, all it has.
        cells: by column; those that may be changed first.
        said: what proposes it, or what is asked.
        printed: lines of the document, each with its number.
        new: whether the row is not in the file yet.
        asked: what a row that is not there yet is asked together with, if anything.
    """

    table: Table[Any]
    path: Path
    key: tuple[str, ...]
    cells: Cells
    said: str
    printed: Sequence[str] = ()
    new: bool = False
    asked: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is a value already, which a reviewer need not be asked about."""
        return not self.new and float(self.cells.get("probability") or 0) >= SURE

    @property
    def kind(self) -> tuple[str, ...]:
        """What is asked once: a table's rows by one rule; of one sheet, where the rule looks at no more.

        What holds already is accepted by the table, and by what its rules look at.
        """
        if self.new:
            return (self.path.name, self.asked) if self.asked else (self.path.name, *self.key)
        method = self.cells.get("method", "")
        if self.holds:
            return self.path.name, method.partition(": ")[0], "holds"
        return self.path.name, *asked_together(method, self.cells.get("service", ""))

    @property
    def rule(self) -> str:
        """The rule that proposes it, in words; "" for none."""
        return self.cells.get("method", "").partition(": ")[2]

    @property
    def name(self) -> str:
        """What tells it from others."""
        return "\0".join((str(self.path), *self.key))


def about(item: Item) -> str:
    """What a row is about, in the document's words."""
    named = (item.cells[name] for name in ("label", "name", "title", "printed") if item.cells.get(name))
    service = item.cells.get("service", "")
    return " · ".join(text for text in (service, next(named, "")) if text)


def editable(item: Item) -> list[Column]:
    """The columns that a reviewer may change: what the row decides, not what it is about."""
    keys = set(item.table.unique[0]) if item.table.unique and not item.new else set()
    about = {
        "service",
        "title",
        "label",
        "name",
        "printed",
        "table",
        "id",
        "map",
        "section",
        "occurrence",
        "line",
    }
    return [column for column in item.table.own if column.name not in keys | about | set(TOLD)]


def key_of(table: Table[Any], cells: Mapping[str, str]) -> tuple[str, ...]:
    """The cells that tell a row of a table from others."""
    names = {column.field: column.name for column in table.own}
    fields = table.unique[0] if table.unique else tuple(names)
    return tuple(cells.get(names[field], "") for field in fields)
