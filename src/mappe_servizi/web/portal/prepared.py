"""What the pages of services ask, asked before anybody comes: the largest questions, and what they say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.web.http.codings import packed
from mappe_servizi.web.portal import service, statements
from mappe_servizi.web.portal.question import by_block
from mappe_servizi.web.served.results import compact, parse_rows, run_whole
from mappe_servizi.web.served.snapshot import Snapshot

MOST = 1000
"""Services whose pages are prepared; of one municipality there are less than a hundred."""
CLIENT = "prepared"
PAUSE = 4
"""How much longer nothing is asked after a query than it took: visitors go first."""


async def prepared(snapshot: Snapshot) -> AsyncIterator[tuple[str, bytes]]:
    """The queries of the services' pages with their packed rows; what the figures say is kept as it is known.

    Raises:
        QueryError: one could not be answered.
    """
    base = snapshot.iris.base
    listed = f"SELECT ?s {{ ?s a <{DEFAULT_BASE}onto/MDS/MunicipalService> }} ORDER BY ?s LIMIT {MOST}"
    services = [row["s"].value for row in parse_rows((await run_whole(snapshot, listed, CLIENT)).body)]
    for iri in services:
        query, started = service.CURRENT.question(iri, base), time.perf_counter()
        rows = parse_rows((await run_whole(snapshot, query, CLIENT)).body)
        if (found := by_block(rows, service.CURRENT))["self"]:
            snapshot.insights.put(iri, statements.of_page(iri, found))
        yield query, packed(compact(rows))
        await asyncio.sleep(PAUSE * (time.perf_counter() - started))
