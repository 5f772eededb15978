"""Requests of the door to the application that it stands in, on behalf of who stands before it.

A tool asks as anybody asks over HTTP, at the same addresses: with the same admission, limits, cache and log.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Scope

from mappe_servizi.formats import FORM, JSON
from mappe_servizi.query.formats import JSON as RESULTS
from mappe_servizi.web.served.cache import Headers

LARGEST = 512 << 10
"""Bytes of the largest answer that a tool takes: more than an assistant can read at once."""
Client = tuple[str, int] | None


class AnswerTooLargeError(Exception):
    """An answer is larger than a tool takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and the document if it is JSON."""

    status: int
    document: Any


@dataclass(frozen=True, slots=True)
class Inside:
    """Asks the application for a client.

    Attributes:
        app: the whole of it, with all that stands around it.
        client: for whom a request counts.
    """

    app: ASGIApp
    client: Client

    async def get(self, path: str, **parameters: str) -> Answer:
        """The JSON at an address.

        Raises:
            AnswerTooLargeError: it is larger than a tool takes.
        """
        scope = self._scope("GET", path, urlencode(parameters).encode(), [(b"accept", JSON.media.encode())])
        return await self._asked(scope, b"")

    async def query(self, text: str) -> Answer:
        """The rows, or the truth, that SPARQL's endpoint gives for a query, or its problem.

        Raises:
            AnswerTooLargeError: they are more than a tool takes.
        """
        headers = [(b"accept", f"{RESULTS.media}, {JSON.media};q=0.5".encode())]
        headers += [(b"content-type", FORM.media.encode())]
        return await self._asked(
            self._scope("POST", "/sparql", b"", headers), urlencode({"query": text}).encode()
        )

    def _scope(self, method: str, path: str, query: bytes, headers: Headers) -> Scope:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query,
            "headers": headers,
            "client": self.client,
            "server": None,
            "state": {},
        }

    async def _asked(self, scope: Scope, body: bytes) -> Answer:
        received = False
        status, answer = 500, bytearray()

        async def receive() -> Message:
            nonlocal received
            if received:  # who asks waits, or is cancelled, and this with it
                await asyncio.Event().wait()
            received = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                return
            answer.extend(message.get("body", b""))
            if len(answer) > LARGEST:
                asking.cancel()

        asking = asyncio.ensure_future(self.app(scope, receive, send))
        try:
            await asking
        except asyncio.CancelledError:
            if len(answer) > LARGEST:
                raise AnswerTooLargeError from None
            raise
        if len(answer) > LARGEST:
            raise AnswerTooLargeError
        return Answer(status, json.loads(answer) if answer else None)
