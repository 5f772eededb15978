"""Why a query gives no result. Each error says who can mend it (its HTTP status) and how."""

from __future__ import annotations

from collections.abc import Mapping


class QueryError(Exception):
    """A query that gives no result.

    Attributes:
        kind: the last segment of the problem's type.
        status: the HTTP status.
        title: what happened, in general.
        detail: one sentence for the user, naming the limit that was met.
        retry_after: seconds, where trying again makes sense.
        more: further members of the problem document: where in the query, and what is meant.
    """

    kind, status, title = "query-failed", 500, "The query failed"

    def __init__(
        self, detail: str, retry_after: int | None = None, more: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail, self.retry_after, self.more = detail, retry_after, dict(more or {})


class BadQueryError(QueryError):
    """The query is not SPARQL 1.1, or asks for what is not offered."""

    kind, status, title = "bad-query", 400, "The query cannot be used"


class BadRequestError(QueryError):
    """The request cannot be read."""

    kind, status, title = "bad-request", 400, "The request cannot be read"


class IncomparableError(QueryError):
    """Figures were asked to be brought together that may not be."""

    kind, status, title = "incomparable", 400, "These figures are not brought together"


class QueryTimeoutError(QueryError):
    """The deadline passed."""

    kind, status, title = "query-timeout", 504, "The query took too long"


class MemoryLimitError(QueryError):
    """The evaluation needed more memory than it may use."""

    kind, status, title = "memory-limit", 507, "The query needs too much memory"


class ResultTooLargeError(QueryError):
    """The result is larger than results may be."""

    kind, status, title = "result-too-large", 507, "The result is too large"


class BusyError(QueryError):
    """The queue is full, or the wait in it was too long."""

    kind, status, title = "busy", 503, "Too many queries at once"


class OverBudgetError(QueryError):
    """The client has used up its time."""

    kind, status, title = "over-budget", 429, "Too much query time used"


class EngineFailedError(QueryError):
    """The engine could not be reached, crashed, or cut its result."""

    kind, status, title = "engine-failed", 502, "The query engine failed"
