"""What the server takes from uvicorn beyond its documented interface: tells when it is there no more."""

import asyncio
from http import HTTPStatus

import pytest
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http import httptools_impl
from uvicorn.server import ServerState
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from mappe_servizi.web.http.protocol import Answered, BoundedProtocol
from mappe_servizi.web.processes import Supervisor

ATTRIBUTES = (
    "client", "cycle", "expect_100_continue", "flow", "headers", "loop", "parser", "pipeline", "scope",
    "server_state", "transport", "url",
)  # fmt: skip
"""Those that uvicorn's protocol sets and ours reads or writes."""
METHODS = (
    "connection_lost", "connection_made", "data_received", "eof_received", "on_headers_complete",
    "on_message_begin", "on_message_complete", "on_response_complete", "pause_writing", "resume_writing",
    "send_400_response",
)  # fmt: skip
"""Those of uvicorn's protocol that ours bounds."""
KEPT = b"kept"


class Kept(BoundedProtocol):
    """A connection that finds one answer."""

    @staticmethod
    def cached(
        method: bytes, target: bytes, headers: object
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes] | None:
        """The kept answer."""
        return (200, [(b"content-length", b"4")], KEPT) if (method, target) == (b"GET", b"/kept") else None


async def echo(scope: uvicorn._types.Scope, receive: object, send: uvicorn._types.ASGISendCallable) -> None:
    """Answers what is not kept."""
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def connected(requests: bytes, size: int) -> tuple[bytes, BoundedProtocol]:
    """What a real connection answers, and the protocol that did."""
    config = uvicorn.Config(echo, lifespan="off", log_config=None)
    config.load()
    made: list[Kept] = []

    def protocol() -> Kept:
        made.append(Kept(config=config, server_state=ServerState(), app_state={}))
        return made[-1]

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(requests)
        answer = await asyncio.wait_for(reader.readexactly(size), 10)
        writer.close()
    return answer, made[0]


def test_a_kept_answer_is_written_without_the_framework() -> None:
    """A missing one goes to the application on the same connection, in turn."""
    asked = b"GET /kept HTTP/1.1\r\nhost: x\r\n\r\nGET /other HTTP/1.1\r\nhost: x\r\n\r\n"
    expected = (
        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nkept" + b"HTTP/1.1 404 Not Found\r\ncontent-length: 0"
    )
    answer, protocol = asyncio.run(connected(asked, len(expected)))
    assert answer == expected
    assert [name for name in ATTRIBUTES if not hasattr(protocol, name)] == []


@pytest.mark.parametrize("name", METHODS)
def test_the_methods_that_are_bounded_are_those_of_uvicorn(name: str) -> None:
    assert callable(getattr(httptools_impl.HttpToolsProtocol, name))
    assert name in vars(BoundedProtocol)


def test_an_answered_request_is_what_uvicorn_takes_for_one() -> None:
    """Every attribute of its cycle that the protocol reads, ours has."""
    code = httptools_impl.HttpToolsProtocol
    read = {n for f in vars(code).values() if hasattr(f, "__code__") for n in f.__code__.co_names}
    cycle = set(httptools_impl.RequestResponseCycle.__init__.__code__.co_names)
    state = {
        "response_started",
        "response_complete",
        "more_body",
        "disconnected",
        "keep_alive",
        "message_event",
    }
    assert state <= cycle
    assert {name for name in state if name in read} <= set(dir(Answered))


def test_status_lines_are_whole() -> None:
    assert httptools_impl.STATUS_LINE[200] == b"HTTP/1.1 200 OK\r\n"
    assert {int(status) for status in HTTPStatus} <= httptools_impl.STATUS_LINE.keys()


def test_the_supervisor_replaces_processes_as_ours_supposes() -> None:
    """It keeps them in a list, tells each by its number, and stops for one that could not start."""
    read = Multiprocess.keep_subprocess_alive.__code__
    assert "keep_subprocess_alive" in vars(Supervisor)
    assert "keep_subprocess_alive" in Multiprocess.run.__code__.co_names
    assert {"processes", "exitcode", "STARTUP_FAILURE", "should_exit"} <= set(read.co_names)
    assert {"pid", "exitcode"} <= set(dir(Process))
    assert STARTUP_FAILURE
