"""Where pairs are scored: here, or by the tasks of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow

from mappe_servizi.linking.comparing import Comparison, Scored, all_of
from mappe_servizi.pipeline.runners.spark import session
from mappe_servizi.settings import Settings

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import SparkSession

NUMBER = "id"
"""The column that Spark gives a range."""
PAIRS = pyarrow.schema([("left", pyarrow.int64()), ("right", pyarrow.int64()), ("odds", pyarrow.float64())])
COLUMNS = "left long, right long, odds double"
BATCH = 10_000
"""Pairs that a task gives on at a time."""


@contextmanager
def scoring(settings: Settings) -> Iterator[Callable[[Comparison], Iterable[Scored]]]:
    """What makes comparisons, by the runner of the settings.

    Raises:
        MappeError: Spark is chosen, and cannot be used here.
    """
    if settings.runner == "local":
        yield all_of
        return
    spark = session(settings.spark_master)
    try:
        yield partial(_distributed, spark)
    finally:
        spark.stop()


def _distributed(spark: SparkSession, comparison: Comparison) -> Iterator[Scored]:
    """All pairs of a comparison: each task has a share of the left list's rows, and all of the other's."""
    shared = spark.sparkContext.broadcast(comparison)
    count = len(comparison.left)
    numbers = spark.range(0, count, 1, max(min(count, spark.sparkContext.defaultParallelism), 1))
    found = numbers.mapInArrow(partial(_share, shared), COLUMNS).toArrow()
    shared.unpersist()
    for batch in found.to_batches():  # in the order of the rows, as Spark keeps that of its tasks
        yield from map(Scored, *(column.to_pylist() for column in batch.columns))


def _share(shared: Broadcast[Comparison], batches: Iterable[Any]) -> Iterator[Any]:
    numbers = (number for batch in batches for number in batch.column(NUMBER).to_pylist())
    pairs = shared.value.of(numbers)
    while some := list(islice(pairs, BATCH)):
        columns = zip(*((pair.left, pair.right, pair.odds) for pair in some), strict=True)
        yield pyarrow.record_batch([list(column) for column in columns], schema=PAIRS)
