"""Rows of one table of a release as SQL: fixed text, and values that are bound and never a part of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mappe_servizi.errors import MappeError
from mappe_servizi.query.columnar.question import quoted


@dataclass(frozen=True, slots=True)
class RowsQuestion:
    """What is asked of a table.

    Attributes:
        table: its name.
        columns: all that it has, in the order of the answer.
        filters: the value that each of some columns has; None for one that no row has.
        limit: of rows, None for all.
        offset: rows before the first one.
    """

    table: str
    columns: Sequence[str]
    filters: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    limit: int | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        if not self.table.isidentifier() or any('"' in name for name in self.columns):
            raise MappeError(f"no table or column of ours: {self.table!r}, {self.columns}")
        if unknown := self.filters.keys() - {*self.columns}:
            raise MappeError(f"no column of {self.table}: {sorted(unknown)[0]!r}")

    def job(self) -> str:
        """The job of a worker: its statements with the values that they bind.

        Rows stand as the table has them: DuckDB keeps the order of what it reads.
        """
        conditions = [f'"{name}" = $f_{number}' for number, name in enumerate(self.filters)]
        where = f' FROM "{self.table}"{" WHERE " if conditions else ""}{" AND ".join(conditions)}'
        window = "" if self.limit is None else f" LIMIT {int(self.limit)} OFFSET {int(self.offset)}"
        rows = f"SELECT {quoted(self.columns)}{where}{window}"
        values: dict[str, Any] = {f"f_{number}": one for number, one in enumerate(self.filters.values())}
        job = {
            "table": self.table,
            "columns": [*self.columns],
            "values": values,
            "rows": rows,
            "total": f"SELECT count(*){where}",
            "length": f"SELECT count(*) FROM ({rows})",
        }
        return json.dumps(job)
