"""A worker that answers questions about figures and tables: DuckDB on a release's Parquet, nothing else.

It reads the release's directory of tables, no other file and no network, runs the text that
``question`` and ``rows`` write with the values bound, and is killed at the deadline as a query worker is.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, Final

from mappe_servizi.model.outputs.declared import FIGURES, FIGURES_INDEX, PARQUET, SHEET_ROWS
from mappe_servizi.query.columnar import written
from mappe_servizi.query.columnar.held import FIGURES_TABLE, ROOM, know, know_figures, text
from mappe_servizi.query.columnar.refusals import incomparable, undivided
from mappe_servizi.query.columnar.written import plain
from mappe_servizi.query.worker import ResultWriter, UnreadableError, Worker

FACTS: Final = 4
"""Columns of a page behind those of its rows (``question.FiguresQuestion.job``)."""


class ColumnarWorker(Worker):
    """Answers jobs of ``question.FiguresQuestion.job`` and ``rows.RowsQuestion.job``.

    Raises:
        ImportError: DuckDB is not installed.
    """

    def __init__(self, channel: socket.socket, recycle: int, tables: Path) -> None:
        super().__init__(channel, {}, recycle, None)
        import duckdb  # noqa: PLC0415  # it starts threads, so it is opened in each worker

        self.release, self._known, self._room = tables.parent, set[str](), ROOM
        self.connection = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
        self.connection.execute(f"SET allowed_directories = [{text(str(tables))}]")
        self.connection.execute(f"SET allowed_paths = [{text(str(FIGURES_INDEX.at(self.release)))}]")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")
        self.error, self.memory_error = duckdb.Error, duckdb.OutOfMemoryException
        if FIGURES.at(self.release).exists():
            self._know(FIGURES_TABLE)

    def _know(self, name: str) -> None:
        """Make a table of the release known by its name: in memory where there is room for it.

        Raises:
            OSError: the release has no such table.
        """
        if name in self._known:
            return
        path = PARQUET.at(self.release, table=name)
        path.stat()
        if name == FIGURES_TABLE:
            held = know_figures(self.connection, path, FIGURES_INDEX.at(self.release), self._room)
        else:
            held = know(self.connection, name, path, self._room)
        self._room -= held
        self._known.add(name)

    def evaluate(self, job: dict[str, Any], output: ResultWriter) -> None:
        """Answer a job, in its format.

        Raises:
            UnreadableError: what is asked may not be brought together, or has no room in its format.
            MemoryError, RuntimeError, OSError: it cannot be answered.
        """
        asked = json.loads(job["query"])
        try:
            self._know(asked.get("table", FIGURES_TABLE))
            self._answer(asked, job["format"], output)
        except self.memory_error as error:
            raise MemoryError from error
        except self.error as error:
            raise RuntimeError(str(error)) from error

    def _answer(self, asked: dict[str, Any], name: str, output: ResultWriter) -> None:
        of_table = "table" in asked
        if name == "json":
            page = self._rows(asked) if of_table else self._page(asked)
            output.write(json.dumps(page, ensure_ascii=False).encode())
            return
        if not of_table:
            self._divide(asked)
            self._check(asked)
        if name == "xlsx":
            self._workbook(asked, output)
        elif name == "parquet":
            written.parquet(self._run("rows", asked), output)
        else:
            separator = "," if name == "csv" else "\t"
            written.separated(
                asked["columns"], self._run("rows", asked), output, separator, rounded=not of_table
            )

    def _run(self, statement: str, asked: dict[str, Any]) -> Any:
        return self.connection.execute(asked[statement], asked["values"])

    def _rows(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A page of a table."""
        found = self._run("rows", asked).fetchall()
        (total,) = self._run("total", asked).fetchone()
        return {"total": total, "rows": [_told(asked["columns"], row, rounded=False) for row in found]}

    def _workbook(self, asked: dict[str, Any], output: ResultWriter) -> None:
        """Rows of a table as a sheet.

        Raises:
            UnreadableError: they are more than a sheet has room for.
        """
        from mappe_servizi.query.workbook import workbook  # noqa: PLC0415  # only when it is asked for

        (count,) = self._run("length", asked).fetchone()
        if count > SHEET_ROWS:
            raise UnreadableError(
                "result-too-large",
                f"{count} rows are too many for a sheet, which has {SHEET_ROWS} at most: choose fewer (a "
                "column of the table as a parameter, or limit and page), or ask for CSV or Parquet",
            )
        rows = written.rows_of(self._run("rows", asked))
        output.write(workbook(asked["columns"], ([plain(one, rounded=False) for one in row] for row in rows)))

    def _page(self, asked: dict[str, Any]) -> dict[str, Any]:
        columns = asked["columns"]
        found = self._run("page", asked).fetchall()
        # Behind the last page no row tells how many there are.
        total, wrong, repeated, missing = (found or self._run("facts", asked).fetchall())[0][-FACTS:]
        if wrong:
            self._check(asked)
        if not total:
            self._divide(asked)
        rows = [_told(columns, row[: len(columns)], rounded=True) for row in found]
        return {"total": total, "repeated": repeated, "missing": missing, "rows": rows}

    def _check(self, asked: dict[str, Any]) -> None:
        """Refuse what cannot be brought together.

        Raises:
            UnreadableError: a group cannot; it is named, with what can be asked instead.
        """
        found = self._run("wrong", asked).fetchone() if asked["wrong"] else None
        if found is not None:
            raise UnreadableError("incomparable", incomparable(found))

    def _divide(self, asked: dict[str, Any]) -> None:
        """Refuse what cannot be divided by a population.

        Raises:
            UnreadableError: no figure can, and why.
        """
        if asked["undivided"] and (why := undivided(self._run("undivided", asked).fetchone())):
            raise UnreadableError("incomparable", why)


def _told(columns: list[str], row: tuple[Any, ...], *, rounded: bool) -> dict[str, Any]:
    """A row as an object, without the cells that have no value."""
    return {
        name: plain(value, rounded=rounded)
        for name, value in zip(columns, row, strict=True)
        if value is not None and value != []
    }
