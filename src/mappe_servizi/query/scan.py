"""What must be known of a query before anything evaluates it.

The scan tells code from strings, comments and IRIs, and errs on the safe side: it may find
a SERVICE that an engine would read otherwise, never the reverse. Engines differ in how they cut
a text into words: one without a lexer reads ``SERVICEe:x{`` as SERVICE and the name ``e:x``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, tee
from typing import Literal, cast

from mappe_servizi.query.errors import BadQueryError
from mappe_servizi.query.tokens import Token, tokens
from mappe_servizi.remembered import remembered

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "UPDATE", "UNKNOWN"]
Window = tuple[Token, Token, Token, Token, Token]
"""A token with the two before it and the two after it."""

MAX_DEPTH = 128
MAX_SERVICES = 64
"""Targets that are told apart; a query with more has one that is not allowed."""
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
NAMING = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
"""The keywords that nothing but the name of something follows."""
ENDED = frozenset("{}().;]*")
"""The marks behind which a word is a keyword, not the end of something else (``@en--GRAPH``)."""
NONE: Token = ("", "")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scan found.

    Attributes:
        form: the query form; UPDATE for an update request.
        services: the targets of SERVICE clauses, "" for one that is not a plain absolute IRI.
        volatile: whether two runs may differ (NOW, RAND, UUID, blank nodes, SERVICE).
        dataset: whether the query names its own dataset (FROM).
    """

    form: Form
    services: tuple[str, ...]
    volatile: bool
    dataset: bool

    @property
    def is_graph(self) -> bool:
        """Whether the result is a set of triples."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


@remembered("scan", 4 << 20)
def scan(query: str) -> Scan:
    """Scan a query.

    Raises:
        BadQueryError: brackets are nested deeper than any sane query nests them (an engine's
            recursive parser would exhaust its stack).

    >>> scan("PREFIX s: <http://e/service> SELECT * { ?service s:a 'SERVICE' } # SERVICE")
    Scan(form='SELECT', services=(), volatile=False, dataset=False)
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
    form: Form = "UNKNOWN"
    services: dict[str, None] = {}
    volatile = dataset = False
    depth = 0
    for window in _windows(query):
        kind, text = window[2]
        if kind == "mark":
            depth += (text in "({[") - (text in ")}]")
            if depth > MAX_DEPTH:
                raise BadQueryError(f"brackets are nested deeper than {MAX_DEPTH}")
        elif _is_service(window):
            services[_target(window)] = None
        if kind != "word":
            continue
        word = text.upper()
        if form == "UNKNOWN" and (word in FORMS or word in UPDATES):
            form = cast("Form", word) if word in FORMS else "UPDATE"
        volatile |= word in VOLATILE
        dataset |= word == "FROM"
    if len(services) > MAX_SERVICES:
        services[""] = None
    return Scan(form, tuple(services)[-MAX_SERVICES:], volatile or bool(services), dataset)


def _windows(query: str) -> Iterator[Window]:
    copies = tee(chain((NONE, NONE), tokens(query), (NONE, NONE)), 5)
    return zip(*(islice(copy, start, None) for start, copy in enumerate(copies)), strict=False)


def _is_service(window: Window) -> bool:
    """Whether a token may start a SERVICE clause, for lexers of any greed."""
    _, _, (kind, text), follows, _ = window
    if kind not in {"word", "name", "iri"}:
        return False
    lower = text.lower()
    if "service" not in lower:
        return False
    if kind == "word":
        return True
    if kind == "iri":
        # FILTER(?a<1)SERVICE#> is a comparison and a clause, whose target stands behind the comment.
        _, bracket, rest = lower.partition(")")
        return bool(bracket) and "#" in rest.partition("service")[2]
    # A name's last letters may be of a kind that we do not know.
    may_open = follows == ("mark", "{") or (follows[0] == "mark" and not follows[1].isascii())
    return "service" in lower.partition(":")[0] and may_open and not _is_wanted(window)


def _is_wanted(window: Window) -> bool:
    """Whether a token stands where nothing but the name of something can stand."""
    (kind, text), (before, word), *_ = window
    return before == "word" and word.upper() in NAMING and (kind != "mark" or text in ENDED)


def _target(window: Window) -> str:
    _, _, (clause, _), (kind, text), after = window
    if clause != "word":
        return ""
    if kind == "word" and text.upper() == "SILENT":
        kind, text = after
    iri = text[1:-1] if kind == "iri" else ""
    return iri if re.match(r"https?://[^\\@]+$", iri) else ""


def allowed(target: str, allow_list: tuple[str, ...]) -> bool:
    """Whether a SERVICE target is on the allow-list: an endpoint, or a path below one.

    >>> allowed("https://e.org/sparql", ("https://e.org",)), allowed("https://e.org.evil/", ("https://e.org",))
    (True, False)
    """
    return bool(target) and any(
        target == entry or target.startswith(entry.rstrip("/") + "/") for entry in allow_list
    )
