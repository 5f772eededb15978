"""Bytes that no honest client sends: smuggling, slow clients, ranges, climbing paths. Over raw sockets."""

# ruff: noqa: E501  # what is sent is a table

import re
import socket
import time
from contextlib import ExitStack

import pytest

from served import Served

pytestmark = pytest.mark.adversary

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
HIDDEN = b"GET /about?smuggled HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-type: application/sparql-query\r\n"
CHUNKED = b"5\r\nASK{}\r\n0\r\n\r\n"


def said(target: Served, data: bytes, seconds: float = 1.0) -> bytes:
    """What the server says to some bytes, until it closes or is silent for a while."""
    answer = b""
    with socket.create_connection(("127.0.0.1", target.port), timeout=seconds) as connection:
        try:
            connection.sendall(data)
            while piece := connection.recv(1 << 16):
                answer += piece
        except (TimeoutError, ConnectionError):
            pass
    return answer


SMUGGLED = {
    "length and chunks": POST + b"content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunks and length": POST + b"transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": POST + b"content-length: 5\r\ncontent-length: 50\r\n\r\nASK{}" + HIDDEN,
    "two lengths in one field": POST + b"content-length: 5, 50\r\n\r\nASK{}" + HIDDEN,
    "length with a sign": POST + b"content-length: +5\r\n\r\nASK{}" + HIDDEN,
    "negative length": POST + b"content-length: -5\r\n\r\nASK{}" + HIDDEN,
    "hexadecimal length": POST + b"content-length: 0x5\r\n\r\nASK{}" + HIDDEN,
    "length with a space": POST + b"content-length: 5 0\r\n\r\nASK{}" + HIDDEN,
    "length beyond numbers": POST + b"content-length: 99999999999999999999999\r\n\r\nASK{}" + HIDDEN,
    "space before the colon": POST + b"content-length : 5\r\n\r\nASK{}" + HIDDEN,
    "folded length": POST + b"content-length:\r\n 5\r\ntransfer-encoding: chunked\r\n\r\n" + HIDDEN,
    "unknown coding": POST + b"transfer-encoding: xchunked\r\n\r\n" + CHUNKED + HIDDEN,
    "coding twice": POST
    + b"transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n"
    + CHUNKED
    + HIDDEN,
    "coding after chunks": POST + b"transfer-encoding: chunked, identity\r\n\r\n" + CHUNKED + HIDDEN,
    "coding behind a control": POST + b"transfer-encoding:\x0bchunked\r\n\r\n" + CHUNKED + HIDDEN,
    "coding behind a line feed": POST
    + b"x: y\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\nASK{}"
    + HIDDEN,
    "chunks of HTTP/1.0": POST.replace(b"1.1", b"1.0")
    + b"transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n"
    + CHUNKED
    + HIDDEN,
    "chunk of no size": POST + b"transfer-encoding: chunked\r\n\r\nZZ\r\nASK{}\r\n0\r\n\r\n" + HIDDEN,
    "negative chunk": POST + b"transfer-encoding: chunked\r\n\r\n-5\r\nASK{}\r\n0\r\n\r\n" + HIDDEN,
    "chunk beyond numbers": POST
    + b"transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nASK{}\r\n0\r\n\r\n"
    + HIDDEN,
    "chunk without an end": POST + b"transfer-encoding: chunked\r\n\r\n5\r\nASK{}XX0\r\n\r\n" + HIDDEN,
    "control in a field": POST + b"x: a\x00b\r\ncontent-length: 5\r\n\r\nASK{}" + HIDDEN,
    "field without a name": POST + b": x\r\ncontent-length: 5\r\n\r\nASK{}" + HIDDEN,
    "field without a colon": POST + b"content-length\r\ntransfer-encoding: chunked\r\n\r\n" + HIDDEN,
    "carriage return alone": POST + b"x: y\rcontent-length: 0\r\n\r\n" + HIDDEN,
    "version of its own": b"GET /healthz HTTP/9.9\r\nhost: x\r\n\r\n" + HIDDEN,
    "words after the version": b"GET /healthz HTTP/1.1 x\r\nhost: x\r\n\r\n" + HIDDEN,
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_where_a_request_ends_is_never_a_matter_of_opinion(target: Served, name: str) -> None:
    """Refused, and nothing after it is read: no second answer comes."""
    answer = said(target, SMUGGLED[name])
    statuses = STATUS.findall(answer)
    assert len(statuses) <= 1, answer[:500]
    assert set(statuses) <= {b"400", b"408", b"413", b"415", b"501"}, answer[:300]
    assert b"smuggled" not in answer


def test_the_oldest_form_of_a_request_is_the_last_of_its_connection(target: Served) -> None:
    answer = said(target, b"GET /healthz\r\n\r\n" + HIDDEN)
    assert len(STATUS.findall(answer)) == 1


def test_requests_one_after_another_are_answered_in_order(target: Served) -> None:
    """The honest form of the same: pipelined requests, chunks with extensions and trailers."""
    body = b"3;x=y\r\nASK\r\n2\r\n{}\r\n0\r\nx-trailer: content-length: 9\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    answer = said(target, POST + b"transfer-encoding: chunked\r\n\r\n" + body + last, 30)
    assert STATUS.findall(answer) == [b"200", b"200"]
    assert answer.rstrip().endswith(b"ok")


SLOW = 60


def test_clients_that_are_slow_are_closed_and_others_served_meanwhile(target: Served) -> None:
    """Slowloris: header sections that never end, bodies that never come, connections that say nothing."""
    begin = [
        b"GET /about HTTP/1.1\r\nhost: x\r\nx-slow: ",
        b"",
        b"POST",
        POST + b"content-length: 100\r\n\r\nA",
    ]
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", target.port), timeout=40))
            for _ in range(SLOW)
        ]
        for number, connection in enumerate(connections):
            connection.sendall(begin[number % len(begin)])
        deadline = time.monotonic() + 40
        ended = 0
        with target.client() as client:
            for _ in range(10):
                assert client.get("/healthz").status_code == 200
        for number, connection in enumerate(connections):
            while number % 4 == 0 and time.monotonic() < deadline:
                try:
                    connection.sendall(b"a")  # a byte now and then does not help it
                    time.sleep(0.2)
                except ConnectionError:
                    break
            try:
                answer = b"".join(iter(lambda c=connection: c.recv(4096), b""))
            except ConnectionError:
                answer = b""
            assert not answer or answer.startswith((b"HTTP/1.1 408", b"HTTP/1.1 400"))
            ended += 1
    assert ended == SLOW


