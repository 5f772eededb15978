"""A response on its way out: its messages, where a whole body is told from the beginning of a stream."""

from __future__ import annotations

from starlette.types import Message, Send


class Outgoing:
    """Takes the messages of the application inside; its start waits until its first piece is known."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Take a message."""
        kind = message["type"]
        if kind == "http.response.start":
            self._start = message
        elif kind == "http.response.body" and self._start is not None:
            start, self._start = self._start, None
            if message.get("more_body", False):
                await self.begin(start, message)
            else:
                await self.whole(start, message)
        elif kind == "http.response.body":
            await self.proceed(message)
        else:
            await self.send(message)

    async def whole(self, start: Message, body: Message) -> None:
        """Send a response whose body is in one piece."""
        await self.begin(start, body)

    async def begin(self, start: Message, body: Message) -> None:
        """Send the beginning of a response."""
        await self.send(start)
        await self.send(body)

    async def proceed(self, body: Message) -> None:
        """Send a further piece of a body."""
        await self.send(body)
