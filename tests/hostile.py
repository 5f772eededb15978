"""Queries and requests made to hurt, for the hostile suite and for ``make bench``."""

# ruff: noqa: E501  # a case is a row of a table

import socket
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from served import BASE, Served

P = "<http://www.w3.org/2000/01/rdf-schema#label>"
PRODUCT = "?a ?p ?b . ?c ?q ?d . ?e ?r ?f"
REFUSED = {400}
STOPPED = {504, 507, 503}
ENDED = {200, 400} | STOPPED
"""A whole answer or an error; a cut answer never counts (see ``ask``)."""

QUERIES: dict[str, tuple[str, set[int]]] = {
    "count of a product": (f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}", STOPPED),
    "rows of a product": (f"SELECT * {{ {PRODUCT} }}", STOPPED),
    "triples of a product": (f"CONSTRUCT {{ ?a ?q ?f }} WHERE {{ {PRODUCT} }}", STOPPED),
    "sorted product": (f"SELECT * {{ {PRODUCT} }} ORDER BY ?b ?d ?f LIMIT 1", STOPPED),
    "distinct product": (f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {PRODUCT} }}", STOPPED),
    "grouped product": (
        f"SELECT ?a ?c (COUNT(*) AS ?n) (MAX(?f) AS ?m) {{ {PRODUCT} }} GROUP BY ?a ?c",
        STOPPED,
    ),
    "huge GROUP_CONCAT": (
        f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?e))) AS ?x) {{ {PRODUCT} }}",
        STOPPED,
    ),
    "identifiers for a product": (f"SELECT (UUID() AS ?u) {{ {PRODUCT} }}", STOPPED),
    "optional product": ("SELECT * { ?a ?p ?b OPTIONAL { ?c ?q ?d OPTIONAL { ?e ?r ?f } } }", STOPPED),
    "minus a product": ("SELECT * { ?a ?p ?b MINUS { ?c ?q ?d . ?e ?r ?f FILTER(?d = ?f) } }", ENDED),
    "exists over a product": ("ASK { ?a ?p ?b FILTER EXISTS { ?c ?q ?d . ?e ?r ?f FILTER(?d > ?f && ?f > ?b) } }", ENDED),
    "path over everything": ("SELECT (COUNT(*) AS ?n) { ?a (<x:x>|!<x:x>)* ?b . ?b (<x:x>|!<x:x>)* ?c }", ENDED),
    "path both ways": ("SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)+ ?b . ?c (!<x:x>|^!<x:x>)+ ?d }", ENDED),
    "nested paths": (f"SELECT * {{ ?a (({P}*)*/({P}|!{P})*)* ?b }} LIMIT 100000", ENDED),
    "regex bomb": (f'SELECT * {{ ?s {P} ?l FILTER(REGEX(CONCAT(?l, "{"a" * 5000}"), "(a+)+(a|aa)+$")) }}', ENDED),
    "regex of huge size": ('SELECT * { ?s ?p ?l FILTER(REGEX(STR(?l), "((a{1,1000}){1,1000}){1,1000}")) }', ENDED),
    "replace with growth": (
        'SELECT (STRLEN(?z) AS ?n) { BIND("' + "a" * 1000 + '" AS ?v) '
        + " ".join(f'BIND(REPLACE({"?v" if i == 0 else f"?v{i}"}, "a", "aaaaaaaaaa") AS ?v{i + 1})' for i in range(8))
        + " BIND(?v8 AS ?z) }",
        ENDED,
    ),
    "string doubled forty times": (
        'SELECT (STRLEN(?v40) AS ?n) { BIND("aaaaaaaa" AS ?v0) '
        + " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(40))
        + " }",
        ENDED,
    ),
    "deep brackets": ("SELECT * " + "{" * 5000 + "}" * 5000, REFUSED),
    "deep parentheses": ("SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", REFUSED),
    "deep negation": ("SELECT * { FILTER(" + "!" * 100_000 + "1) }", REFUSED),
    "deep sums": ("SELECT (" + "1+" * 20_000 + "1 AS ?x) {}", ENDED),
    "deep subqueries": ("SELECT * " + "{ { SELECT * " * 60 + "{ ?s ?p ?o }" + " } }" * 60 + " LIMIT 1", ENDED),
    "thousands of unions": ("SELECT * { " + " UNION ".join("{ ?s ?p ?o }" for _ in range(1500)) + " }", ENDED),
    "hundred optionals": (
        "SELECT * { ?s ?p ?o " + " ".join(f"OPTIONAL {{ ?s ?p{i} ?o{i} }}" for i in range(100)) + " }",
        ENDED,
    ),
    "cyclic join": ("SELECT * { " + " . ".join(f"?x{i} ?p{i} ?x{(i + 1) % 30}" for i in range(30)) + " }", ENDED),
    "product of values": (
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(100)))} }}" for i in range(6))
        + " }",
        STOPPED,
    ),
    "long list of values": ("SELECT * { VALUES ?v { " + "1 " * 60_000 + "} }", ENDED),
    "long IN": (f"SELECT * {{ ?s ?p ?o FILTER(?o NOT IN ({', '.join(map(str, range(20_000)))})) }}", ENDED),
    "limit beyond numbers": ("SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999999", ENDED),
    "offset beyond everything": (f"SELECT * {{ {PRODUCT} }} OFFSET 18446744073709551615", STOPPED | {400}),
    "describe everything": ("DESCRIBE ?a ?c ?e { " + PRODUCT + " }", STOPPED),
    "arithmetic overflow": ("SELECT (9223372036854775807 * 9223372036854775807 AS ?x) (1/0 AS ?y) {}", {200}),
    "sum over a product": ("SELECT (SUM(STRLEN(STR(?a))) AS ?n) { " + PRODUCT + " }", STOPPED),
    "product of subqueries": ("SELECT (COUNT(*) AS ?n) { " + " ".join(f"{{ SELECT ?s{i} {{ ?s{i} ?p{i} ?o{i} }} }}" for i in range(4)) + " }", STOPPED),
    "product of graphs": ("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . { GRAPH ?g { ?s ?r ?o } } UNION { ?e ?t ?f } }", STOPPED),
    "product behind OPTIONAL": (f"SELECT (COUNT(*) AS ?n) {{ OPTIONAL {{ {PRODUCT} }} }}", STOPPED),
    "product with a filter at its end": (f"SELECT * {{ {PRODUCT} FILTER(STRLEN(STR(?a)) + STRLEN(STR(?c)) + STRLEN(STR(?e)) < 0) }}", STOPPED),
    "product that is never equal": (f"ASK {{ {PRODUCT} FILTER(CONCAT(STR(?a), STR(?c)) = STR(?e)) FILTER(?b != ?b) }}", ENDED),
    "reduced product": (f"SELECT REDUCED ?p {{ {PRODUCT} }}", STOPPED),
    "product sorted by chance": (f"SELECT ?a {{ {PRODUCT} }} ORDER BY RAND() LIMIT 3", STOPPED),
    "product in groups of its own": (f"SELECT (COUNT(?x) AS ?n) {{ {PRODUCT} BIND(CONCAT(STR(?a), STR(?c), STR(?e)) AS ?x) }} GROUP BY ?x", STOPPED),
    "sample of a product": (f"SELECT (SAMPLE(?f) AS ?x) (MIN(?b) AS ?y) {{ {PRODUCT} }}", STOPPED),
    "hashes over a product": (f"SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?c), STR(?e)))) AS ?x) {{ {PRODUCT} }}", STOPPED),
    "dates over a product": (f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} FILTER(NOW() > <http://www.w3.org/2001/XMLSchema#dateTime>(CONCAT(STR(?b), 'T00:00:00'))) }}", ENDED),
    "HAVING over a product": (f"SELECT ?a {{ {PRODUCT} }} GROUP BY ?a HAVING(COUNT(*) > 1e12)", STOPPED),
    "triples sorted from a product": (f"CONSTRUCT {{ ?a ?q ?f . ?c ?r ?b . ?e ?p ?d }} WHERE {{ {PRODUCT} }} ORDER BY ?f", STOPPED),
    "fresh nodes for a product": (f"CONSTRUCT {{ [] ?p ?b ; ?q [] }} WHERE {{ {PRODUCT} }}", STOPPED),
    "path of a hundred steps": ("SELECT (COUNT(*) AS ?n) { ?a " + "/".join(["(!<x:x>|^!<x:x>)"] * 100) + " ?b }", ENDED),
    "path that may be nothing": ("SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?x{i} (!<x:x>)? ?x{i + 1}" for i in range(6)) + " }", ENDED),
    "alternatives by the thousand": ("SELECT * { ?s (" + "|".join(f"<x:{i}>" for i in range(3000)) + ")* ?o } LIMIT 100000", ENDED),
    "EXISTS within EXISTS": ("ASK { ?a ?p ?b " + "FILTER EXISTS { ?c ?q ?d FILTER(?d != ?b) " * 20 + "}" * 20 + " }", ENDED),
    "name of a megabyte": ("SELECT ?" + "v" * 200_000 + " { ?s ?p ?o } LIMIT 1", ENDED),
    "ten thousand prefixes": ("".join(f"PREFIX p{i}: <http://e/{i}> " for i in range(8000)) + "ASK {}", ENDED),
    "ten thousand columns": ("SELECT " + " ".join(f"({i} AS ?c{i})" for i in range(8000)) + " { ?s ?p ?o } LIMIT 200", ENDED),
    "service": ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", REFUSED),
    "silent service": ("SELECT * { SERVICE SILENT <http://169.254.169.254/> { ?s ?p ?o } }", REFUSED),
    "escaped service": ("SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", REFUSED),
    "commented service": ("SELECT * { SERVICE#x\n<http://127.0.0.1:1/> { ?s ?p ?o } }", REFUSED),
    "service of a variable": ("SELECT * { ?a ?p ?x SERVICE ?x { ?s ?p ?o } }", REFUSED),
    "graph from the network": ("SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }", {200}),
    "load": ("LOAD <http://127.0.0.1:1/>", {403}),
    "drop all": ("DROP ALL", {403}),
    "update behind a comment": ("# SELECT\nDELETE WHERE { ?s ?p ?o }", {403}),
    "no query": ("x" * 10_000, REFUSED),
    "unbalanced quotes": ('SELECT * { ?s ?p "' + "\\" * 9_999, REFUSED),
    "controls": ("SELECT * {\x00\x01\x02}", REFUSED),
}  # fmt: skip