RANGES = ["bytes=0-0", "bytes=" + "0-," * 2000 + "0-", "bytes=" + ",".join(f"{i}-{i}" for i in range(3000)),
          "bytes=0-,0-,0-,0-,0-", "bytes=-99999999999999999999", "bytes=99999999999999999999-", "bytes=5-2",
          "bytes=--5", "bytes=a-b", "bytes=0-1,5", "bytes=,,,", "bytes=0x0-0x5", "bytes=1-0, 0-1", "items=0-5",
          "bytes =0-5", "bytes=-0", "bytes=\u00b2-5", "bytes=0-" + "9" * 5000]  # fmt: skip


@pytest.mark.parametrize("field", RANGES, ids=range(len(RANGES)))
def test_ranges_give_no_more_than_the_file(target: Served, field: str) -> None:
    with target.client() as client:
        path, plain = "/csv/services.csv", {"accept-encoding": "identity"}
        size = len(client.get(path, headers=plain).content)
        answer = client.get(path, headers={**plain, "range": field.encode("latin-1")})
        assert answer.status_code in {200, 206, 400, 416, 431}
        assert len(answer.content) <= size + 500


DIRECTORIES = [
    "dump",
    "csv",
    "tables",
    "report",
    "assets",
    "catalogue",
    "ontology",
    "feed",
    "release/1",
    "page",
    "doc",
]
CLIMBS = ["../manifest.json", "..%2fmanifest.json", "%2e%2e/manifest.json", "%2e%2e%2fmanifest.json", "..%5cmanifest.json",
          "....//manifest.json", "..;/manifest.json", "%c0%ae%c0%ae/manifest.json", "%252e%252e%252fmanifest.json",
          "x/../../manifest.json", "./../manifest.json", "/etc/passwd", "%2fetc%2fpasswd", "%2f%2fetc/passwd",
          "../../../../../../../../etc/passwd", "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "file:///etc/passwd",
          "services.csv%00.html", "%00", "~root/.ssh/id_rsa", "store/CURRENT", "..%2fstore%2fCURRENT", "search.sqlite",
          "..%2fsearch.sqlite"]  # fmt: skip


@pytest.mark.parametrize("directory", DIRECTORIES)
def test_no_path_leads_out_of_what_is_published(target: Served, directory: str) -> None:
    for climb in CLIMBS:
        data = f"GET /{directory}/{climb} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()
        answer = said(target, data, 5)
        head, _, body = answer.partition(b"\r\n\r\n")
        status = STATUS.findall(head)
        assert status[0] in {b"301", b"303", b"308", b"400", b"404"}, (climb, head[:200])
        assert b"root:" not in body
        assert b'"baseUri"' not in body
        assert b"evil" not in head
