"""What crosses the sockets between the server, the process that forks and its workers.

A frame is one byte for the kind, four for the length of the payload (of the processor's own order),
and the payload.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any, cast

HEADER = struct.Struct("<cI")
READY, DATA, FAILED = b"R", b"D", b"F"
END, LAST = b"E", b"L"
"""The result is whole; LAST: and this worker wants to be replaced."""
FORKED, ENDED = b"K", b"X"
"""The number of a new worker; the number of one that has ended, and its status."""


def send(channel: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one frame."""
    channel.sendall(HEADER.pack(kind, len(payload)) + payload)


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """The next job, None when the other side has gone."""
    header = _read(channel, HEADER.size)
    if header is None:
        return None
    payload = _read(channel, HEADER.unpack(header)[1])
    return None if payload is None else json.loads(payload)


def _read(channel: socket.socket, size: int) -> bytes | None:
    """Exactly ``size`` bytes, None at the end."""
    data = b""
    while len(data) < size:
        piece = channel.recv(size - len(data))
        if not piece:
            return None
        data += piece
    return data


class FrameProtocol(asyncio.Protocol):
    """The server's side of a socket: takes frame after frame as they come."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._input = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def data_received(self, data: bytes) -> None:  # noqa: D102
        self._input += data
        while len(self._input) >= HEADER.size:
            kind, length = HEADER.unpack_from(self._input)
            end = HEADER.size + length
            if len(self._input) < end:
                break
            payload = bytes(self._input[HEADER.size : end])
            del self._input[:end]
            self._take(kind, payload)

    def _take(self, kind: bytes, payload: bytes) -> None:
        raise NotImplementedError
