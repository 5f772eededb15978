"""The embedded engine against queries made to hurt: real processes, real kills."""

import asyncio
import contextlib
import ctypes
import http.server
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pyoxigraph import RdfFormat, Store

from mappe_servizi.errors import MappeError
from mappe_servizi.query.admission import Admission, Limits
from mappe_servizi.query.embedded import Embedded, EmbeddedLimits
from mappe_servizi.query.engine import Job, Stream
from mappe_servizi.query.errors import (
    BadQueryError,
    MemoryLimitError,
    QueryError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from mappe_servizi.query.fork_client import WorkerConfig, probe
from mappe_servizi.query.formats import CSV, JSON, JSON_LD, N_TRIPLES, Format

pytestmark = pytest.mark.adversary

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?p ?o . ?b ?q ?r . ?c ?s ?t }"
GREEDY = "SELECT * { ?a ?p ?o . ?b ?q ?r . ?c ?s ?t } ORDER BY ?o ?r ?t LIMIT 1"
LOOKUP = "SELECT * { <http://e/7> ?p ?o }"
PRODUCT = "SELECT * { ?a ?p ?o . ?b ?q ?r }"
HELD = {"held": False}
PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    store = Store(path)
    store.bulk_load(
        b"".join(b'<http://e/%d> <http://e/p> "text %d"@it .\n' % (i, i) for i in range(2000)),
        format=RdfFormat.N_QUADS,
    )
    store.optimize()
    return path


