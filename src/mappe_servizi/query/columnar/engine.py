"""The engine of questions about columns: DuckDB in supervised processes, started by the first question."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from pathlib import Path

from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs.declared import FIGURES, PARQUET
from mappe_servizi.query.admission import Admission
from mappe_servizi.query.columnar.question import FiguresQuestion
from mappe_servizi.query.columnar.rows import RowsQuestion
from mappe_servizi.query.embedded import Embedded, EmbeddedLimits
from mappe_servizi.query.engine import Job, Result
from mappe_servizi.query.errors import EngineFailedError
from mappe_servizi.query.fork_client import WorkerConfig
from mappe_servizi.query.formats import Format

MEMORY = 1536 << 20
"""Bytes of address space of a worker: DuckDB does not open in half of it (design, section 6)."""


class Columnar:
    """Answers questions about the figures and the tables of one release."""

    def __init__(
        self, tables: Path, admission: Admission, limits: EmbeddedLimits, on_kill: Callable[[], None]
    ) -> None:
        self.tables = tables
        config = WorkerConfig("", memory=MEMORY, recycle=MEMORY // 2, tables=str(tables))
        self._engine = Embedded(config, admission, limits, on_kill)
        self._starts = asyncio.Lock()
        self._started = False

    @property
    def lacks(self) -> tuple[str, str] | None:
        """What is missing for it to answer about figures, as the kind and the detail of a problem."""
        if not FIGURES.at(self.tables.parent).exists():
            return "not-offered", f"the release has no {FIGURES.path}"
        return self._not_installed

    def lacks_for(self, table: str) -> tuple[str, str] | None:
        """What is missing for it to answer about a table."""
        if not PARQUET.at(self.tables.parent, table=table).exists():
            return "not-offered", f"the release has no {PARQUET.filled(table=table)}"
        return self._not_installed

    @property
    def _not_installed(self) -> tuple[str, str] | None:
        if importlib.util.find_spec("duckdb") is None:
            return "not-installed", "DuckDB is not installed: pip install 'mappe-servizi[figures]'"
        return None

    async def ask(self, question: FiguresQuestion | RowsQuestion, format_: Format, client: str) -> Result:
        """The answer to a question.

        Raises:
            QueryError: there is none, or what is asked may not be added up.
        """
        await self._start()
        return await self._engine.run(Job(question.job(), format_, client))

    async def _start(self) -> None:
        async with self._starts:
            if self._started:
                return
            try:
                await self._engine.start()
            except MappeError as error:
                raise EngineFailedError(f"the tables cannot be read: {error}", retry_after=5) from error
            self._started = True

    async def close(self) -> None:
        """Let running questions end, then stop the workers."""
        async with self._starts:
            if self._started:
                await self._engine.close()
