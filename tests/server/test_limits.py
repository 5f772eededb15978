"""Honest results over HTTP: whole or an error, also for a parser that ignores broken transfers."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from served import Served, serve

pytestmark = pytest.mark.adversary

PRODUCT = "{ ?a ?p ?b . ?c ?q ?d }"


@pytest.fixture(scope="module")
def tight(small: Path) -> Iterator[Served]:
    """A server with limits that small queries meet."""
    limits = ["--query-seconds", "1", "--hold-back", "64", "--result-limit", "16", "--request-limit", "64"]
    with serve("--release", small, *limits, "--service-allow", "http://127.0.0.1:9/sparql") as served:
        yield served


def received(served: Served, query: str, accept: str) -> tuple[bytes, bytes]:
    """Head and body as they came over the wire, the chunks' framing taken off as a naive client does."""
    request = (
        f"GET /sparql?query={quote(query)} HTTP/1.1\r\nhost: x\r\naccept: {accept}\r\n"
        "connection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(request.encode())
        data = b"".join(iter(lambda: connection.recv(1 << 20), b""))
    head, _, rest = data.partition(b"\r\n\r\n")
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            return head, body + b"<END>"
        body, rest = body + rest[:length], rest[length + 2 :]
    return head, body


CUT = {
    "text/csv": f"SELECT * {PRODUCT}",
    "text/tab-separated-values": f"SELECT * {PRODUCT}",
    "application/sparql-results+json": f"SELECT * {PRODUCT}",
    "application/sparql-results+xml": f"SELECT * {PRODUCT}",
    "text/turtle": f"CONSTRUCT {{ ?a ?q ?d }} WHERE {PRODUCT}",
    "application/n-triples": f"CONSTRUCT {{ ?a ?q ?d }} WHERE {PRODUCT}",
    "application/n-quads": f"CONSTRUCT {{ ?a ?q ?d }} WHERE {PRODUCT}",
    "application/trig": f"CONSTRUCT {{ ?a ?q ?d }} WHERE {PRODUCT}",
    "application/ld+json": f"CONSTRUCT {{ ?a ?q ?d }} WHERE {PRODUCT}",
    "application/rdf+xml": f"CONSTRUCT {{ ?a ?q ?d }} WHERE {PRODUCT}",
}


@pytest.mark.parametrize("media", CUT)
def test_a_cut_stream_cannot_be_parsed(tight: Served, media: str) -> None:
    head, body = received(tight, CUT[media], media)
    assert head.startswith(b"HTTP/1.1 200")
    assert b"chunked" in head.lower()
    assert not body.endswith(b"<END>")
    assert len(body) > 64 << 10
    if media == "text/csv":
        assert body.rpartition(b"\n")[2] == b'"the result was cut off'  # a quoted field without an end
        return
    with pytest.raises(SyntaxError):
        read_all(body, media)


def read_all(body: bytes, media: str) -> None:
    """Read a body with a parser of its format, to its end."""
    if (rows := QueryResultsFormat.from_media_type(media)) is not None:
        found = parse_query_results(body, format=rows)
        assert isinstance(found, QuerySolutions)
        assert sum(1 for _ in found) > 0
    else:
        form = RdfFormat.from_media_type(media)
        assert form is not None
        assert sum(1 for _ in parse(body, format=form)) > 0


def test_clients_notice_that_a_stream_was_cut(tight: Served) -> None:
    with tight.client() as client:
        for coding in ("identity", "gzip", "zstd"):
            with pytest.raises(httpx.RemoteProtocolError):
                client.get(
                    "/sparql", params={"query": f"SELECT * {PRODUCT}"}, headers={"accept-encoding": coding}
                )


def test_whole_streams_end(tight: Served) -> None:
    query = f"SELECT * {PRODUCT} LIMIT 1000"
    _, body = received(tight, query, "text/csv")
    assert body.endswith(b"<END>")
    assert body.count(b"\r\n") == 1001
    with tight.client() as client:
        for coding in ("identity", "gzip", "zstd"):
            response = client.get(
                "/sparql", params={"query": query}, headers={"accept": "text/csv", "accept-encoding": coding}
            )
            assert response.content.count(b"\r\n") == 1001
            assert response.headers.get("content-encoding", "identity") == coding


def test_http_1_0_gets_no_stream(tight: Served) -> None:
    request = f"GET /sparql?query={quote(f'SELECT * {PRODUCT} LIMIT 5000')} HTTP/1.0\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", tight.port), timeout=30) as connection:
        connection.sendall(request)
        head = connection.recv(1 << 16)
    assert b" 507 " in head.partition(b"\r\n")[0]


@pytest.mark.parametrize(
    ("query", "status", "kind", "named"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }", 504, "query-timeout", "1 s"),
        ("SELECT * {", 400, "bad-query", "never closed"),
        ("DELETE WHERE { ?s ?p ?o }", 403, "update-refused", "queries"),
        ("SELECT * { SERVICE <http://e.org/> { ?s ?p ?o } }", 400, "service-refused", "e.org"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }", 502, "engine-failed", "port 9"),
        ("#" + "x" * 70_000, 413, "content-too-large", "65536"),
    ],
)
def test_errors_name_the_limit(tight: Served, query: str, status: int, kind: str, named: str) -> None:
    with tight.client() as client:
        response = client.post("/sparql", data={"query": query})
    assert response.status_code == status
    problem = response.json()
    assert problem["type"] == f"/problems#{kind}"
    assert named in problem["detail"]


def test_clients_may_only_lower_their_deadline(tight: Served) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"
    with tight.client() as client:
        for asked, given in (({"timeout": "0.3"}, "0.3 s"), ({"timeout": "60"}, "1 s")):
            response = client.get("/sparql", params={"query": query, **asked})
            assert given in response.json()["detail"]
        preferred = client.get("/sparql", params={"query": query + " "}, headers={"prefer": "wait=0.5"})
        assert "0.5 s" in preferred.json()["detail"]
        for wrong in ("0", "-1", "nan", "inf", "x"):
            assert client.get("/sparql", params={"query": "ASK{}", "timeout": wrong}).status_code == 400


def test_full_queue_and_budget(small: Path) -> None:
    arguments = ["--query-workers", "2", "--queue", "2", "--queue-seconds", "1", "--client-budget", "2"]
    with serve("--release", small, "--query-seconds", "3", *arguments) as served:
        statuses: list[httpx.Response] = []

        def run(number: int) -> None:
            query = f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }}"
            with served.client() as client:
                statuses.append(client.get("/sparql", params={"query": query}))

        threads = [threading.Thread(target=run, args=(i,)) for i in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        busy = [r for r in statuses if r.status_code == 503]
        assert busy
        assert all(int(r.headers["retry-after"]) > 0 for r in busy)
        with served.client() as client:
            over = client.get("/sparql", params={"query": "ASK { ?s ?p 1 }"})
            assert over.status_code == 429
            assert int(over.headers["retry-after"]) > 0
            assert over.json()["type"] == "/problems#over-budget"


def test_a_client_that_leaves_ends_its_query(small: Path) -> None:
    with serve("--release", small) as served:
        query = quote("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")
        request = f"GET /sparql?query={query} HTTP/1.1\r\nhost: x\r\n\r\n"
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            connection.sendall(request.encode())
            time.sleep(0.6)
            with served.client() as client:
                assert "mappe_queries_running 1.0" in client.get("/metrics").text
        time.sleep(0.5)
        with served.client() as client:
            metrics = client.get("/metrics").text
        assert "mappe_queries_running 0.0" in metrics
        assert "mappe_query_kills_total 1.0" in metrics
