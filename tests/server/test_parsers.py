"""Whatever reads a stranger's text takes time in proportion to it: every parser, in one table."""

# ruff: noqa: E501  # a parser is a row of a table

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticCustomError
from starlette.datastructures import QueryParams

import mappe_servizi
from growth import assert_in_proportion
from mappe_servizi.errors import MappeError
from mappe_servizi.outputs.search_index import stems
from mappe_servizi.query import examination, lexer
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.scan import allowed, scan
from mappe_servizi.query.tokens import tokens
from mappe_servizi.rdf.queries import PublishedQuery, QueryField
from mappe_servizi.web.api import highlight, reconcile_protocol
from mappe_servizi.web.api.figures import FiguresParameters
from mappe_servizi.web.api.insights import InsightsParameters
from mappe_servizi.web.api.operations import PublishedOperation
from mappe_servizi.web.api.reconcile_models import SuggestedEntities
from mappe_servizi.web.api.search import SearchParameters
from mappe_servizi.web.api.towns import TownsParameters
from mappe_servizi.web.http import (
    caching,
    clients,
    codings,
    conditions,
    fields,
    limits,
    negotiation,
    offers,
    paging,
    parameters,
)
from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.logs import query_hash
from mappe_servizi.web.portal import paging as portal_paging
from mappe_servizi.web.served import iris
from mappe_servizi.web.sparql import endpoint

SIZE = 6 << 10
"""Of the smaller of two texts, in characters."""

QUERY_UNITS = [
    "a.", "a", "a ", "'a\\'", '"a\\"', "'''\\", '"""\\', "'\"", "''", "\"\"\"a", "<a", "<a>", "<", "{}", "( )",
    "#", "#\n", "a:b ", ":", "?", "?a", "\\u0041", "\\U00000041", "\\", "1e", "1.", "@a", "''@a-", "%41", "a%",
    "SERVICE ", "service<a>", "SERVICE:a{}", "service.", "<)service#>", "GRAPH a:b{}", "é", "\U0001f600", "\x00",
]  # fmt: skip
FIELD_UNITS = [
    '"\\"',
    '"',
    "\\",
    ",",
    ";",
    "a/b;q=0.1,",
    "a/b;",
    ";a=b",
    "=",
    "a",
    " ",
    ', "a"',
    "*/*,",
    "q=",
    "\t,",
]
TAG_UNITS = ['"x",', '"', 'W/"', "W/", '"x" ', "*", 'W/"\xff",']
RANGE_UNITS = ["0-1,", "0-", "-1,", "1", " ,", "0-1 ", "-"]
DATE_UNITS = ["1", " ", "Sun, ", ":", "22 Nov 2026 ", "(", ")", "+", "-"]
PREFER_UNITS = ["wait", "wait=", "wait ", ",wait=1", "wait=1", "1", ";", " ", '"']
FORM_UNITS = ["%41", "%", "%%", "%4", "+", "a", "=", "%C3%A8", "%ff", ";", "&"]
PATH_UNITS = ["a/", "/", "%C3%A8", "%", "%2f", ".", ".ttl", "..", "a"]
WORD_UNITS = ["asili ", "a", "l'", "è", "-", "a1", "'", " ", "ss"]
JSON_UNITS = ["[", '{"a":', "1,", '"\\u0041', "\\", "9", " ", "e1"]


def consumed(iterable: Any) -> None:
    for _ in iterable:
        pass


