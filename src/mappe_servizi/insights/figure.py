"""A yearly figure, with what it takes to put it beside another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

NORMAL = "normal"
"""The status of a number that the source prints as such: an estimate is none."""


@dataclass(frozen=True, slots=True)
class TableFigure:
    """A row of the table of figures, by the names of its columns where they differ.

    Attributes:
        unit: a code; figures of two are never compared.
        counted: what is counted, "" where that is not known.
        total_of: the indicators whose figures make up this one.
        repeats: the indicator that this row repeats, "" for most.
        observation: its IRI.
    """

    municipality: str
    service: str
    title: str
    table: str
    indicator: str
    label: str
    group: str
    unit: str
    counted: str
    role: str
    total_of: tuple[str, ...]
    repeats: str
    period_kind: str
    year: int
    value: float | None
    status: str
    observation: str
    source_document: str
    source: str
    source_line: int | None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> TableFigure:
        """The figure of a row of ``/api/figures``, which leaves out what a figure has not got."""

        def text(name: str) -> str:
            return str(row.get(name) or "")

        same = ("municipality", "service", "title", "table", "indicator", "label", "group", "unit", "counted")
        return cls(
            **{name: text(name) for name in (*same, "role", "status", "observation", "repeats", "source")},
            total_of=tuple(row.get("totalOf") or ()),
            period_kind=text("periodKind"),
            year=row["year"],
            value=row.get("value"),
            source_document=text("sourceDocument"),
            source_line=row.get("sourceLine"),
        )

    def sure(self, doubted: Collection[str]) -> bool:
        """Whether it is a number that nobody doubts."""
        return self.value is not None and self.status == NORMAL and self.observation not in doubted

    @property
    def number(self) -> float:
        """The value of one that has it."""
        assert self.value is not None
        return self.value

    @property
    def name(self) -> str:
        """The row as the document prints it, under its heading."""
        return f"{self.group}: {self.label}" if self.group and self.label else self.label or self.group
