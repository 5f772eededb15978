"""A query worker: one process, one release, no network, one query at a time.

Forked by a process that has prepared what all workers share (``fork_server``), so that a new one
is ready within milliseconds.
"""

from __future__ import annotations

import json
import resource
import socket
from typing import TYPE_CHECKING, Any

from mappe_servizi.query.frames import DATA, END, FAILED, LAST, receive, send

if TYPE_CHECKING:
    from mappe_servizi.query.evaluate import Evaluator

CHUNK = 1 << 16


class TooLargeError(Exception):
    """The serialised result is over the limit."""


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


class Worker:
    """Answers jobs.

    Attributes:
        channel: where its frames go.
        prefixes: for Turtle, TriG, RDF/XML and JSON-LD.
        recycle: bytes of peak memory above which it wants to be replaced.
        evaluator: of the release, None for a worker that only reads texts.
    """

    def __init__(
        self, channel: socket.socket, prefixes: dict[str, str], recycle: int, evaluator: Evaluator | None
    ) -> None:
        self.channel, self.prefixes, self.recycle = channel, prefixes, recycle
        self.refused: type[Exception] | tuple[()] = ()
        if evaluator is None:
            return
        import pyoxigraph as ox  # noqa: PLC0415  # a worker that only reads texts is without it

        from mappe_servizi.query.evaluate import RefusedError  # noqa: PLC0415

        self.evaluator, self.ox, self.refused = evaluator, ox, RefusedError
        rdf, results = ox.RdfFormat, ox.QueryResultsFormat
        self.results = {"json": results.JSON, "xml": results.XML, "csv": results.CSV, "tsv": results.TSV}
        self.prefixed = {"turtle": rdf.TURTLE, "trig": rdf.TRIG, "rdfxml": rdf.RDF_XML}
        self.plain = {"ntriples": rdf.N_TRIPLES, "nquads": rdf.N_QUADS}

    def run(self) -> None:
        """Answer jobs until the other side closes the socket."""
        while (job := receive(self.channel)) is not None:
            self.answer(job)

    def answer(self, job: dict[str, Any]) -> None:
        """Run one job and send its frames: data, then one end or failure."""
        output = ResultWriter(self.channel, job["limit"])
        try:
            if job["task"] == "evaluate":
                self.evaluate(job, output)
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
            from mappe_servizi.rdf.reading_order import readable  # noqa: PLC0415

            triples, prefixes = readable(result, self.prefixes)
            ox.serialize(triples, sink, format=self.prefixed[name], prefixes=prefixes)
        self.evaluator.check()
