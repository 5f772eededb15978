"""The process that query workers are forked from: it gives up what they do not need, once for all.

Run as a script with the file descriptor of a socket and a JSON configuration. A store that is
small enough is read into its memory, which its workers share: look-ups in it take a third of the
time that they take on the disk (docs/decisions/0020-query-processes.md). It has one thread, and
must have: a forked process has no other. That is why it never opens a store on the disk, and
evaluates nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph

    from mappe_servizi.query.evaluate import Evaluator
    from mappe_servizi.query.worker import Worker

REQUEST = struct.Struct("<cI")
FORK, WAIT = b"F", b"W"
"""Fork a worker for the socket that comes with the request; tell the status that a worker ends with."""
PROBE = "probe"  # in place of the socket: only tell what could be given up
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


def end_with(parent: int) -> None:
    """Be killed when the parent, given by its process id, ends; also where it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def isolate(*, network: bool, memory: int) -> dict[str, bool]:
    """Give up what a query does not need; returns what could be given up. Before any thread starts."""
    done = {"network": False, "memory": False}
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if not network:
            done["network"] = libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            done["memory"] = True
    return done


def in_memory(path: str) -> pyoxigraph.Store:
    """What a store on the disk holds, in memory.

    A process apart reads the disk: an open store has threads.

    Raises:
        OSError: the store cannot be read.
    """
    import pyoxigraph as ox  # noqa: PLC0415  # the network must be left before

    read, write = os.pipe()
    parent, pid = os.getpid(), os.fork()
    if pid == 0:
        end_with(parent)
        os.close(read)
        with contextlib.suppress(Exception), os.fdopen(write, "wb") as pipe:
            ox.Store.read_only(path).dump(pipe, format=ox.RdfFormat.N_QUADS)
            os._exit(0)
        os._exit(1)
    os.close(write)
    store = ox.Store()
    with os.fdopen(read, "rb") as pipe, contextlib.suppress(SyntaxError):  # of half a line
        store.load(pipe, format=ox.RdfFormat.N_QUADS)
    if os.waitpid(pid, 0)[1]:
        ox.Store.read_only(path)  # says what is wrong with it
        raise OSError(f"the store {path} is damaged")
    return store


class ForkServer:
    """Forks workers that have what the configuration names."""

    def __init__(self, control: socket.socket, config: dict[str, Any]) -> None:
        self.control, self.config = control, config
        self._workers: set[int] = set()
        self.evaluator: Evaluator | None = None
        if config["store"]:
            import mappe_servizi.query.evaluate  # noqa: F401, PLC0415  # once, and not in each worker

            if config["held"]:
                self.evaluator = self._evaluator(in_memory(config["store"]))
        if config["tables"]:
            import duckdb  # noqa: F401, PLC0415  # once, and not in each worker; it has no thread before it is opened

    def _evaluator(self, store: pyoxigraph.Store) -> Evaluator:
        from mappe_servizi.query.evaluate import Evaluator  # noqa: PLC0415

        index = self.config["index"]
        return Evaluator(store, self.config["base"], self.config["prefixes"], Path(index) if index else None)

    def run(self) -> None:
        """Do what is asked until the other side closes the socket."""
        from mappe_servizi.query.frames import ENDED, FORKED, send  # noqa: PLC0415

        asked: set[int] = set()
        with ended_children() as signals:
            while True:
                ready, _, _ = select.select([self.control, signals], [], [])
                if signals in ready:
                    signals.recv(1 << 10)
                if self.control in ready:
                    request, files, _, _ = socket.recv_fds(self.control, REQUEST.size, 1)
                    if len(request) < REQUEST.size:
                        return
                    kind, pid = REQUEST.unpack(request)
                    if kind == WAIT:
                        asked.add(pid)
                    else:
                        send(self.control, FORKED, b"%d" % self._fork(files[0]))
                # Whoever was not asked for stays a zombie: its number is not given to another process.
                for pid in tuple(asked):
                    done, status = os.waitpid(pid, os.WNOHANG)
                    if done:
                        asked.discard(pid)
                        self._workers.discard(pid)
                        send(self.control, ENDED, b"%d %d" % (pid, os.waitstatus_to_exitcode(status)))

    def _fork(self, file: int) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                end_with(parent)
                signal.set_wakeup_fd(-1)
                self.control.close()
                self._work(socket.socket(fileno=file))
            finally:
                os._exit(1)
        os.close(file)
        self._workers.add(pid)
        return pid

    def end_workers(self) -> None:
        """Kill the workers that are left, and wait until they are gone: nobody else would do either."""
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)
        while self._workers:
            os.waitpid(self._workers.pop(), 0)

    def _work(self, channel: socket.socket) -> None:
        """Be a worker, until the other side closes the socket; does not return."""
        from mappe_servizi.query.frames import FAILED, READY, send  # noqa: PLC0415

        try:
            worker = self._worker(channel)
        except Exception as error:  # whatever it is, the parent must learn of it
            send(channel, FAILED, json.dumps(["start", str(error), {}]).encode())
            os._exit(1)
        send(channel, READY, b"")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            worker.run()
        channel.close()
        os._exit(0)

    def _worker(self, channel: socket.socket) -> Worker:
        from mappe_servizi.query.worker import Worker  # noqa: PLC0415

        if self.config["tables"]:
            from mappe_servizi.query.columnar.worker import ColumnarWorker  # noqa: PLC0415

            return ColumnarWorker(channel, self.config["recycle"], Path(self.config["tables"]))
        evaluator = self.evaluator
        if evaluator is None and self.config["store"]:
            import pyoxigraph as ox  # noqa: PLC0415

            evaluator = self._evaluator(ox.Store.read_only(self.config["store"]))
        return Worker(channel, self.config["prefixes"], self.config["recycle"], evaluator)


@contextlib.contextmanager
def ended_children() -> Iterator[socket.socket]:
    """A socket that can be read when a child has ended."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        yield ours
        signal.set_wakeup_fd(-1)


def main() -> None:
    """Isolate, prepare, fork on request."""
    # Both may go to the whole group; it is the parent that says when the running query has had its time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    config = json.loads(sys.argv[2])
    done = isolate(network=config["network"], memory=config["memory"])
    end_with(config["parent"])
    if sys.argv[1] == PROBE:
        sys.stdout.write(json.dumps(done))
        return
    from mappe_servizi.query.frames import FAILED, READY, send  # noqa: PLC0415

    control = socket.socket(fileno=int(sys.argv[1]))
    try:
        server = ForkServer(control, config)
    except Exception as error:  # whatever it is, the parent must learn of it
        send(control, FAILED, json.dumps(["start", str(error), {}]).encode())
        sys.exit(1)
    send(control, READY, json.dumps(done).encode())
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        server.run()
    server.end_workers()
    control.close()
    os._exit(0)


if __name__ == "__main__":
    main()
