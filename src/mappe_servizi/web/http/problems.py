"""Errors as problem documents (RFC 9457): one shape for every error of every route."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mappe_servizi.formats import PROBLEM
from mappe_servizi.query.errors import QueryError
from mappe_servizi.web.http.exchange import exchange_of

MEDIA = PROBLEM.media
TYPES: Mapping[str, str] = {
    "precondition-failed": "What is asked for has changed since the time that the request names.",
    "bad-request": "The request cannot be understood; the detail says which part of it.",
    "bad-query": "The query is not SPARQL 1.1, or asks for what is not offered here.",
    "update-refused": "The data change by releases only; SPARQL Update is not offered.",
    "service-refused": "SERVICE may only name the endpoints that the operator has allowed.",
    "not-found": "There is nothing under this address.",
    "gone": "What stood here was withdrawn.",
    "method-not-allowed": "The address does not take this method; Allow names those that it takes.",
    "not-acceptable": "None of the formats that the client accepts is offered.",
    "content-too-large": "The request is larger than requests may be.",
    "uri-too-long": "The address is longer than addresses may be; POST takes longer queries.",
    "fields-too-large": "The header fields, or one of them, are larger than they may be.",
    "request-timeout": "The request did not arrive in time.",
    "unsupported-media-type": "The request's body is of a type that is not taken.",
    "busy": "Too many queries run and wait already; try again after Retry-After seconds.",
    "over-budget": "The client has used up its query time; try again after Retry-After seconds.",
    "query-timeout": "The query was stopped at its deadline. Nothing of its result was sent as complete.",
    "memory-limit": "The query was stopped because it needed more memory than it may use.",
    "result-too-large": "The result is larger than results may be; use LIMIT, or the dumps.",
    "query-failed": "The query failed for a reason of the engine's.",
    "engine-failed": "The query engine could not be reached, or did not answer properly.",
    "damaged": "The file is not as it was published, and is not served.",
    "not-offered": "The release, or the endpoint, lacks what this would be answered from.",
    "incomparable": "Figures were asked to be brought together that may not be.",
    "misdirected": "The request names another server than this one.",
    "not-installed": "This server was installed without what answers here.",
    "not-ready": "The server has no release to answer from.",
    "internal-error": "The server made a mistake; it is in its log.",
}
"""The kinds of problems; the page /problems lists them."""


@dataclass
class Problem(Exception):
    """An error to be answered with.

    Attributes:
        status: of HTTP.
        kind: a key of ``TYPES``.
        detail: one sentence about this case.
        headers: further fields of the answer.
        more: further members of the document.
    """

    status: int
    kind: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)

    def document(self, prefix: str = "") -> bytes:
        """The problem document, of a server whose addresses begin with a prefix."""
        title, _, _ = TYPES[self.kind].partition(";")
        members = {
            "type": f"{prefix}/problems#{self.kind}",
            "title": title.rstrip("."),
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        return json.dumps(members, ensure_ascii=False).encode()

    def response(self) -> Response:
        """The answer."""
        return ProblemResponse(self)


class ProblemResponse(Response):
    """A problem document, written when it is known who answers with it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(status_code=problem.status)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        body = self.problem.document(exchange_of(scope).snapshot.iris.prefix)
        headers = {"cache-control": "no-store", **self.problem.headers}
        await Response(body, self.problem.status, headers, MEDIA)(scope, receive, send)


def from_query_error(error: QueryError) -> Problem:
    """A failed query as a problem."""
    headers = {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
    return Problem(error.status, error.kind, error.detail, headers, error.more)


def not_found(detail: str) -> Problem:
    """Nothing stands here."""
    return Problem(404, "not-found", detail)
