"""Any SPARQL 1.1 endpoint as the engine: asked politely, believed only when its answer is whole.

What engines make of CSV, TSV and Turtle differs, so an endpoint is asked for JSON and
N-Triples, and the result is written here in what the client wants. A result that is too large
to be held back is passed on as it comes, where the endpoint speaks the client's format.
"""

from __future__ import annotations

import asyncio
import io
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results, serialize

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import RDF_XML, TURTLE
from mappe_servizi.query.admission import Admission, Ticket
from mappe_servizi.query.embedded import Embedded, EmbeddedLimits
from mappe_servizi.query.engine import Job, Result
from mappe_servizi.query.errors import (
    BadQueryError,
    BusyError,
    EngineFailedError,
    QueryError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from mappe_servizi.query.evaluate import FUNCTIONS
from mappe_servizi.query.examination import read_calls
from mappe_servizi.query.fork_client import WorkerConfig
from mappe_servizi.query.formats import JSON, N_TRIPLES, Format
from mappe_servizi.query.scan import scan
from mappe_servizi.rdf.files import check_xml
from mappe_servizi.rdf.jsonld import write_jsonld
from mappe_servizi.rdf.namespaces import NAMED_GRAPHS
from mappe_servizi.rdf.reading_order import readable

ACCEPT_ROWS = JSON.media
ACCEPT_TRIPLES = f"{N_TRIPLES.media}, {TURTLE.media};q=0.9, {RDF_XML.media};q=0.5"
CONVERTED = 32 << 20
"""Bytes of the largest result that is converted."""
TRIES, PAUSE = 3, 0.2
READY_SECONDS = 5.0
CUT_FIELDS = ("x-sparql-maxrows", "x-sql-state")
"""What Virtuoso says when it has cut a result at its own limits."""
VIRTUOSO_ASK = "__ASK_RETVAL"
"""The variable by which Virtuoso answers an ASK that is false, as a table without rows."""
UNKNOWN_FUNCTION = re.compile(
    r"\bfunction\b.{0,300}\b(?:not supported|not registered|undefined|unknown)"
    r"|unknown function|undefined procedure",
    re.IGNORECASE | re.DOTALL,
)
"""What engines say, as an error of their own (500), of a function that they do not have."""
SOLUTION_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
TRIPLE_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "rdfxml": RdfFormat.RDF_XML,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
}


@dataclass(frozen=True, slots=True)
class RemoteConfig:
    """Where the endpoint is, and what may be asked of it.

    Attributes:
        base: of our IRIs; the data stand in ``{base}graph/data``.
        deadline: seconds for a whole answer.
        hold: bytes that are held back.
        result: bytes of the largest result.
    """

    endpoint: str
    base: str
    prefixes: dict[str, str]
    deadline: float = 30.0
    hold: int = 4 << 20
    result: int = 256 << 20