def bare(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function without what it remembers."""
    return getattr(function, "__wrapped__", function)


OPERATION = PublishedOperation(
    PublishedQuery("q", "SELECT * { ?name ?p ?year }", {}, {}, {}, {}),
    True,
    {"name": QueryField("name"), "year": QueryField("year", "gYear")},
    False,
)
PARSERS: dict[str, tuple[Callable[[str], Any], list[str], str]] = {
    "tokens": (lambda t: consumed(tokens(t)), QUERY_UNITS, ""),
    "scan": (bare(scan), QUERY_UNITS, "ASK {} "),
    "service target": (lambda t: allowed(t, ("http://e/", "http://e/a")), ["a", "/", "@"], "http://e/"),
    "hash of a query": (query_hash, ["a"], ""),
    "form": (lambda t: examination.parse_form(t.encode()), FORM_UNITS, "query="),
    "parameters of a page": (lambda t: QueryParams(t.encode()).get("q"), FORM_UNITS, "q="),
    "operation": (lambda t: endpoint.operation([("query", t), ("format", t)], 1 << 30), ["a"], ""),
    "names of graphs": (lambda t: endpoint.graph_names([("g", t)], "g"), ["a", ":", "+", "<"], "a:"),
    "text of a body": (lambda t: endpoint.text(t.encode()), ["a", "è", "\U0001f600"], ""),
    "content-type": (endpoint.content_type, [*FIELD_UNITS, ";charset=utf-8"], "text/plain;"),
    "prefer": (lambda t: endpoint.wished_seconds(None, t), PREFER_UNITS, ""),
    "timeout": (lambda t: endpoint.wished_seconds(t, None), ["1", "_1", " ", ".", "e"], "1"),
    "format": (lambda t: bare(endpoint.negotiate)("SELECT", (t,), None), [",", "a,", "json", "a"], ""),
    "accept": (bare(negotiation.parse_accept), FIELD_UNITS, ""),
    "accept of offers": (lambda t: bare(endpoint.negotiate)("CONSTRUCT", (), t), FIELD_UNITS, "text/turtle,"),
    "accept-encoding": (lambda t: codings.choose(t, b"text/html"), FIELD_UNITS, "gzip,"),
    "accept-language": (lambda t: negotiation.choose_language(t, ("it", "en")), [*FIELD_UNITS, "en-"], ""),
    "if-none-match": (lambda t: conditions.matching(t, '"y"'), TAG_UNITS, ""),
    "if-match": (lambda t: conditions.failed_precondition({b"if-match": latin(t)}, '"y"', ""), TAG_UNITS, ""),
    "dates": (lambda t: conditions.changed_since(latin(t), "Sun, 22 Nov 2026 10:00:00 GMT"), DATE_UNITS, ""),
    "range": (conditions.is_range, RANGE_UNITS, "bytes="),
    "joined fields": (lambda t: fields.joined([(b"a", b"abcd")] * (len(t) // 4)), ["a"], ""),
    "key of a cached answer": (lambda t: hash(caching.cache_key(latin(t), latin(t), {b"accept": latin(t)})), ["a"], ""),
    "client": (lambda t: clients.client_key({"client": (t, 1)}), ["a", ":", "1:", "%"], ""),
    "path": (lambda t: iris.split_suffix(iris.decode(t)), PATH_UNITS, "/data/"),
    "address": (bare(iris.encode), PATH_UNITS, ""),
    "link": (lambda t: iris.IriMap("http://e/").link("http://e/data/" + t), PATH_UNITS, ""),
    "words": (stems, WORD_UNITS, ""),
    "marked words": (lambda t: highlight.mark(t, highlight.wanted(t)), WORD_UNITS, ""),
    "JSON": (lambda t: parameters.json_object(t, "it"), JSON_UNITS, ""),
    "batch": (
        lambda t: [reconcile_protocol.query02("q", {"query": t, "type": t, "properties": [{"pid": t, "v": t}]})],
        ["a"],
        "",
    ),
    "batch of 1.0": (
        lambda t: reconcile_protocol.query10(
            "q", {"conditions": [{"matchType": "property", "propertyId": t, "propertyValue": t}] * 4},
        ),
        ["a"],
        "",
    ),
    "limit": (lambda t: reconcile_protocol.limit_of("limit", t, 5), ["1", " ", "_1", "a"], ""),
    "wish": (lambda t: offers.wish([("format", t)] * 4), ["a", ","], ""),
    "parameters": (lambda t: limits.unreadable(t.encode()), FORM_UNITS, "q="),
    "number": (parameters.Whole(1, 9).parsed, ["1", " ", "_1", "a"], ""),
    "page": (lambda t: parameters.read(paging.Paged, {"page": t, "limit": t}), ["1", " ", "a"], ""),
    "page of a list": (lambda t: parameters.read(portal_paging.OfPage, {"page": t, t: t}), ["1", " ", "a"], ""),
    "search": (lambda t: parameters.read(SearchParameters, {"q": t, t: t}), WORD_UNITS, ""),
    "suggested": (lambda t: parameters.read(SuggestedEntities, {"prefix": t, "cursor": t}), WORD_UNITS, ""),
    "question about figures": (
        lambda t: parameters.read(FiguresParameters, {"words": t, "service": t, "year": t, "by": t}), WORD_UNITS, "",
    ),
    "what figures say": (
        lambda t: parameters.read(InsightsParameters, {"municipality": t, "service": t, "kind": t}), WORD_UNITS, "",
    ),
    "municipalities": (lambda t: parameters.read(TownsParameters, {"municipality": t, "concept": t}), WORD_UNITS, ""),
    "operation of a query": (lambda t: parameters.read(OPERATION.model, {"name": t, "year": t, t: t}), WORD_UNITS, ""),
    "lexemes": (lambda t: lexer.lexemes(lexer.unescaped(t)), QUERY_UNITS, ""),
    "called functions": (lambda t: lexer.calls(t, "http://e/", ["http://e/f"]), QUERY_UNITS, "ASK {} "),
    "suggestion": (lambda t: reconcile_protocol.starts(t, t), WORD_UNITS, ""),
}  # fmt: skip


def latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def parsed(parse: Callable[[str], Any], text: str) -> None:
    with suppress(Problem, QueryError, MappeError, PydanticCustomError, iris.NotAnIriError):
        parse(text)


@pytest.mark.parametrize("name", PARSERS)
def test_time_grows_in_proportion(name: str) -> None:
    parse, units, start = PARSERS[name]
    for unit in units:
        assert_in_proportion(lambda size: parsed(parse, start + unit * (size // len(unit))), SIZE)  # noqa: B023


def test_every_parsed_field_is_in_the_table() -> None:
    covered = {"if-modified-since": "dates", "if-unmodified-since": "dates", "if-range": "if-match"}
    for field in fields.PARSED:
        assert covered.get(field.decode(), field.decode()) in PARSERS


READS = re.compile(
    r"scope\[(?!KEY\])|query_params|path_params|exchange\.get\(|fields\.get\(|read_body|read_form|headers\.get\("
)
MODULES = (
    caching, clients, codings, conditions, fields, iris, limits, negotiation, offers, paging, parameters,
    portal_paging, reconcile_protocol, endpoint,
)  # fmt: skip
"""Modules whose parsers are in the table."""
COMPARED = {
    "api.health", "api.queries", "api.reconcile", "api.search", "api.views", "app", "http.access_log", "http.cors", "http.exchange",
    "http.headers", "http.protocol", "http.query_client", "http.routes", "http.unread", "mcp.door",
    "linked_data.metadata", "linked_data.feed", "linked_data.files", "linked_data.resources",
    "portal.assets", "portal.comparisons", "portal.context", "portal.documentation", "portal.editions", "portal.gallery",
    "portal.any_resource", "portal.parts", "portal.personnel", "portal.providers", "portal.resource", "portal.router", "portal.renderer", "portal.territory", "served.state",
    "served.statistics",
}  # fmt: skip
"""Modules that take what others have parsed: compared, looked up, cut to a length, or handed on."""


def test_whoever_takes_a_strangers_text_is_known() -> None:
    """A module that begins to read requests is put into the table, or said to parse nothing."""
    root = Path(mappe_servizi.__file__).parent / "web"
    reading = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in root.rglob("*.py")
        if READS.search(path.read_text(encoding="utf-8"))
    }
    tested = {module.__name__.rpartition(".web.")[2] for module in MODULES}
    assert reading - tested - COMPARED == set()
