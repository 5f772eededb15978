"""What must be known of a query before anything evaluates it.

The scan tells code from strings, comments and IRIs, and errs on the safe side: it may find
a SERVICE that an engine would read otherwise, never the reverse. Engines differ in how they cut
a text into words: one without a lexer reads ``SERVICEe:x{`` as SERVICE and the name ``e:x``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal, cast

from mappe_servizi.query.errors import BadQueryError
from mappe_servizi.query.tokens import Token, tokens
from mappe_servizi.remembered import remembered

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "UPDATE", "UNKNOWN"]

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
CLAUSES = frozenset({"word", "name", "iri"})
"""The kinds of tokens that may begin a SERVICE clause."""
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


@remembered("scan", 8 << 20, times=4)
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
    found = list(tokens(query))
    form: Form = "UNKNOWN"
    services: dict[str, None] = {}
    volatile = dataset = False
    depth = 0
    for index, (kind, text) in enumerate(found):
        if kind == "mark":
            if text in "({[":
                depth += 1
                if depth > MAX_DEPTH:
                    raise BadQueryError(f"brackets are nested deeper than {MAX_DEPTH}")
            elif text in ")}]":
                depth -= 1
        elif kind in CLAUSES and "service" in text.lower() and _is_service(found, index):
            services[_target(found, index)] = None
        if kind != "word":
            continue
        word = text.upper()
        if form == "UNKNOWN" and (word in FORMS or word in UPDATES):
            form = cast("Form", word) if word in FORMS else "UPDATE"
        volatile |= word in VOLATILE
        dataset |= word == "FROM"
    if len(services) > MAX_SERVICES:
        services[""] = None
    fresh = form == "CONSTRUCT" and _has_blank_nodes(found)
    return Scan(form, tuple(services)[-MAX_SERVICES:], volatile or bool(services), dataset, fresh)


def _has_blank_nodes(found: list[Token]) -> bool:
    """Whether the template of a CONSTRUCT, the first text in braces, has blank nodes or lists."""
    start = next((i for i, (_, text) in enumerate(found) if text == "{"), len(found))
    template = takewhile(lambda token: token[1] != "}", found[start:])
    return any(text in {"[", "("} or (kind == "name" and text.startswith("_:")) for kind, text in template)


def _is_service(found: list[Token], index: int) -> bool:
    """Whether a token that has the word may start a SERVICE clause, for lexers of any greed."""
    kind, text = found[index]
    if kind == "word":
        return True
    lower = text.lower()
    if kind == "iri":
        # FILTER(?a<1)SERVICE#> is a comparison and a clause, whose target stands behind the comment.
        _, bracket, rest = lower.partition(")")
        return bool(bracket) and "#" in rest.partition("service")[2]
    # A name's last letters may be of a kind that we do not know.
    follows, after = found[index + 1] if index + 1 < len(found) else NONE
    may_open = follows == "mark" and (after == "{" or not after.isascii())
    return "service" in lower.partition(":")[0] and may_open and not _is_wanted(found, index)


def _is_wanted(found: list[Token], index: int) -> bool:
    """Whether a token stands where nothing but the name of something can stand."""
    (kind, text), (before, word) = ([NONE, NONE, *found[max(0, index - 2) : index]])[-2:]
    return before == "word" and word.upper() in NAMING and (kind != "mark" or text in ENDED)


def _target(found: list[Token], index: int) -> str:
    (kind, text), after = [*found[index + 1 : index + 3], NONE, NONE][:2]
    if found[index][0] != "word":
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
