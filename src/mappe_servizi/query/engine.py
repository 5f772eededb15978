"""What an engine is: something that answers a job with a whole result, a stream, or an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from mappe_servizi.query.formats import Format
    from mappe_servizi.query.scan import Scan

Cost = Literal["short", "long"]
Task = Literal["evaluate", "scan", "form", "calls"]


@dataclass(frozen=True, slots=True)
class Job:
    """A query to be run.

    Attributes:
        query: the text.
        format: what to serialise the result in.
        client: who asks, for fairness (an address or network).
        default_graphs: the IRIs of the protocol's default-graph-uri.
        named_graphs: the IRIs of the protocol's named-graph-uri.
        seconds: a lower deadline that the client wishes; None for the server's own.
        service: whether the query may reach the (allow-listed) targets of its SERVICE clauses.
        task: what to do with the text; what is no evaluation is in ``examination``.
        scan: what is known of the query, where it was scanned.
    """

    query: str
    format: Format
    client: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    seconds: float | None = None
    service: bool = False
    task: Task = "evaluate"
    scan: Scan | None = None

    @property
    def has_dataset(self) -> bool:
        """Whether the request itself names the dataset, which then replaces that of the query."""
        return bool(self.default_graphs or self.named_graphs)


class Stream(Protocol):
    """The rest of a result. It is whole only if the iteration ends without an error."""

    def __aiter__(self) -> Stream:
        """Itself."""

    async def __anext__(self) -> bytes:
        """The next chunk.

        Raises:
            QueryError: the result cannot be completed.
        """

    async def aclose(self) -> None:
        """Free what produces the stream; must be called, also where nothing was read."""


@dataclass(frozen=True, slots=True)
class Result:
    """A result: whole in ``body``, or, where ``stream`` is not None, its beginning."""

    body: bytes
    stream: Stream | None = None
    cost: Cost = "short"


class Engine(Protocol):
    """Runs jobs."""

    async def start(self) -> None:
        """Be ready to run jobs.

        Raises:
            MappeError: the engine cannot be used.
        """

    async def run(self, job: Job) -> Result:
        """The result of a job. Cancelling the call ends the evaluation.

        Raises:
            QueryError: there is none.
        """

    async def close(self) -> None:
        """Let running jobs end, then free what is held."""

    async def ready(self) -> bool:
        """Whether it can run jobs now."""

    def facts(self) -> dict[str, object]:
        """What /readyz tells: engine, isolation in force, slots."""
