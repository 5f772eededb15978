"""A worker that answers questions about figures: DuckDB on the Parquet of one release, and nothing else.

It reads the release's directory of tables, no other file and no network, runs the text that
``question`` writes with the values bound, and is killed at the deadline as a query worker is.
"""

from __future__ import annotations

import csv
import io
import json
import socket
from pathlib import Path
from typing import Any

from mappe_servizi.query.worker import ResultWriter, UnreadableError, Worker

FILE = "figures.parquet"
HELD = 32 << 20
"""Bytes of the largest file that is read into a worker's memory."""
BATCH = 2000
FACTS = 4
"""Columns of a page behind those of its rows (``question.Question.job``)."""


class ColumnarWorker(Worker):
    """Answers jobs of ``question.Question.job``.

    Raises:
        ImportError: DuckDB is not installed.
        OSError: there is no table of figures.
    """

    def __init__(self, channel: socket.socket, recycle: int, tables: Path) -> None:
        super().__init__(channel, {}, recycle, None)
        import duckdb  # noqa: PLC0415  # it starts threads, so it is opened in each worker

        path = tables / FILE
        if not path.exists():
            raise OSError(f"{path}: the release has no table of figures")
        self.connection = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
        kind = "TEMP TABLE" if path.stat().st_size <= HELD else "TEMP VIEW"
        place = str(path).replace("'", "''")
        self.connection.execute(f"CREATE {kind} figures AS SELECT * FROM read_parquet('{place}')")
        self.connection.execute(f"SET allowed_directories = ['{str(tables).replace(chr(39), chr(39) * 2)}']")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")
        self.error, self.memory_error = duckdb.Error, duckdb.OutOfMemoryException

    def evaluate(self, job: dict[str, Any], output: ResultWriter) -> None:
        """Answer a job, in its format.

        Raises:
            UnreadableError: what is asked may not be brought together.
            MemoryError, RuntimeError: it cannot be answered.
        """
        try:
            self._answer(json.loads(job["query"]), job["format"], output)
        except self.memory_error as error:
            raise MemoryError from error
        except self.error as error:
            raise RuntimeError(str(error)) from error

    def _answer(self, asked: dict[str, Any], name: str, output: ResultWriter) -> None:
        if name == "json":
            output.write(json.dumps(self._page(asked), ensure_ascii=False).encode())
            return
        self._check(asked)
        if name == "parquet":
            self._parquet(asked, output)
        else:
            self._separated(asked, output, "," if name == "csv" else "\t")

    def _run(self, statement: str, asked: dict[str, Any]) -> Any:
        return self.connection.execute(asked[statement], asked["values"])

    def _page(self, asked: dict[str, Any]) -> dict[str, Any]:
        columns = asked["columns"]
        found = self._run("page", asked).fetchall()
        # Behind the last page no row tells how many there are.
        total, wrong, repeated, missing = (found or self._run("facts", asked).fetchall())[0][-FACTS:]
        if wrong:
            self._check(asked)
        rows = [_told(columns, row[: len(columns)]) for row in found]
        return {"total": total, "repeated": repeated, "missing": missing, "rows": rows}

    def _check(self, asked: dict[str, Any]) -> None:
        """Refuse what cannot be brought together.

        Raises:
            UnreadableError: a group cannot; it is named, with what can be asked instead.
        """
        found = self._run("wrong", asked).fetchone() if asked["wrong"] else None
        if found is None:
            return
        *keys, units, stocks, _, years = found
        where = f" (for {', '.join(map(str, keys))})" if any(keys) else ""
        if units and len(units) > 1:
            said = (
                f"figures in {', '.join(units)} are not brought together{where}: "
                "group by unit, or choose one (unit=)"
            )
        elif stocks:
            said = (
                f"what is there at a time is not added up over {years} years{where}: "
                "group by year, choose one (year=), or leave it out (periodKind=flow)"
            )
        else:
            said = (
                f"averages are not added up{where}: ask for measure=mean, or leave them out "
                "(periodKind=flow,stock)"
            )
        raise UnreadableError("incomparable", said)

    def _separated(self, asked: dict[str, Any], output: ResultWriter, separator: str) -> None:
        result = self._run("rows", asked)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
        writer.writerow(asked["columns"])
        while rows := result.fetchmany(BATCH):
            writer.writerows([_cell(value) for value in row] for row in rows)
            output.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
        output.write(text.getvalue().encode())

    def _parquet(self, asked: dict[str, Any], output: ResultWriter) -> None:
        import pyarrow.parquet  # noqa: PLC0415  # only when it is asked for

        file = io.BytesIO()
        pyarrow.parquet.write_table(self._run("rows", asked).to_arrow_table(), file, compression="zstd")
        output.write(file.getvalue())


def plain(value: Any) -> Any:
    """A value of JSON: whole numbers without a point.

    >>> plain(204.0), plain(0.5), plain(None)
    (204, 0.5, None)
    """
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1 << 53 else round(value, 6)
    return value


def _told(columns: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    """A row as an object, without the cells that have no value."""
    return {
        name: plain(value)
        for name, value in zip(columns, row, strict=True)
        if value is not None and value != []
    }


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " | ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value)
