"""The server's side of a connection: uvicorn's, bounded, and with the cache in front of it.

uvicorn bounds neither the header section nor the time that it takes to arrive, nor the time
for which a client reads nothing of its answer, nor a client's connections. A request whose
answer is kept is answered here, without a task, a scope or the framework: that is where most
of their time would go.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mappe_servizi.web.http.clients import BODY_SECONDS, client_key
from mappe_servizi.web.http.problems import MEDIA, Problem
from mappe_servizi.web.http.unread import CONNECTION, SendBuffers

HEADER_SECONDS = 15.0
HEADER_BYTES = 64 << 10
TARGET_BYTES = 63 << 10
"""Of the request line's target; the parser of targets counts to 65,535."""
PATH_BYTES = 8 << 10
PLAIN_BYTES = 8 << 10
"""Header fields that are larger in all are looked at one by one before an answer is looked up."""
BODY_GRACE = 5.0
"""Seconds after a body's time in which its reader may still say that it is over."""
PROBE_SECONDS, PROBE_LONGEST = 0.1, 5.0
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
BODIES = frozenset({b"content-length", b"transfer-encoding"})
"""The fields that say that a body follows."""
LINGER_SECONDS = 2.0
Headers = list[tuple[bytes, bytes]]


class Answered:
    """Stands for the cycle of a request that was answered here."""

    response_complete = True
    response_started = True
    more_body = False
    disconnected = False
    keep_alive = True

    class message_event:  # noqa: N801  # the name that uvicorn knows it by
        """Nobody waits for it."""

        @staticmethod
        def set() -> None:
            """Nothing to wake."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is bounded in what it sends, in what it leaves unread, and in time."""

    write_seconds = 30.0
    client_connections = 1000
    proxies: tuple[str, ...] = ()
    prefix = ""
    held = SendBuffers(64 << 20)
    cached: Callable[[bytes, bytes, Headers], tuple[int, Headers, bytes] | None] | None = None
    """Method, target and header fields of a request to status, fields and body of a kept answer."""
    clients: ClassVar[Counter[str]] = Counter()
    """Open connections by client, in this process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._extensions: dict[str, dict[object, object]] = {CONNECTION: {"connection": self}}
        self._header_bytes = 0
        self._in_headers = True
        self._refused = self._half_closed = self._is_held = False
        self._unread = 0
        self._address = ""
        self._header_timer: asyncio.TimerHandle | None = None
        self._body_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._probe_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock: a connection that sends nothing is closed as well."""
        super().connection_made(transport)
        self._header_timer = self.loop.call_later(HEADER_SECONDS, self.cut)
        self._address = client_key({"client": self.client})
        self.clients[self._address] += 1
        if self.clients[self._address] > self.client_connections and not self._is_proxy():
            detail = f"one client may have {self.client_connections} connections at a time"
            self._refuse(Problem(503, "busy", detail, {"retry-after": "5"}))

    def _is_proxy(self) -> bool:
        """Whether the connections of many clients come from this address."""
        address = ip_address(self.client[0]) if self.client else None
        return any(address in ip_network(proxy) for proxy in self.proxies)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        for timer in (self._header_timer, self._body_timer, self._write_timer, self._probe_timer):
            if timer is not None:
                timer.cancel()
        self.held.leave(self)
        self._extensions.clear()
        self.clients[self._address] -= 1
        if not self.clients[self._address]:
            del self.clients[self._address]
        super().connection_lost(exc)

    # What comes in.

    def data_received(self, data: bytes) -> None:
        """Count what comes before the body."""
        if self._refused:
            return
        super().data_received(data)
        if self._in_headers and not self._refused:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self._refuse(self._too_long())

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = self._extensions
        self._in_headers = True
        if self._header_timer is None:
            self._header_bytes = 0
            self._header_timer = self.loop.call_later(HEADER_SECONDS, self.cut)

    def on_headers_complete(self) -> None:
        """The header section has ended."""
        self._in_headers, self._header_bytes = False, 0
        if self._refused:
            return
        size = hosts = 0
        body = False
        for name, value in self.headers:
            size += len(name) + len(value)
            if name == b"host":
                hosts += 1
            elif name in BODIES:
                body = True
        if (problem := self._problem(size, hosts)) is not None:
            self._refuse(problem)
            return
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None
        if size > PLAIN_BYTES or not self._answer_from_cache():
            super().on_headers_complete()
        if body and self._body_timer is None:
            # A body has one deadline, whoever reads it, or nobody.
            self._body_timer = self.loop.call_later(BODY_SECONDS + BODY_GRACE, self.cut)

    def on_message_complete(self) -> None:
        """The request has arrived."""
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None
        super().on_message_complete()

    def _problem(self, size: int, hosts: int) -> Problem | None:
        """What is wrong with a request as HTTP has it (RFC 9110 and 9112), or too large in it."""
        if size > HEADER_BYTES or len(self.url) > TARGET_BYTES:
            return self._too_long()
        if len(self.url) > PATH_BYTES and len(self.url.partition(b"?")[0]) > PATH_BYTES:
            return Problem(414, "uri-too-long", f"a path may have {PATH_BYTES} bytes at most")
        if hosts != 1 and (hosts or self.parser.get_http_version() != "1.0"):
            return Problem(400, "bad-request", f"a request has one Host field, not {hosts}")
        return None

    def _too_long(self) -> Problem:
        if len(self.url) > HEADER_BYTES // 2:
            detail = f"an address may have {TARGET_BYTES} bytes at most; POST takes longer queries"
            return Problem(414, "uri-too-long", detail)
        return Problem(431, "fields-too-large", f"the header fields may have {HEADER_BYTES} bytes in all")

    def _answer_from_cache(self) -> bool:
        """Answer a plain request whose answer is kept; False leaves it to uvicorn."""
        busy = self.cycle is not None and not self.cycle.response_complete
        find = type(self).cached
        if find is None or busy or self.pipeline or self.flow.write_paused:
            return False
        if self.expect_100_continue or self.parser.should_upgrade() or not self.parser.should_keep_alive():
            return False
        if self.parser.get_http_version() != "1.1":
            return False
        answer = find(self.parser.get_method(), self.url, self.headers)
        if answer is None:
            return False
        status, headers, body = answer
        lines = [b"%s: %s\r\n" % field for field in (*self.server_state.default_headers, *headers)]
        self.cycle = Answered  # type: ignore[assignment]
        self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
        self.on_response_complete()
        return True

    def _refuse(self, problem: Problem) -> None:
        """Answer with a problem and close. An earlier answer that has begun is cut; it would be mixed up.

        What the client still sends is passed over for a moment: a connection that is closed with
        unread input is reset, and the answer with it.
        """
        self._refused = True
        if self.cycle is not None and not self.cycle.response_complete:
            if self.cycle.response_started or self.pipeline:
                self.transport.close()
                return
            self.cycle.disconnected = True  # so that it says nothing more
            self.cycle.message_event.set()
        self.cycle = Answered  # type: ignore[assignment]
        body = problem.document(self.prefix)
        fields = {
            "content-type": MEDIA,
            "content-length": str(len(body)),
            "connection": "close",
            "access-control-allow-origin": "*",
            **problem.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.transport.write(STATUS_LINE[problem.status] + lines.encode() + b"\r\n" + body)
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.cut)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        if not self._refused:
            self._refuse(Problem(400, "bad-request", "this is not an HTTP request"))

    def cut(self) -> None:
        """End the connection now."""
        if not self.transport.is_closing() or self.transport.get_write_buffer_size():
            self.transport.abort()

    # What goes out.

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        if self not in self.held:
            self.held.enter(self, id(self), self._unread)
            self._is_held = True
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self.write_seconds, self._look)

    def resume_writing(self) -> None:
        """The client has read what was too much."""
        super().resume_writing()
        if self._is_held:
            self.held.leave(self)
            self._is_held = False
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _look(self) -> None:
        """Cut the client off if it has read nothing since the last look."""
        left = self.transport.get_write_buffer_size()
        if left >= self._unread:
            self.cut()
            return
        self._unread = left
        self._write_timer = self.loop.call_later(self.write_seconds, self._look)

    # The end.

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends nothing more: it may have left, or only have said all that it wants.

        The network does not tell which. So what was asked for is answered, and until then the
        interim response that means nothing is sent now and then, which fails where nobody is left.
        """
        asked = [self.cycle, *(cycle for cycle, _ in self.pipeline)]
        waits = self.cycle is not None and not self.cycle.response_complete
        whole = waits and not any(cycle.more_body for cycle in asked)
        if not whole or self.parser.get_http_version() == "1.0" or self.transport.is_closing():
            return False
        self._half_closed = True
        self._probe_timer = self.loop.call_later(PROBE_SECONDS, self._probe, PROBE_SECONDS)
        return True

    def _probe(self, seconds: float) -> None:
        if not self.pipeline and not self.cycle.response_started and not self.transport.is_closing():
            self.transport.write(CONTINUE)
        later = min(2 * seconds, PROBE_LONGEST)
        self._probe_timer = self.loop.call_later(seconds, self._probe, later)

    def on_response_complete(self) -> None:
        """Close what the client has closed on its side, after the last answer."""
        super().on_response_complete()
        if self._half_closed and self.cycle.response_complete and not self.pipeline:
            self.transport.close()
