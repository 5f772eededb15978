"""The server's side of a connection: uvicorn's, bounded, and with the cache in front of it.

uvicorn bounds neither the header section nor the time that it takes to arrive, nor the time
for which a client reads nothing of its answer. A request whose answer is kept is answered
here, without a task, a scope or the framework: that is where most of their time would go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 15.0
HEADER_BYTES = 64 << 10
Headers = list[tuple[bytes, bytes]]


class Answered:
    """Stands for the cycle of a request that was answered from the cache."""

    response_complete = True
    disconnected = False
    keep_alive = True

    class message_event:  # noqa: N801  # the name that uvicorn knows it by
        """Nobody waits for it."""

        @staticmethod
        def set() -> None:
            """Nothing to wake."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection whose header section and unread output are bounded in size and time."""

    write_seconds = 30.0
    cached: Callable[[bytes, bytes, Headers, Headers], bytes | None] | None = None
    """Method, target, the request's and the server's own header fields to a whole response."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header_bytes = 0
        self._in_headers = True
        self._header_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock: a connection that sends nothing is closed as well."""
        super().connection_made(transport)
        self._header_timer = self.loop.call_later(HEADER_SECONDS, self._abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        for timer in (self._header_timer, self._write_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the body."""
        super().data_received(data)
        if self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self._refuse()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_headers = True
        if self._header_timer is None:
            self._header_bytes = 0
            self._header_timer = self.loop.call_later(HEADER_SECONDS, self._abort)

    def on_headers_complete(self) -> None:
        """The header section has ended."""
        self._in_headers, self._header_bytes = False, 0
        if sum(len(name) + len(value) for name, value in self.headers) > HEADER_BYTES:
            self._refuse()
            return
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None
        if not self._answer_from_cache():
            super().on_headers_complete()

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
        defaults = self.server_state.default_headers
        data = find(self.parser.get_method(), self.url, self.headers, defaults)
        if data is None:
            return False
        self.cycle = Answered  # type: ignore[assignment]
        self.transport.write(data)
        self.on_response_complete()
        return True

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self.write_seconds, self._abort)

    def resume_writing(self) -> None:
        """The client has read something."""
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _refuse(self) -> None:
        self.cycle = Answered  # type: ignore[assignment]
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        self.transport.close()

    def _abort(self) -> None:
        if not self.transport.is_closing() or self.transport.get_write_buffer_size():
            self.transport.abort()
