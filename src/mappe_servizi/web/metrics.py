"""Counters for Prometheus, over all HTTP processes."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What is counted."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "mappe_request_seconds", "Time to answer, by route, status class and cost of the query.",
            ("route", "status", "cost"), buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.hits = self._counter("mappe_cache_hits", "Answers from the cache of responses.")
        self.misses = self._counter("mappe_cache_misses", "Answers that were not in the cache.")
        self.failures = Counter(
            "mappe_query_failures", "Queries without a result, by problem.", ("kind",), registry=self.registry
        )
        self.kills = self._counter("mappe_query_kills", "Query workers that were killed.")
        self.gone = self._counter("mappe_clients_gone", "Clients that left before their answer.")
        self.running = self._gauge("mappe_queries_running", "Queries that run now.")
        self.waiting = self._gauge("mappe_queries_waiting", "Queries that wait for a slot now.")
        self.cached = Gauge(
            "mappe_cache_bytes", "Bytes that each cache of what clients ask for takes.", ("cache",),
            registry=self.registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self.unread = self._gauge("mappe_unread_bytes", "Bytes held for clients that read slowly.")
        self.cuts = self._gauge("mappe_unread_cuts", "Clients cut off because too much was held.")
        self._pending_hits = 0

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry, multiprocess_mode="livesum")

    def hit(self) -> None:
        """Note an answer from the cache: a plain addition, since a hit takes some microseconds."""
        self._pending_hits += 1

    def flush(self) -> None:
        """Add the hits to their counter; called from time to time."""
        pending, self._pending_hits = self._pending_hits, 0
        self.hits.inc(pending)

    def answered(self, route: str, status: int, cost: str, seconds: float) -> None:
        """Note an answer."""
        self.requests.labels(route, f"{status // 100}xx", cost).observe(seconds)

    def text(self) -> bytes:
        """The exposition format, summed over the processes where there are several."""
        if MULTIPROCESS not in os.environ:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    @staticmethod
    def leave() -> None:
        """Take this process's gauges out of the sums."""
        if MULTIPROCESS in os.environ:
            mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]
