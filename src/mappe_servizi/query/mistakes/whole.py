"""Texts that are something else than a query."""

from __future__ import annotations

import re

from mappe_servizi.formats import FORM, SPARQL_QUERY
from mappe_servizi.query.mistakes.query import Hint, Query, Rule

PERCENT = re.compile(r"%(?:20|3[CEF]|7[BD]|0[AD])", re.IGNORECASE)
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d+);")


def empty(query: Query) -> Hint | None:
    """Nothing at all."""
    return None if query.lexemes else (0, "the query is empty: write SELECT * WHERE { ?s ?p ?o } LIMIT 10")


def json(query: Query) -> Hint | None:
    """A JSON document around the query, or one that is none."""
    opening = "".join(lexeme.text[:1] for lexeme in query.lexemes[:2])
    if opening in {'{"', "[{", '["', "{}"}:
        return (
            0,
            f"this is JSON: send the text of the query itself, as {SPARQL_QUERY.media} or as query=...",
        )
    return None


def markup(query: Query) -> Hint | None:
    """XML or HTML."""
    if re.match(r"\s*<(?:\?xml|!DOCTYPE|html|sparql\b)", query.text, re.IGNORECASE):
        return 0, "this is XML or HTML: send the text of the query itself"
    return None


def form(query: Query) -> Hint | None:
    """A form's field, sent as if it were the query."""
    if re.match(r"\s*query=", query.text):
        return 0, (
            f"the text begins with query=, which is a form's: send it as {FORM.media}, "
            f"or the query itself as {SPARQL_QUERY.media}"
        )
    return None


def encoded(query: Query) -> Hint | None:
    """A text that was encoded once too often."""
    for pattern, name in ((PERCENT, "percent-encoded"), (ENTITY, "escaped for HTML")):
        match = pattern.search(query.text)
        if match and match.start() <= query.place + len(query.here.text):
            return match.start(), f"the text is {name} ({match[0]}): send it decoded once more"
    return None


def graphql(query: Query) -> Hint | None:
    """GraphQL, Cypher."""
    first = query.lexemes[0]
    if first.text in {"{", "query"}:
        return 0, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE (or PREFIX lines before it)"
    return None


def sql(query: Query) -> Hint | None:
    """SQL: columns by names without a question mark, from a table."""
    words = [lexeme.upper for lexeme in query.lexemes]
    if words[0] == "SELECT" and "FROM" in words and not any(x.text == "{" for x in query.lexemes):
        return 0, (
            "this looks like SQL: in SPARQL variables are written ?name, and patterns take the place of "
            "tables: SELECT ?s ?label WHERE { ?s rdfs:label ?label } LIMIT 10"
        )
    return None


def turtle(query: Query) -> Hint | None:
    """Prefixes as Turtle has them."""
    if query.here.text.lower() in {"@prefix", "@base"}:
        word = query.here.text[1:].upper()
        return (
            query.place,
            f"{query.here.text} is Turtle's: write {word} ex: <https://example.org/> without a dot",
        )
    return None


RULES: tuple[Rule, ...] = (empty, json, markup, form, encoded, graphql, sql, turtle)