class Remote:
    """Runs jobs on an endpoint."""

    def __init__(self, config: RemoteConfig, admission: Admission) -> None:
        self.config, self.admission = config, admission
        slots = admission.limits.slots
        self._client = httpx.AsyncClient(
            limits=httpx.Limits(max_connections=slots + 1, max_keepalive_connections=slots),
            timeout=httpx.Timeout(config.deadline, connect=5.0),
            trust_env=False,
        )
        self._ready_at = 0.0
        # Texts are not read by the endpoint. Its processes start when the first large text comes.
        limits = EmbeddedLimits(config.deadline, hold=config.hold, result=config.result, spare=0)
        self._examiner = Embedded(WorkerConfig(store=""), admission, limits)

    async def start(self) -> None:
        """See that the endpoint answers.

        Raises:
            MappeError: it does not.
        """
        try:
            await self.run(Job("ASK {}", JSON, "start"))
        except QueryError as error:
            raise MappeError(f"the endpoint {self.config.endpoint} cannot be used: {error.detail}") from error

    async def run(self, job: Job) -> Result:
        """The result of a job.

        Raises:
            QueryError: there is none.
        """
        if job.task != "evaluate":
            return await self._examiner.run(job)
        await self.refuse_functions(job)
        ticket = await self.admission.enter(job.client)
        exchange = RemoteQuery(self, job, ticket)
        try:
            return await exchange.result()
        except BaseException:
            await exchange.aclose()
            raise

    async def refuse_functions(self, job: Job) -> None:
        """Refuse what only a release's own engine has: others would answer without the rows it is for.

        Raises:
            BadQueryError: the query calls one of our functions.
        """
        query, functions = job.query, [self.config.prefixes["mds"] + name for name in FUNCTIONS]
        if any(name in query for name in FUNCTIONS) or "\\" in query:
            called = await read_calls(self._examiner, query, job.client, self.config.base, functions)
            if called:
                name = called.rpartition("/")[2]
                raise BadQueryError(
                    f"mds:{name} needs a release's index of words, which the engine behind this endpoint "
                    'has not: compare labels by CONTAINS(LCASE(?label), "word"), or ask /search'
                )

    def parameters(self, job: Job) -> dict[str, list[str]]:
        """The fields of the request: the query, and the dataset where neither side names one."""
        fields = {"query": [job.query]}
        if job.has_dataset:
            fields |= {
                "default-graph-uri": list(job.default_graphs),
                "named-graph-uri": list(job.named_graphs),
            }
        elif not (job.scan or scan(job.query)).dataset:
            base = f"{self.config.base}graph/"
            fields |= {
                "default-graph-uri": [f"{base}data"],
                "named-graph-uri": [base + g for g in NAMED_GRAPHS],
            }
        return fields

    async def send(self, job: Job) -> httpx.Response:
        """Ask, again where the connection failed before there was an answer: queries are safe.

        Raises:
            EngineFailedError: the endpoint could not be reached.
        """
        accept = ACCEPT_TRIPLES if (job.scan or scan(job.query)).is_graph else ACCEPT_ROWS
        request = self._client.build_request(
            "POST", self.config.endpoint, data=self.parameters(job), headers={"accept": accept}
        )
        for attempt in range(TRIES):
            try:
                return await self._client.send(request, stream=True)
            except httpx.TimeoutException as error:
                raise EngineFailedError("the endpoint did not answer in time", retry_after=30) from error
            except httpx.TransportError as error:
                if attempt == TRIES - 1:
                    reason = str(error) or type(error).__name__
                    raise EngineFailedError(
                        f"the endpoint could not be reached: {reason}", retry_after=10
                    ) from error
                await asyncio.sleep(PAUSE * 2**attempt)
        raise AssertionError("unreachable")

    async def ready(self) -> bool:
        """Whether the endpoint answers; asked again after some seconds only."""
        if time.monotonic() - self._ready_at < READY_SECONDS:
            return True
        try:
            await self.run(Job("ASK {}", JSON, "ready", seconds=READY_SECONDS))
        except QueryError:
            return False
        self._ready_at = time.monotonic()
        return True

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
        await self._examiner.close()

    def facts(self) -> dict[str, object]:
        """What /readyz tells."""
        return {"engine": "remote", "endpoint": self.config.endpoint, "isolation": {}}


