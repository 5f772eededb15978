"""What must be known of a query before anything evaluates it.

The scan tells code from strings, comments and IRIs, and errs on the safe side: it may find
a SERVICE that an engine would read otherwise, never the reverse. Grammar:
https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal, cast

from mappe_servizi.query.errors import BadQueryError

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "UPDATE", "UNKNOWN"]
Token = tuple[str, str]

MAX_DEPTH = 128
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<string>\"{3}(?:\"{0,2}+(?:[^"\\]|\\.))*+\"{3} | '{3}(?:'{0,2}+(?:[^'\\]|\\.))*+'{3}
               | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
    | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d][\w.\-]*)?:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[^uU\s])*)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scan found.

    Attributes:
        form: the query form; UPDATE for an update request.
        services: the targets of SERVICE clauses, "" for one that is not a plain absolute IRI.
        volatile: whether two runs may differ (NOW, RAND, UUID, blank nodes, SERVICE).
        dataset: whether the query names its own dataset (FROM).
        fresh: whether its template has blank nodes, which get new names each time.
    """

    form: Form
    services: tuple[str, ...]
    volatile: bool
    dataset: bool
    fresh: bool = False

    @property
    def is_graph(self) -> bool:
        """Whether the result is a set of triples."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


@lru_cache(maxsize=2048)
def scan(query: str) -> Scan:
    """Scan a query.

    Raises:
        BadQueryError: brackets are nested deeper than any sane query nests them (an engine's
            recursive parser would exhaust its stack).

    >>> scan("PREFIX s: <http://e/service> SELECT * { ?service s:a 'SERVICE' } # SERVICE")
    Scan(form='SELECT', services=(), volatile=False, dataset=False, fresh=False)
    >>> scan("ASK { service silent <http://e/> {} }").services
    ('http://e/',)
    """
    found = _scan(query)
    if "\\" in query and (decoded := ESCAPE.sub(_decode, query)) != query:
        # Some engines replace code point escapes before they parse: judge both readings.
        other = _scan(decoded)
        if other.services and not found.services:
            found = replace(found, services=other.services, volatile=True)
    return found


def _decode(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else ""


def _scan(query: str) -> Scan:
    tokens = list(_tokens(query))
    form: Form = "UNKNOWN"
    services: list[str] = []
    volatile = dataset = False
    for index, (kind, text) in enumerate(tokens):
        if kind not in {"word", "name"}:
            continue
        if _is_service(tokens, index):
            services.append(_target(tokens, index))
        word = text.upper()
        if kind == "name":
            continue
        if form == "UNKNOWN" and (word in FORMS or word in UPDATES):
            form = cast("Form", word) if word in FORMS else "UPDATE"
        volatile |= word in VOLATILE
        dataset |= word == "FROM"
    fresh = form == "CONSTRUCT" and _has_blank_nodes(tokens)
    return Scan(form, tuple(services), volatile or bool(services), dataset, fresh)


def _has_blank_nodes(tokens: list[Token]) -> bool:
    """Whether the template of a CONSTRUCT, the first text in braces, has blank nodes or lists."""
    start = next((i for i, (_, text) in enumerate(tokens) if text == "{"), len(tokens))
    template = takewhile(lambda token: token[1] != "}", tokens[start:])
    return any(text in {"[", "("} or (kind == "name" and text.startswith("_:")) for kind, text in template)


def _tokens(query: str) -> Iterator[Token]:
    depth = 0
    for match in TOKEN.finditer(query):
        kind = cast("str", match.lastgroup)
        text = match[0]
        if kind == "space":
            continue
        if kind == "mark":
            if text in "({[":
                depth += 1
                if depth > MAX_DEPTH:
                    raise BadQueryError(f"brackets are nested deeper than {MAX_DEPTH}")
            elif text in ")}]":
                depth -= 1
        yield kind, text


def _is_service(tokens: list[Token], index: int) -> bool:
    """Whether a token may start a SERVICE clause, for lexers of any greed.

    A parser without a lexer reads ``SERVICE:x{`` as SERVICE and the name ``:x``, and
    ``@en--ltrSERVICE`` as a language tag and SERVICE.
    """
    kind, text = tokens[index]
    if kind == "word":
        return "service" in text.lower()
    prefix = text.partition(":")[0].lower()
    follows = tokens[index + 1 : index + 2]
    return prefix.endswith(("service", "silent")) and follows == [("mark", "{")]


def _target(tokens: list[Token], index: int) -> str:
    rest = tokens[index + 1 : index + 3]
    if rest and rest[0][0] == "word" and rest[0][1].upper() == "SILENT":
        rest = rest[1:]
    if not rest or rest[0][0] != "iri":
        return ""
    iri = rest[0][1][1:-1]
    return iri if re.match(r"https?://[^\\@]+$", iri) else ""


def allowed(target: str, allow_list: tuple[str, ...]) -> bool:
    """Whether a SERVICE target is on the allow-list: an endpoint, or a path below one.

    >>> allowed("https://e.org/sparql", ("https://e.org",)), allowed("https://e.org.evil/", ("https://e.org",))
    (True, False)
    """
    return bool(target) and any(
        target == entry or target.startswith(entry.rstrip("/") + "/") for entry in allow_list
    )
