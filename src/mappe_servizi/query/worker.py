"""A query worker: one fresh process, one release, no network, one query at a time.

Run as a script with the file descriptor of a socket and a JSON configuration. At its start it
imports little of the package and little else, since it must be ready within some tens of
milliseconds, and nothing that starts a thread before it has left its network namespace
(unshare fails once threads exist). Frames on the socket are one byte for the kind, four
for the length, and the payload.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

HEADER = struct.Struct("<cI")
READY, DATA, FAILED = b"R", b"D", b"F"
END, LAST = b"E", b"L"  # the result is whole; LAST: and this worker wants to be replaced
CHUNK = 1 << 16
PROBE = "probe"  # in place of the socket: only tell what could be given up
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


class TooLargeError(Exception):
    """The serialised result is over the limit."""


def end_with(parent: int) -> None:
    """Be killed when the parent, given by its process id, ends; also where it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def isolate(*, network: bool, memory: int) -> dict[str, bool]:
    """Give up what a query does not need; returns what could be given up."""
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


class UnreadableError(Exception):
    """A text that cannot be read; its arguments are a reason and a detail."""


class ResultWriter:
    """What the serialisers write to: whole frames, bounded in sum."""

    def __init__(self, channel: socket.socket, limit: int) -> None:
        self.channel, self.limit = channel, limit
        self.buffer = bytearray()
        self.sent = 0

    def write(self, data: bytes) -> int:
        """Take some bytes of the result."""
        self.buffer += data
        if self.sent + len(self.buffer) > self.limit:
            raise TooLargeError
        if len(self.buffer) >= CHUNK:
            self.sent += len(self.buffer)
            send(self.channel, DATA, bytes(self.buffer))
            self.buffer.clear()
        return len(data)

    def flush(self) -> None:
        """Frames are sent when they are full; the last goes with the end."""


def send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one frame."""
    channel.sendall(HEADER.pack(kind, len(payload)) + payload)


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """The next job, None when the other side has gone."""
    header = read(channel, HEADER.size)
    if header is None:
        return None
    payload = read(channel, HEADER.unpack(header)[1])
    return None if payload is None else json.loads(payload)


def read(channel: socket.socket, size: int) -> bytes | None:
    """Exactly ``size`` bytes, None at the end."""
    data = b""
    while len(data) < size:
        piece = channel.recv(size - len(data))
        if not piece:
            return None
        data += piece
    return data


class Worker:
    """Answers jobs on one release."""

    def __init__(self, channel: socket.socket, config: dict[str, Any]) -> None:
        self.channel = channel
        self.prefixes: dict[str, str] = config["prefixes"]
        self.recycle: int = config["recycle"]
        self.refused: type[Exception] | tuple[()] = ()
        if not config["store"]:
            return
        import pyoxigraph as ox  # noqa: PLC0415  # only now: it may start threads

        from mappe_servizi.query.evaluate import Evaluator, RefusedError  # noqa: PLC0415

        self.ox, self.refused = ox, RefusedError
        store, index = ox.Store.read_only(config["store"]), config["index"]
        self.evaluator = Evaluator(store, config["base"], self.prefixes, Path(index) if index else None)
        rdf, results = ox.RdfFormat, ox.QueryResultsFormat
        self.results = {"json": results.JSON, "xml": results.XML, "csv": results.CSV, "tsv": results.TSV}
        self.prefixed = {"turtle": rdf.TURTLE, "trig": rdf.TRIG, "rdfxml": rdf.RDF_XML}
        self.plain = {"ntriples": rdf.N_TRIPLES, "nquads": rdf.N_QUADS}

    def answer(self, job: dict[str, Any]) -> None:
        """Run one job and send its frames: data, then one end or failure."""
        output = ResultWriter(self.channel, job["limit"])
        try:
            if job["task"] == "evaluate":
                self.evaluate(job, output)
                self.evaluator.check()
            else:
                self.examine(job, output)
        except TooLargeError:
            self.fail("too-large", "")
        except MemoryError:
            self.fail("memory", "")
        except UnreadableError as error:
            self.fail(*error.args)
        except self.refused as error:
            self.fail("refused", str(error), vars(error).get("more"))
        except (SyntaxError, ValueError) as error:
            self.fail("refused", str(error))
        except (RuntimeError, OSError) as error:
            self.fail("evaluation", str(error))
        else:
            # The memory that a large result took is given back by the end of the process.
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            send(self.channel, LAST if peak > self.recycle else END, bytes(output.buffer))

    def fail(self, reason: str, detail: str, more: dict[str, object] | None = None) -> None:
        """Send a failure."""
        send(self.channel, FAILED, json.dumps([reason, detail[:2000], more or {}]).encode())

    def examine(self, job: dict[str, Any], output: ResultWriter) -> None:
        """Read a text of a stranger's, and tell what is in it."""
        from mappe_servizi.query.errors import QueryError  # noqa: PLC0415  # only when it is asked for
        from mappe_servizi.query.examination import TASKS  # noqa: PLC0415

        try:
            output.write(json.dumps(TASKS[job["task"]](job["query"])).encode())
        except QueryError as error:
            raise UnreadableError(error.kind, error.detail) from error

    def evaluate(self, job: dict[str, Any], output: ResultWriter) -> None:
        """Evaluate and serialise a query."""
        ox = self.ox
        options: dict[str, Any] = {}
        if job["default"] is not None:
            options["default_graph"] = [self.evaluator.graph(iri) for iri in job["default"]]
            options["named_graphs"] = [ox.NamedNode(iri) for iri in job["named"]]
        result: Any = self.evaluator.query(job["query"], **options)
        name = job["format"]
        sink: Any = output
        if not isinstance(result, ox.QueryTriples):
            result.serialize(sink, format=self.results[name])
        elif name == "jsonld":
            from mappe_servizi.rdf.jsonld import write_jsonld  # noqa: PLC0415  # only when it is asked for

            write_jsonld(result, output, self.prefixes)
        elif name in self.plain:
            result.serialize(sink, format=self.plain[name])
        else:
            from mappe_servizi.rdf.jsonld import used_prefixes  # noqa: PLC0415

            triples, prefixes = used_prefixes(result, self.prefixes)
            ox.serialize(triples, sink, format=self.prefixed[name], prefixes=prefixes)


def main() -> None:
    """Serve jobs until the other side closes the socket."""
    # Both may go to the whole group; it is the parent that says when the running query has had its time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    config = json.loads(sys.argv[2])
    done = isolate(network=config["network"], memory=config["memory"])
    end_with(config["parent"])
    if sys.argv[1] == PROBE:
        sys.stdout.write(json.dumps(done))
        return
    channel = socket.socket(fileno=int(sys.argv[1]))
    try:
        worker = Worker(channel, config)
    except Exception as error:  # whatever it is, the parent must learn of it
        send(channel, FAILED, json.dumps(["start", str(error), {}]).encode())
        sys.exit(1)
    send(channel, READY, json.dumps(done).encode())
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while (job := receive(channel)) is not None:
            worker.answer(job)
    channel.close()
    os._exit(0)


if __name__ == "__main__":
    main()
