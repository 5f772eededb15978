"""Apache Spark: a cluster's machines, or processes of this one (``local[N]``).

Every machine has this package in the same Python, and sees the instance, the knowledge and the build's
directory under the same paths: tasks write files where processes of one machine would.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from mappe_servizi.errors import MappeError
from mappe_servizi.pipeline.runners.local import collecting_seldom

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

RANGE = 64 << 20
"""Bytes of lines that a task sorts."""
LOOPBACK = "127.0.0.1"
HERE = {
    "spark.ui.enabled": "false",
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
}
"""A cluster of this machine alone listens to nobody else."""
QUIET = {"spark.log.level": "ERROR", "spark.ui.showConsoleProgress": "false"}
LITERAL = str.maketrans({character: f"\\{character}" for character in "\\{}[]*?,"})
"""What Spark reads is a pattern."""
Item = TypeVar("Item")
Result = TypeVar("Result")


class Spark:
    """Runs functions as tasks, one an item; a task whose machine is lost runs again elsewhere.

    Args:
        master: the cluster's address, as Spark has it. All else is configured as usual (SPARK_CONF_DIR).

    Raises:
        MappeError: pyspark or Java is not there.
    """

    def __init__(self, master: str) -> None:
        self.jobs = os.cpu_count() or 1
        self._master = master
        self._session: SparkSession | None = None

    def __enter__(self) -> Spark:
        self._session = session(self._master)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            self._session.stop()

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """The function's results in the order of the items; an error comes where its item's turn is."""
        if not items:
            return
        assert self._session is not None
        tasks = self._session.sparkContext.parallelize(items, len(items))
        for result, error in tasks.map(partial(_outcome, function)).collect():
            if error is not None:
                raise error
            yield result

    def merge(self, sources: Sequence[Path], path: Path) -> None:
        """Merge files of lines: a task sorts a range of them, and the ranges stand one after another.

        Spark compares text by its bytes in UTF-8, as the dump's order does. Equal lines are in one range.

        Raises:
            ValueError: a file has a name that Spark reads nothing of, and says nothing.
        """
        if hidden := [source for source in sources if source.name.startswith((".", "_"))]:
            raise ValueError(f"Spark leaves out files of such names: {', '.join(map(str, hidden))}")
        assert self._session is not None
        ranges = ceil(sum(source.stat().st_size for source in sources) / RANGE)
        lines = self._session.read.text([_place(s).translate(LITERAL) for s in sources], lineSep="\n")
        lines = lines.repartitionByRange(max(ranges, self._session.sparkContext.defaultParallelism), "value")
        lines = lines.distinct().sortWithinPartitions("value")
        with TemporaryDirectory(prefix=".new-", dir=path.parent) as beside, path.open("wb") as output:
            lines.write.mode("append").text(_place(Path(beside)), lineSep="\n")
            for part in sorted(Path(beside).glob("part-*")):
                with part.open("rb") as file:
                    shutil.copyfileobj(file, output)


def session(master: str) -> SparkSession:
    """A session of a cluster.

    Raises:
        MappeError: pyspark or Java is not there, or the cluster takes no work.
    """
    try:
        from py4j.protocol import Py4JError  # noqa: PLC0415
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MappeError("the runner spark needs pyspark: pip install 'mappe-servizi[spark]'") from None
    java = Path(os.environ.get("JAVA_HOME", "/nowhere"), "bin", "java")
    if not java.is_file() and not shutil.which("java"):
        raise MappeError("the runner spark needs Java 17 or newer, at JAVA_HOME or on the search path")
    # The executors' Python is the one that runs this, unless somebody says otherwise.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    alone = master.startswith("local")
    if alone:
        os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
    builder = SparkSession.builder.appName("mappe").master(master)
    for name, value in (QUIET | (HERE if alone else {})).items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (Py4JError, PySparkException) as error:
        why = str(getattr(error, "java_exception", error)).strip().splitlines()[0]
        raise MappeError(f"Spark cannot be started at {master}: {why}") from error


def _outcome(function: Callable[[Item], Result], item: Item) -> tuple[Result | None, MappeError | None]:
    """What a task gives back: an input's error too, which Spark would else try again and then wrap."""
    try:
        with collecting_seldom():
            return function(item), None
    except MappeError as error:
        return None, error


def _place(path: Path) -> str:
    """A path as that of a file, whatever the cluster's own file system is."""
    return f"file:{path.resolve()}"
