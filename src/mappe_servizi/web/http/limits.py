"""What is larger than what is parsed may be, or no text, is refused before anything looks at it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.fields import PARSED
from mappe_servizi.web.http.problems import Problem

FIELD_BYTES = 8 << 10
PARAMETER_BYTES = 8 << 10
"""Of the query string of all addresses but those that read it elsewhere."""
MAX_FIELDS = 64


class RequestLimits:
    """Passes on what is within the limits.

    Attributes:
        app: answers it.
        refusing: makes an application of a problem, which answers the rest.
        unbounded: paths whose parameters are bounded by who answers them.
    """

    def __init__(
        self, app: ASGIApp, refusing: Callable[[ASGIApp], ASGIApp], unbounded: Collection[str]
    ) -> None:
        self.app, self.refusing, self.unbounded = app, refusing, unbounded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        problem = exceeded(scope, exchange_of(scope).fields, self.unbounded)
        app = self.app if problem is None else self.refusing(problem.response())
        await app(scope, receive, send)


def exceeded(scope: Scope, fields: Mapping[bytes, bytes], unbounded: Collection[str]) -> Problem | None:
    """What is wrong with a request, None for nothing."""
    if (name := too_large(fields)) is not None:
        return Problem(431, "fields-too-large", f"the field {name} may have {FIELD_BYTES} bytes at most")
    query = scope["query_string"]
    if not query or scope["path"] in unbounded:
        return None
    if len(query) > PARAMETER_BYTES:
        detail = f"the parameters of an address may have {PARAMETER_BYTES} bytes at most"
        return Problem(414, "uri-too-long", detail)
    said = unreadable(query)
    return Problem(400, "bad-request", said) if said else None


def too_large(fields: Mapping[bytes, bytes]) -> str | None:
    """A field that is too large to be parsed; those that nobody parses may be as they are.

    >>> too_large({b"accept": b"a" * 9000, b"cookie": b"a" * 9000}), too_large({b"cookie": b"a" * 9000})
    ('accept', None)
    """
    for name in PARSED & fields.keys():
        if len(fields[name]) > FIELD_BYTES:
            return name.decode()
    return None


def unreadable(query: bytes) -> str:
    """What is wrong with the parameters of an address, "" for nothing.

    >>> unreadable(b"q=caff%C3%A8"), unreadable(b"q=%ff")
    ('', 'the parameters are not UTF-8')
    """
    if query.count(b"&") >= MAX_FIELDS:
        return f"there are more than {MAX_FIELDS} parameters"
    try:
        unquote_to_bytes(query).decode("utf-8")
    except UnicodeDecodeError:
        return "the parameters are not UTF-8"
    return ""