class RemoteQuery:
    """One question to the endpoint: a ticket, a response, and the clock."""

    def __init__(self, engine: Remote, job: Job, ticket: Ticket) -> None:
        self.engine, self.job = engine, job
        self.seconds = min(job.seconds or engine.config.deadline, engine.config.deadline)
        self.until = asyncio.get_running_loop().time() + self.seconds
        self._stack = AsyncExitStack()
        self._stack.callback(engine.admission.leave, ticket)
        self._chunks: AsyncIterator[bytes] | None = None
        self._taken = 0

    async def result(self) -> Result:
        """Ask and read.

        Raises:
            QueryError: there is no result.
        """
        try:
            async with asyncio.timeout_at(self.until):
                response = await self.engine.send(self.job)
                self._stack.push_async_callback(response.aclose)
                await refuse(response)
                return await self._read(response)
        except TimeoutError:
            raise self._late() from None
        except httpx.HTTPError as error:
            raise EngineFailedError(f"the endpoint broke off: {type(error).__name__}") from error

    async def _read(self, response: httpx.Response) -> Result:
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self._chunks = response.aiter_bytes()
        body = bytearray()
        async for chunk in self._chunks:
            body += chunk
            self._count(len(chunk))
            if len(body) > self.engine.config.hold and media == self.job.format.media:
                return Result(bytes(body), self, "long")
            if len(body) > CONVERTED:
                raise ResultTooLargeError(
                    f"a result of more than {CONVERTED >> 20} MiB is only offered as JSON or N-Triples"
                )
        result = await asyncio.to_thread(
            convert, bytes(body), media, self.job.format, self.engine.config.prefixes
        )
        await self.aclose()
        return Result(result)

    def _count(self, size: int) -> None:
        self._taken += size
        if self._taken > self.engine.config.result:
            raise ResultTooLargeError("the result is larger than a result may be")

    def _late(self) -> QueryTimeoutError:
        return QueryTimeoutError(f"the query was stopped after {self.seconds:g} s, the most that it may take")

    def __aiter__(self) -> RemoteQuery:
        return self

    async def __anext__(self) -> bytes:
        assert self._chunks is not None
        try:
            async with asyncio.timeout_at(self.until):
                chunk = await anext(self._chunks)
        except TimeoutError:
            raise self._late() from None
        except httpx.HTTPError as error:
            raise EngineFailedError(f"the endpoint broke off: {type(error).__name__}") from error
        self._count(len(chunk))
        return chunk

    async def aclose(self) -> None:
        """Close the response, which ends the evaluation where the engine notices, and the ticket."""
        await self._stack.aclose()


async def refuse(response: httpx.Response) -> None:
    """Turn what is no result into an error.

    Raises:
        QueryError: the endpoint refused the query, failed, or cut the result at its own limit.
    """
    for name in CUT_FIELDS:
        if name in response.headers:
            raise EngineFailedError(f"the endpoint cut the result at a limit of its own ({name})")
    if response.status_code == 200:
        return
    text = (await response.aread()).decode("utf-8", "replace").strip()[:500]
    if response.status_code in {400, 414, 422} or UNKNOWN_FUNCTION.search(text):
        said = f": {text}" if text else ""
        raise BadQueryError(f"the engine behind this endpoint does not accept the query{said}")
    if response.status_code in {429, 503}:
        raise BusyError("the endpoint is busy", retry_after=10)
    if response.status_code == 504:
        raise QueryTimeoutError("the endpoint stopped the query at its own deadline")
    raise EngineFailedError(f"the endpoint answered {response.status_code}: {text}")


def convert(body: bytes, media: str, format_: Format, prefixes: dict[str, str]) -> bytes:
    """A whole result in another format. Reads it to its end, so a cut one is found out.

    Raises:
        EngineFailedError: the result cannot be read.
    """
    try:
        if format_.name in SOLUTION_FORMATS:
            found = parse_query_results(body, format=QueryResultsFormat.from_media_type(media))
            if isinstance(found, QuerySolutions) and [v.value for v in found.variables] == [VIRTUOSO_ASK]:
                answer = b'{"head":{},"boolean":%s}' % (b"true" if any(True for _ in found) else b"false")
                found = parse_query_results(answer, format=QueryResultsFormat.JSON)
            return found.serialize(format=SOLUTION_FORMATS[format_.name]) or b""
        kind = RdfFormat.from_media_type(media)
        if kind == RdfFormat.RDF_XML:
            check_xml(body)
        triples = (quad.triple for quad in parse(body, format=kind))
        if format_.name == "jsonld":
            output = io.BytesIO()
            write_jsonld(triples, output, prefixes)
            return output.getvalue()
        some, used = readable(triples, prefixes)
        return serialize(some, format=TRIPLE_FORMATS[format_.name], prefixes=used) or b""
    except (SyntaxError, ValueError) as error:
        raise EngineFailedError(f"the endpoint's {media or 'result'} cannot be read: {error}") from error