@pytest.fixture(autouse=True, params=[True, False], ids=["in memory", "on the disk"])
def _where(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every promise holds for workers that share a store in memory, and for those that open the disk's."""
    monkeypatch.setitem(HELD, "held", request.param)


def with_engine(
    store: Path,
    test: Callable[[Embedded], Coroutine[Any, Any, None]],
    *,
    memory: int = 2 << 30,
    **limits: Any,
) -> None:
    async def main() -> None:
        engine = Embedded(
            WorkerConfig(str(store), memory=memory, **HELD), Admission(Limits()), EmbeddedLimits(**limits)
        )
        await engine.start()
        try:
            await test(engine)
            assert engine.admission.running.total() == engine.admission.long.total() == 0
        finally:
            await engine.close()

    asyncio.run(main())


def job(query: str, format_: Format = JSON, client: str = "test", **more: Any) -> Job:
    return Job(query, format_, client, **more)


@pytest.mark.alone
def test_the_deadline(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        pids = {worker.pid for worker in engine.pool._idle}
        started = time.monotonic()
        with pytest.raises(QueryTimeoutError, match="1 s"):
            await engine.run(job(RUNAWAY))
        assert time.monotonic() - started < 2
        fresh = time.monotonic()
        assert (await engine.run(job(LOOKUP))).body
        assert time.monotonic() - fresh < 1
        await asyncio.sleep(0.5)
        assert any(not Path(f"/proc/{pid}").exists() for pid in pids)

    with_engine(store, test, deadline=1.0)


def test_a_client_may_lower_its_deadline_but_not_raise_it(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        with pytest.raises(QueryTimeoutError, match=r"after 0\.5 s"):
            await engine.run(job(RUNAWAY, seconds=0.5))
        with pytest.raises(QueryTimeoutError, match="after 1 s"):
            await engine.run(job(RUNAWAY, seconds=100))

    with_engine(store, test, deadline=1.0)


def test_the_memory_limit(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        with pytest.raises(MemoryLimitError):
            await engine.run(job(GREEDY))
        assert (await engine.run(job(LOOKUP))).body

    with_engine(store, test, memory=1 << 30)


def test_the_result_limit(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        with pytest.raises(ResultTooLargeError):
            await engine.run(job(PRODUCT, CSV))
        assert (await engine.run(job(LOOKUP))).body

    with_engine(store, test, result=100_000)


def test_a_parser_driven_out_of_its_stack_ends_one_worker(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        with pytest.raises(BadQueryError):
            await engine.run(job("SELECT * { FILTER(" + "!" * 500_000 + "1) }"))
        assert (await engine.run(job(LOOKUP))).body

    with_engine(store, test)


def test_a_large_result_is_streamed_whole(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        result = await engine.run(job(f"{PRODUCT} LIMIT 200000", CSV))
        assert result.stream is not None
        body = result.body + b"".join([chunk async for chunk in result.stream])
        assert body.count(b"\r\n") == 200_001
        with pytest.raises(StopAsyncIteration):
            await anext(result.stream)
        await result.stream.aclose()

    with_engine(store, test, hold=100_000)


async def read_slowly(stream: Stream) -> None:
    async for _ in stream:
        await asyncio.sleep(0.05)


def test_a_stream_that_meets_the_deadline_fails(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        result = await engine.run(job(PRODUCT, CSV))
        assert result.stream is not None
        with pytest.raises(QueryTimeoutError):
            await read_slowly(result.stream)
        await result.stream.aclose()

    with_engine(store, test, hold=100_000, deadline=1.0)


def test_an_abandoned_stream_frees_its_worker(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        for _ in range(6):
            result = await engine.run(job(PRODUCT, CSV))
            assert result.stream is not None
            await result.stream.aclose()

    with_engine(store, test, hold=100_000)


def test_cancelling_kills_the_evaluation(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        for wait in (0.0, 0.01, 0.3):
            task = asyncio.create_task(engine.run(job(RUNAWAY)))
            await asyncio.sleep(wait)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert engine.admission.running.total() == 0
        assert (await engine.run(job(LOOKUP))).body

    with_engine(store, test)


@pytest.mark.alone
def test_runaways_do_not_disturb_others(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        runaways = [asyncio.create_task(engine.run(job(RUNAWAY, client=f"bad {i % 3}"))) for i in range(6)]
        await asyncio.sleep(0.7)
        waits = []
        for _ in range(100):
            started = time.monotonic()
            assert (await engine.run(job(LOOKUP, client="good"))).body
            waits.append(time.monotonic() - started)
        assert sorted(waits)[50] < 0.25
        ended = await asyncio.gather(*runaways, return_exceptions=True)
        assert all(isinstance(e, QueryError) for e in ended)

    with_engine(store, test, deadline=2.0)


def test_json_ld_and_errors(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        construct = "CONSTRUCT { <http://e/7> ?p ?o } WHERE { <http://e/7> ?p ?o }"
        assert b'"@language": "it"' in (await engine.run(job(construct, JSON_LD))).body
        assert (await engine.run(job(construct, N_TRIPLES))).body.count(b"\n") == 1
        for broken in ("SELECT * {", "SELECT (COUNT(*) AS ?n) ?x {}", "x" * 100):
            with pytest.raises(BadQueryError):
                await engine.run(job(broken))

    with_engine(store, test)


class Listener(http.server.BaseHTTPRequestHandler):
    """Notes every request that reaches it."""

    seen: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.seen.append(self.path)
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Any:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Listener.seen.clear()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_no_request_leaves_a_worker_even_past_the_scan(store: Path, listener: str) -> None:
    """The engine is given what the scan would have refused."""

    async def test(engine: Embedded) -> None:
        if not engine.pool.isolation["network"]:
            pytest.skip("this system does not let a process leave its network namespace")
        for query in (
            f"SELECT * {{ SERVICE <{listener}> {{ ?x ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{listener}> {{ ?x ?p ?o }} }}",
            f"SELECT * {{ SERVICE # comment\n<{listener}> {{ ?x ?p ?o }} }}",
            f"SELECT * FROM <{listener}> {{ ?x ?p ?o }}",
        ):
            try:
                await engine.run(job(query))
            except QueryError:
                continue
        assert Listener.seen == []

    with_engine(store, test)


def test_an_allowed_service_is_reached_from_a_worker_of_its_own(store: Path, listener: str) -> None:
    async def test(engine: Embedded) -> None:
        await engine.run(job(f"SELECT * {{ SERVICE <{listener}> {{ ?x ?p ?o }} }}", service=True))
        assert Listener.seen == ["/"]

    with_engine(store, test)


def test_workers_end_with_their_parent(store: Path) -> None:
    script = (
        "import asyncio, os, sys\n"
        "from mappe_servizi.query.fork_client import ForkClient, WorkerConfig\n"
        "from mappe_servizi.query.process import WorkerProcess\n"
        "async def main():\n"
        f"    server = await ForkClient.start(WorkerConfig({str(store)!r}, {HELD['held']}))\n"
        "    worker = await WorkerProcess.start(server, 1000)\n"
        "    print(worker.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    pid = int(done.stdout)
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                break
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the worker outlived its parent")


def test_the_probe_tells_what_workers_are_granted(store: Path) -> None:
    found = probe(1 << 30)

    async def test(engine: Embedded) -> None:
        assert engine.facts()["isolation"] == found

    with_engine(store, test, memory=1 << 30)
    assert found["memory"]


def test_workers_do_not_share_what_must_differ(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        query = "SELECT (STRUUID() AS ?a) (RAND() AS ?b) {} # %d"
        seen = {(await engine.run(job(query % 0))).body}
        for number in range(4):
            for worker in tuple(engine.pool._idle):
                worker.kill()
            seen.add((await engine.run(job(query % number))).body)
        assert len(seen) == 5

    with_engine(store, test)


def test_a_lost_fork_server_is_replaced(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        server = engine.pool._server
        assert server is not None
        server._process.kill()
        for number in range(20):
            with contextlib.suppress(QueryError):
                assert (await engine.run(job(f"{LOOKUP} # {number}"))).body
        assert engine.pool._server is not server
        assert (await engine.run(job(LOOKUP))).body

    with_engine(store, test)


def test_no_process_is_left_behind(store: Path) -> None:
    async def test(engine: Embedded) -> None:
        tasks = [asyncio.create_task(engine.pool._start_worker()) for _ in range(8)]
        await asyncio.sleep(0.002)
        for task in tasks[::2]:
            task.cancel()
        for worker in await asyncio.gather(*tasks, return_exceptions=True):
            if not isinstance(worker, BaseException):
                worker.close()
                assert await worker.exit_code() == 0
        await asyncio.sleep(0.3)
        children = [pid for pid, (parent, _) in all_processes().items() if parent == engine_server(engine)]
        assert len(children) == engine.pool.workers

    with_engine(store, test)


def test_stopping_waits_for_what_was_killed_before(store: Path) -> None:
    """A query is killed at its deadline, and the server stops in the same moment."""
    forked: set[int] = set()

    async def test(engine: Embedded) -> None:
        for number in range(4):
            with contextlib.suppress(QueryError):
                await engine.run(job(f"{RUNAWAY} # {number}"))
        starting = [asyncio.create_task(engine.pool._start_worker()) for _ in range(4)]
        await asyncio.sleep(0.002)
        for task in starting:
            task.cancel()
        forked.update(pid for pid, (parent, _) in all_processes().items() if parent == engine_server(engine))

    with adopting():
        with_engine(store, test, deadline=0.2)
        assert forked
        assert not forked & all_processes().keys()


@contextlib.contextmanager
def adopting() -> Iterator[None]:
    """Be the parent of what is left behind: it stays a zombie then, and can be seen."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def engine_server(engine: Embedded) -> int:
    assert engine.pool._server is not None
    return engine.pool._server._process.pid


def all_processes() -> dict[int, tuple[int, str]]:
    """Parent and state of every process, zombies included."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            pid, _, rest = status.read_text().partition(" ")
            state, parent, *_ = rest.rpartition(")")[2].split()
            found[int(pid)] = int(parent), state
    return found


def test_a_damaged_store_is_refused(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "store"
    shutil.copytree(store, copy)
    for table in copy.glob("*.sst"):
        table.write_bytes(table.read_bytes()[: table.stat().st_size // 2])
    with pytest.raises(MappeError, match="cannot be opened"):
        with_engine(copy, asyncio.sleep)  # type: ignore[arg-type]


def test_a_store_that_is_read_into_memory_has_the_time_for_it(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "one.sst").write_bytes(bytes(5 << 20))
    seconds = {held: WorkerConfig(str(tmp_path / "store"), held).start_seconds for held in (False, True)}
    assert seconds[True] == seconds[False] + 5
    assert WorkerConfig(str(tmp_path / "absent"), held=True).start_seconds == seconds[False]
