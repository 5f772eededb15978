"""A published query's text with something done to it: parameters bound, rows filtered, a page, a count."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import Literal, Variable

from mappe_servizi.errors import MappeError
from mappe_servizi.rdf.queries import XSD, PublishedQuery, Term

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def with_values(text: str, values: Mapping[Variable, Term]) -> str:
    """The query with its parameters bound by VALUES, for an engine that takes only text.

    Terms are written in their escaped N-Triples form, at the start of the query's pattern.

    >>> from pyoxigraph import NamedNode
    >>> print(with_values("SELECT ?s { ?s ?p ?o }", {Variable("s"): NamedNode("http://e.org/a")}))
    SELECT ?s { VALUES (?s) { (<http://e.org/a>) } ?s ?p ?o }

    Raises:
        MappeError: the query has no pattern.
    """
    if not values:
        return text
    start = _pattern_start(text)
    names, terms = (" ".join(map(str, part)) for part in (values.keys(), values.values()))
    return f"{text[:start]} VALUES ({names}) {{ ({terms}) }}{text[start:]}"


def to_edit(query: PublishedQuery, language: str) -> str:
    """A query as people are shown it: what describes it left out, each default bound on a line of its own.

    So the text gives what the query's operation gives, and who edits it sees what to change.
    """
    text = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+")).strip()
    lines = [
        f"\n  VALUES {variable} {{ {_abbreviated(term)} }} # "
        + said(query.parameters[variable.value].description, language)
        for variable, term in query.bind({}).items()
    ]
    if not lines:
        return text
    start = _pattern_start(text)
    rest = text[start:]
    return text[:start] + "".join(lines) + (rest if rest.startswith("\n") else f"\n {rest}")


def said(texts: Mapping[str, str], language: str) -> str:
    """What a query's comments say in a language, or in Italian."""
    return texts.get(language) or texts.get("it") or ""


def _abbreviated(term: Term) -> str:
    return term.value if _is_integer(term) else str(term)


def with_filters(text: str, values: Mapping[str, Term]) -> str:
    """The query with only the rows that have some values, for variables of its outermost pattern.

    Numbers are compared as numbers, all else by its characters. A filter holds for its whole
    group wherever it stands, so that it may name what a BIND further below gives.

    >>> print(with_filters("SELECT ?t { BIND('a' AS ?t) }", {"t": Literal("a")}))
    SELECT ?t { FILTER(STR(?t) = "a") BIND('a' AS ?t) }

    Raises:
        MappeError: the query has no pattern.
    """
    if not values:
        return text
    start = _pattern_start(text)
    conditions = (
        f"?{name} = {term}" if _is_number(term) else f"STR(?{name}) = {Literal(term.value)}"
        for name, term in values.items()
    )
    return f"{text[:start]} FILTER({' && '.join(conditions)}){text[start:]}"


def form(text: str) -> str:
    r"""What a query asks for: SELECT, ASK, CONSTRUCT or DESCRIBE.

    >>> form("PREFIX a: <http://e.org/select> # ask\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    'CONSTRUCT'

    Raises:
        MappeError: it is no query.
    """
    for match in _LEXEME.finditer(text):
        if match["skip"] is None and (word := match.group().upper()) in FORMS:
            return word
    raise MappeError(f"a query has one of {', '.join(FORMS)}")


def _is_integer(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value == f"{XSD}integer"


def _is_number(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value in {f"{XSD}integer", f"{XSD}decimal"}


_LEXEME = re.compile(
    r"""(?P<skip> \#[^\n]* | \s+ | [?$]\w+ | [\w.-]*:[\w.:-]* | <[^<>"{}|^`\\\x00-\x20]*>
    | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | \w+ | .""",
    re.VERBOSE | re.DOTALL,
)


def _pattern_start(text: str) -> int:
    """The place after the brace that opens the query's pattern.

    A brace inside parentheses belongs to an EXISTS of the projection, one right after
    CONSTRUCT opens the template.
    """
    depth, before, template = 0, "", False
    for match in _LEXEME.finditer(text):
        word = match.group().upper()
        if match["skip"] is not None:
            continue
        if word == "{" and depth == 0 and not template and before != "CONSTRUCT":
            return match.end()
        template = (template or (word == "{" and before == "CONSTRUCT")) and word != "}"
        depth += {"(": 1, ")": -1}.get(word, 0)
        before = word
    raise MappeError("the query has no pattern to bind its parameters in")


_WINDOW = re.compile(
    r"(?:\bLIMIT\s+(?P<limit>\d+)\s*|\bOFFSET\s+(?P<offset>\d+)\s*){1,2}(?:#[^\n]*\s*)*$", re.IGNORECASE
)


def windowed(text: str, limit: int, offset: int) -> str:
    """The query of rows with some of its rows only; a window of its own holds all the same.

    >>> windowed("SELECT * { ?s ?p ?o } LIMIT 20", 15, 10)
    'SELECT * { ?s ?p ?o }\\nLIMIT 10 OFFSET 10'
    """
    text, own = text.rstrip(), 0
    if match := _WINDOW.search(text):
        text = text[: match.start()].rstrip()
        own = int(match["offset"] or 0)
        if match["limit"] is not None:
            limit = max(0, min(limit, int(match["limit"]) - offset))
    return f"{text}\nLIMIT {limit} OFFSET {own + offset}"


def counted(text: str) -> str:
    """The query that counts the rows of a query, as ``?total``.

    >>> counted("PREFIX a: <http://e.org/select> SELECT ?s { ?s ?p ?o }")
    'PREFIX a: <http://e.org/select> SELECT (COUNT(*) AS ?total) { { SELECT ?s { ?s ?p ?o }\\n} }'

    Raises:
        MappeError: the query gives no rows.
    """
    for match in _LEXEME.finditer(text):
        if match["skip"] is None and match.group().upper() == "SELECT":
            start = match.start()
            return f"{text[:start]}SELECT (COUNT(*) AS ?total) {{ {{ {text[start:]}\n}} }}"
    raise MappeError("the query gives no rows to count")
