"""Requests of typed garbage to every route, and what every answer to them must be."""

# ruff: noqa: E501  # what is sent is a table

import http.client
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode

from hypothesis import strategies as st
from starlette.applications import Starlette

from mappe_servizi.settings import Settings
from mappe_servizi.web.app import create_app
from mappe_servizi.web.http.offers import PARAMETERS
from served import BASE, Served

HONEST = frozenset({503, 504, 507})
"""What the server may answer for reasons of its own, as docs/http.md says."""
OFTEN = {
    "path": ["public-service/c_d150/asili-nido", "MDS", "municipality/c_d150", "data", "mappe-servizi.nq"],
    "name": ["services", "observations.csv", "change-of-users", "services.csv", "1.ttl", "MDS.it.html"],
    "suffix": ["ttl", "rdf", "html", "csv"],
    "number": ["1", "2", "1.ttl"],
    "stream": ["data", "catalogue.ttl"],
    "ipa": ["c_d150"],
}
ODD = [
    "", " ", "/", "//evil", "../../etc/passwd", "..", ".", "%2f", "\\", "\x00", "\r\nx: y", "a" * 3000, "9" * 5000,
    "-1", "0", "1e3", "٣", "²", "NaN", "null", "true", "[]", "{}", "\ud83d", "\ufffe", "é", "e\u0301", "'", '"', "<x>",
    "?", "#", ";", "&", "=", "${7*7}", "{{7*7}}", "' OR 1=1 --", "} UNION { ?s ?p ?o", "http://[", "x:y", "urn:x",
    BASE, f"{BASE}data/public-service/c_d150/asili-nido", "c_d150", "2020", "services", "json", "csv", "1", "2",
    "10000", "10001", "99999999999999999999", "it", "en", "all", "*/*", "text/html", "ASK {}", "SELECT * {",
    "SELECT * { ?s ?p ?o } LIMIT 2", "DESCRIBE <x:y>", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "INSERT DATA {}",
]  # fmt: skip
NAMES = [
    "page", "limit", "lang", "q", "kind", "query", "queries", "extend", "prefix", "type", "cursor", "id", "suffix",
    "edit", "view", "timeout", "search", "default-graph-uri", "named-graph-uri", "update", "service", "year",
    "municipality", "number", "published", "value", "area", "stylesheet", "callback", "a b", "ü", "", *PARAMETERS,
]  # fmt: skip
HEADERS = [
    "accept", "accept-encoding", "accept-language", "if-none-match", "if-modified-since", "if-match",
    "if-unmodified-since", "if-range", "range", "prefer", "content-type", "origin", "cookie", "authorization",
    "x-forwarded-for", "x-forwarded-prefix", "access-control-request-headers",
]  # fmt: skip
VALUES = [
    "*/*", "text/html", "application/json", "text/turtle;q=0.5, */*;q=0", ";;,,", 'a/b;c="', "gzip, zstd;q=0.1", "*",
    '"x"', 'W/"x", *', "Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 99 Foo 0000 99:99:99 GMT", "bytes=0-0", "bytes=-1",
    "bytes=5-2", "bytes=0-,0-,0-", "bytes=99999999999999999999-", "items=0-1", "wait=1", "wait=99999999999999999999",
    "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update",
    "text/plain; charset=utf-16", "multipart/form-data; boundary=x", "\xff\xfe", "\t", "en;q=abc", "x" * 2000,
]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


def routes() -> list[str]:
    """The template of every address that is answered."""
    inner = create_app(Settings()).app
    assert isinstance(inner, Starlette)
    return sorted({route.path for route in inner.routes if hasattr(route, "path")})


def written(text: str) -> str:
    """A text as part of a target, whatever it has; lone surrogates as their three bytes."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="/:@!$&'()*+,;=-._~")


ANY_TEXT = st.text(st.characters(codec=None), max_size=12)
TEXT = st.one_of(st.sampled_from(ODD), ANY_TEXT)
_WRITTEN = TEXT.map(written)
SEGMENT = st.one_of(_WRITTEN, _WRITTEN, _WRITTEN, _WRITTEN, st.binary(max_size=8).map(quote_from_bytes))
METHODS = st.sampled_from(
    ["GET"] * 12 + ["HEAD", "POST", "QUERY", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=8,
)


def mostly(value: Any) -> st.SearchStrategy[Any]:
    """A value, now and then garbage in its place."""
    return st.integers(0, 5).flatmap(lambda n: JSON if n == 5 else st.just(value))


def shaped(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object like a good one, of which any member may be garbage, or missing."""
    return st.fixed_dictionaries({}, optional={key: mostly(value) for key, value in good.items()})