def ask(client: httpx.Client, query: str) -> int:
    """The status of a query's answer; a stream that was cut is an error of the transport, as 504."""
    try:
        method = "GET" if len(query) < 8000 else "POST"
        if method == "GET":
            return client.get("/sparql", params={"query": query}).status_code
        return client.post("/sparql", data={"query": query}).status_code
    except httpx.RemoteProtocolError:
        return 504


def raw(served: Served, data: bytes, seconds: float = 3.0) -> bytes:
    """What the server says to some bytes, as far as it says it within some seconds."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=seconds) as connection:
        answer = b""
        try:
            connection.sendall(data)
            while piece := connection.recv(65536):
                answer += piece
                if len(answer) > 1 << 20:
                    break
        except (TimeoutError, ConnectionError):
            pass
        return answer


HEAD = b"host: x\r\n"
RAW: dict[str, tuple[bytes, tuple[bytes, ...]]] = {
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20, (b"400", b"")),
    "endless header field": (b"GET / HTTP/1.1\r\nx: " + b"a" * 200_000, (b"431", b"")),
    "thousands of header fields": (
        b"GET / HTTP/1.1\r\n" + b"".join(b"x%d: y\r\n" % i for i in range(20_000)) + b"\r\n",
        (b"431", b""),
    ),
    "bad UTF-8 in the query": (b"GET /sparql?query=%ff%fe HTTP/1.1\r\n" + HEAD + b"connection: close\r\n\r\n", (b"400",)),
    "raw bytes in the target": (b"GET /sparql?query=\xff HTTP/1.1\r\n" + HEAD + b"connection: close\r\n\r\n", (b"400",)),
    "thousand parameters": (
        b"GET /sparql?" + b"a=b&" * 1000 + b"query=ASK{} HTTP/1.1\r\n" + HEAD + b"connection: close\r\n\r\n",
        (b"400",),
    ),
    "two queries": (
        b"GET /sparql?query=ASK{}&query=ASK{} HTTP/1.1\r\n" + HEAD + b"connection: close\r\n\r\n",
        (b"400",),
    ),
    "body of another size": (
        b"POST /sparql HTTP/1.1\r\n" + HEAD + b"content-type: application/sparql-query\r\n"
        b"content-length: 5\r\nconnection: close\r\n\r\nASK{}GARBAGE",
        (b"200", b"400"),
    ),
    "two lengths": (
        b"POST /sparql HTTP/1.1\r\n" + HEAD + b"content-length: 5\r\ncontent-length: 6\r\n\r\nASK{}",
        (b"400", b""),
    ),
    "length and chunks": (
        b"POST /sparql HTTP/1.1\r\n" + HEAD + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        (b"400", b"415", b""),
    ),
    "bad chunk": (b"POST /sparql HTTP/1.1\r\n" + HEAD + b"transfer-encoding: chunked\r\n\r\nZZ\r\n", (b"400", b"415")),
    "too large a body": (
        b"POST /sparql HTTP/1.1\r\n" + HEAD + b"content-type: application/sparql-query\r\n"
        b"content-length: 99999999\r\nconnection: close\r\n\r\n" + b" " * 3_000_000,
        (b"413", b""),
    ),
    "coded body": (
        b"POST /sparql HTTP/1.1\r\n" + HEAD + b"content-type: application/sparql-query\r\n"
        b"content-encoding: gzip\r\ncontent-length: 10\r\nconnection: close\r\n\r\n\x1f\x8b" + b"0" * 8,
        (b"400",),
    ),
    "unknown method": (b"BREW /sparql HTTP/1.1\r\n" + HEAD + b"\r\n", (b"400", b"405")),
    "upgrade": (
        b"GET /healthz HTTP/1.1\r\n" + HEAD + b"connection: upgrade, close\r\nupgrade: websocket\r\n\r\n",
        (b"200", b"400"),
    ),
    "hundred pipelined": (b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n" * 100, (b"200",)),
    "wild Accept": (
        b"GET /sparql?query=ASK{} HTTP/1.1\r\n" + HEAD + b"accept: " + b"a/b;q=0.1;x=\"" * 600 + b"\r\nconnection: close\r\n\r\n",
        (b"200", b"406"),
    ),
    "wilder Accept": (
        b"GET /sparql?query=ASK{} HTTP/1.1\r\n" + HEAD + b"accept: " + b'"\\"' * 6000 + b"\r\nconnection: close\r\n\r\n",
        (b"431",),
    ),
    "wild If-None-Match": (
        b"GET /sparql?query=ASK{} HTTP/1.1\r\n" + HEAD + b"if-none-match: " + b'"x",' * 2000 + b"\r\nconnection: close\r\n\r\n",
        (b"200",),
    ),
    "wilder If-None-Match": (
        b"GET /sparql?query=ASK{} HTTP/1.1\r\n" + HEAD + b"if-none-match: " + b'"x",' * 5000 + b"\r\nconnection: close\r\n\r\n",
        (b"431",),
    ),
    "thousand ranges": (
        b"GET /dump/mappe-servizi.nq HTTP/1.1\r\n" + HEAD + b"range: bytes=" + b"0-1," * 1000 + b"5-6\r\nconnection: close\r\n\r\n",
        (b"200", b"206", b"400", b"416"),
    ),
    "climbing path": (b"GET /dump/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + HEAD + b"connection: close\r\n\r\n", (b"404",)),
    "endless timeout": (
        b"GET /sparql?query=ASK{}&timeout=inf HTTP/1.1\r\n" + HEAD + b"connection: close\r\n\r\n",
        (b"400",),
    ),
    "field with a line break": (b"GET /data/x%0d%0aset-cookie:%20a=b HTTP/1.1\r\n" + HEAD + b"connection: close\r\n\r\n", (b"404",)),
}  # fmt: skip


@dataclass
class NormalClient:
    """Somebody who looks things up all the while, from an address of its own."""

    served: Served
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    pause: float = 0.02
    turned_away: int = 0

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "NormalClient":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        number = 0
        with httpx.Client(base_url=self.served.url, transport=transport, timeout=30) as client:
            while not self._stop.wait(self.pause):
                number += 1
                service = f"{BASE}data/public-service/c_d150/servizio-{number % 300}"
                # A number that is never the same keeps the answer from the cache.
                query = f"SELECT ?l {{ <{service}> {P} ?l }} LIMIT {1000 + number}"
                started = time.perf_counter()
                try:
                    response = client.get("/sparql", params={"query": query})
                    if response.status_code == 503:  # honest, but not to happen often
                        self.turned_away += 1
                        continue
                    label = response.json()["results"]["bindings"][0]["l"]["value"]
                    if label != f"Servizio numero {number % 300}":
                        self.wrong.append(label)
                except (httpx.HTTPError, LookupError, ValueError) as error:
                    said = response.text[:200] if not isinstance(error, httpx.HTTPError) else ""
                    self.wrong.append(f"{error!r} {said}")
                self.waits.append(time.perf_counter() - started)

    def percentile(self, share: float) -> float:
        """The wait that this share of the requests did not exceed, in seconds."""
        return sorted(self.waits)[int(len(self.waits) * share)]


def runaway_request(number: int) -> bytes:
    """A request whose query never ends by itself; each is another one."""
    query = f"SELECT (COUNT(*) AS ?n{number}) {{ {PRODUCT} }}"
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nhost: x\r\n\r\n".encode()
