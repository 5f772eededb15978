"""The server's side of the process that query workers are forked from: start it, ask it for workers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mappe_servizi.query.fork_server import FORK, PROBE, REQUEST, WAIT
from mappe_servizi.query.frames import ENDED, FORKED, READY, FrameProtocol

SCRIPT = Path(__file__).with_name("fork_server.py")
START_SECONDS = 30.0
HELD_RATE = 1 << 20
"""Bytes of a store that a busy machine reads into memory in a second, at the least."""
KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What workers are started with.

    Attributes:
        store: the real path of the store; "" for workers that evaluate nothing.
        held: whether the store is read into memory, once for all workers.
        base: what relative IRIs of a query are resolved against.
        prefixes: for Turtle, TriG, RDF/XML and JSON-LD.
        memory: bytes of address space, 0 for no limit. Below 768 MB the store does not open.
        recycle: bytes of peak memory above which a worker is replaced after its query.
        index: the real path of the index of words, "" for none.
        tables: the real path of the directory of Parquet, for workers that answer from columns; "" for none.
        network: whether they keep the network (only for allow-listed SERVICE).
        parent: the process that they end with.
    """

    store: str
    held: bool = False
    base: str | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    memory: int = 2 << 30
    recycle: int = 1 << 30
    index: str = ""
    tables: str = ""
    network: bool = False
    parent: int = field(default_factory=os.getpid)

    @property
    def start_seconds(self) -> float:
        """How long a start may take: a store that is read into memory has the time for that."""
        if not self.held:
            return START_SECONDS
        return START_SECONDS + sum(path.stat().st_size for path in Path(self.store).glob("*")) / HELD_RATE


def probe(memory: int) -> dict[str, bool]:
    """Which isolation a worker would have on this system: of the network, and of memory."""
    arguments = [
        sys.executable,
        "-I",
        str(SCRIPT),
        PROBE,
        json.dumps(asdict(WorkerConfig("", memory=memory))),
    ]
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, check=True)  # noqa: S603
    found: dict[str, bool] = json.loads(done.stdout)
    return found


class WorkerDiedError(Exception):
    """The process ended; ``code`` is its exit status, negative for a signal."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"a query worker ended with status {code} {detail}".rstrip())
        self.code = code


class ForkClient(FrameProtocol):
    """The process, and the socket to it.

    Attributes:
        lost: it has ended, and so have its workers.
        isolation: what it could give up.
    """

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket) -> None:
        super().__init__()
        self.lost = False
        self.isolation: dict[str, bool] = {}
        self._process, self._channel = process, channel
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[dict[str, bool]] = self._loop.create_future()
        self._forks: deque[asyncio.Future[int]] = deque()
        self._ends: dict[int, asyncio.Future[int]] = {}

    @classmethod
    async def start(cls, config: WorkerConfig) -> ForkClient:
        """Start it, and wait until it has what its workers share.

        Raises:
            WorkerDiedError: it could not.
        """
        ours, theirs = socket.socketpair()
        arguments = [sys.executable, "-I", str(SCRIPT), str(theirs.fileno()), json.dumps(asdict(config))]
        with theirs:
            process = subprocess.Popen(  # noqa: S603
                arguments,
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={"LANG": "C.UTF-8"},
            )
        ours.setblocking(False)
        server = cls(process, ours.dup())
        try:
            async with asyncio.timeout(config.start_seconds):
                await server._loop.create_unix_connection(lambda: server, sock=ours)
                server.isolation = await server._ready
        except BaseException as error:
            process.kill()
            code = await server.close()
            if isinstance(error, TimeoutError):
                raise WorkerDiedError(code) from None
            raise
        return server

    async def fork(self) -> tuple[socket.socket, int]:
        """A new worker: a socket to it, and its process id.

        Raises:
            WorkerDiedError: there is none.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        forked: asyncio.Future[int] = self._loop.create_future()
        try:
            with theirs:
                self._ask(FORK, files=[theirs.fileno()])
            self._forks.append(forked)
            async with asyncio.timeout(START_SECONDS):
                return ours, await forked
        except BaseException as error:
            ours.close()
            if isinstance(error, TimeoutError):
                raise WorkerDiedError(KILLED, "which was not forked in time") from None
            raise

    async def exit_code(self, pid: int) -> int:
        """The status that a worker ends with, awaited; it is gone then."""
        if pid not in self._ends:
            self._ends[pid] = self._loop.create_future()
            try:
                self._ask(WAIT, pid)
            except WorkerDiedError as error:
                return error.code
        return await self._ends[pid]

    def kill(self, pid: int) -> None:
        """End a worker now, whatever it does. Its number is its own until its status was told."""
        if not self.lost:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def close(self) -> int:
        """Let the process end, which ends its workers too; its status."""
        if self._transport is not None:
            self._transport.close()
        # A copy of the socket is open as long as this one is.
        self._channel.close()
        code = await self._loop.run_in_executor(None, self._process.wait)
        self._lose()
        return code

    def _ask(self, kind: bytes, pid: int = 0, files: list[int] | None = None) -> None:
        try:
            if self.lost:
                raise WorkerDiedError(KILLED)
            socket.send_fds(self._channel, [REQUEST.pack(kind, pid)], files or [])
        except OSError as error:
            raise WorkerDiedError(KILLED, str(error)) from error

    # The loop's side.

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == FORKED:
            forked, pid = self._forks.popleft(), int(payload)
            if forked.done():  # nobody waits for it any more; it ends by itself
                self._ends[pid] = self._loop.create_future()
                self._ask(WAIT, pid)
            else:
                forked.set_result(pid)
        elif kind == ENDED:
            pid, code = map(int, payload.split())
            ended = self._ends.pop(pid)
            if not ended.done():
                ended.set_result(code)
        elif kind == READY:
            self._ready.set_result(json.loads(payload))
        else:
            self._ready.set_exception(WorkerDiedError(1, json.loads(payload)[1]))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: D102
        self._lose()

    def _lose(self) -> None:
        self.lost = True
        if not self._ready.done():
            self._ready.set_exception(WorkerDiedError(KILLED))
        for forked in self._forks:
            if not forked.done():
                forked.set_exception(WorkerDiedError(KILLED))
        for ended in self._ends.values():
            if not ended.done():
                ended.set_result(KILLED)
        self._forks.clear()
        self._ends.clear()