QUERY02 = shaped(
    {
        "query": "nido",
        "type": "provider",
        "limit": 3,
        "properties": [{"pid": "town", "v": "Crema"}],
        "type_strict": "any",
    }
)
CONDITION = shaped({"matchType": "name", "propertyId": "town", "propertyValue": "x", "required": True})
QUERY10 = st.fixed_dictionaries(
    {"conditions": st.one_of(st.lists(CONDITION, max_size=3), JSON)},
    optional={"type": st.one_of(st.just("provider"), JSON), "limit": st.one_of(st.integers(), JSON)},
)
BATCH02 = st.dictionaries(TEXT, st.one_of(QUERY02, QUERY02, QUERY02, JSON), max_size=2)
BATCH10 = st.fixed_dictionaries({"queries": st.one_of(st.lists(st.one_of(QUERY10, JSON), max_size=3), JSON)})
EXTENSION = shaped({"ids": ["organization/x"], "properties": [{"id": "town"}]})


@st.composite
def parameters(draw: st.DrawFn) -> str:
    """The query string of an address."""
    pairs = draw(st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), TEXT), SEGMENT), max_size=4))
    return "&".join(f"{quote(written(name), safe='%')}={value}" for name, value in pairs)


@st.composite
def requests(draw: st.DrawFn, templates: list[str]) -> Asked:
    """A request to one of the routes."""
    template = draw(st.sampled_from(templates))

    def fill(match: re.Match[str]) -> str:
        usual = st.sampled_from(OFTEN.get(match[1], ["x"]))
        return draw(st.one_of(usual, SEGMENT, st.tuples(usual, SEGMENT).map("".join)))

    path = re.sub(r"\{(\w+)(?::\w+)?\}", fill, template)
    query = draw(st.one_of(st.just(""), parameters(), parameters()))
    headers = {
        name: draw(st.one_of(st.sampled_from(VALUES), st.text(st.characters(codec="latin-1"), max_size=30)))
        for name in draw(st.lists(st.sampled_from(HEADERS), max_size=3, unique=True))
    }
    method = draw(METHODS)
    body = None
    if method in {"POST", "QUERY", "PUT", "PATCH"}:
        forms = draw(st.lists(st.tuples(st.sampled_from(NAMES), TEXT), max_size=3))
        form = urlencode(forms, errors="surrogatepass").encode()
        body = draw(
            st.one_of(st.just(form), st.binary(max_size=40), JSON.map(lambda v: json.dumps(v).encode()))
        )
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
    return Asked(method, f"{path}?{query}" if query else path, headers, body)


@st.composite
def reconciliations(draw: st.DrawFn) -> Asked:
    """A batch for the reconciliation service, nearly right."""
    kind = draw(st.sampled_from(["queries", "extend", "match", "extend10"]))
    strategy = {"queries": BATCH02, "extend": EXTENSION, "match": BATCH10, "extend10": EXTENSION}[kind]
    text = json.dumps(draw(st.one_of(strategy, JSON)), ensure_ascii=draw(st.booleans()))
    data = text.encode("utf-8", "surrogatepass")
    if kind in {"queries", "extend"}:
        form = {"content-type": "application/x-www-form-urlencoded"}
        return Asked("POST", "/reconcile", form, f"{kind}={quote_from_bytes(data)}".encode())
    place = "/reconcile/1.0/match" if kind == "match" else "/reconcile/1.0/extend"
    return Asked("POST", place, {"content-type": "application/json"}, data)


class Sender:
    """Sends requests as they are, over one connection as long as it holds."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.statuses: Counter[int] = Counter()
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)

    def send(self, asked: Asked) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Status, header fields and body of the answer."""
        fields = {n: re.sub(r"[\r\n\x00]", " ", v).strip() for n, v in asked.headers.items()}
        for attempt in (1, 2):
            try:
                self._connection.putrequest(asked.method, asked.target or "/", skip_accept_encoding=True)
                for name, value in fields.items():
                    self._connection.putheader(name, value.encode("latin-1"))
                if asked.body is not None:
                    self._connection.putheader("content-length", str(len(asked.body)))
                self._connection.endheaders(asked.body)
                answer = self._connection.getresponse()
                self.statuses[answer.status] += 1
                return answer.status, answer.headers, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
                self._connection.close()
                if attempt == 2:
                    raise
        raise AssertionError


PLAIN_400 = b"Invalid HTTP request received."
"""What the parser of HTTP says itself, to bytes that are no request."""


def check(asked: Asked, status: int, headers: http.client.HTTPMessage, body: bytes) -> None:
    """What holds of every answer.

    Raises:
        AssertionError: it does not.
    """
    assert status < 500 or status in HONEST, body[:300]
    assert "\n" not in (headers["location"] or "")
    assert "Traceback" not in body[:10_000].decode("utf-8", "replace")
    if status < 400 or asked.method == "HEAD" or body == PLAIN_400:
        return
    media = (headers["content-type"] or "").partition(";")[0]
    if media == "text/html":
        assert "html" in asked.headers.get("accept", "")
        return
    assert media == "application/problem+json", (status, media, body[:200])
    document = json.loads(body)
    assert document["status"] == status
    assert {"type", "title", "detail"} <= document.keys()
