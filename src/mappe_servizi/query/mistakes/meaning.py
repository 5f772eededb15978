"""Names that are not known, and columns that have no single value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.program import PREFIXES, QUERY_WORDS, QueryWordRow
from mappe_servizi.query.lexer import Lexeme, declared
from mappe_servizi.query.mistakes.query import (
    AGGREGATES,
    FUNCTIONS,
    KEYWORDS,
    NONE,
    Hint,
    Query,
    Rule,
    near,
)

TABLES = Path(__file__).parent
XSD = "http://www.w3.org/2001/XMLSchema#"
CASTS = ("boolean", "date", "dateTime", "decimal", "double", "float", "integer", "string")
UNSUPPORTED = "The custom function <"
SPLITS = ("ORDERBY", "GROUPBY", "NOTEXISTS", "NOTIN", "SELECTDISTINCT", "FROMNAMED")


@cache
def _words() -> Mapping[str, QueryWordRow]:
    return {row.word: row for row in read_rows(QUERY_WORDS, TABLES / QUERY_WORDS.file)}


@cache
def _namespaces() -> Mapping[str, str]:
    return {row.prefix: row.namespace for row in read_rows(PREFIXES, TABLES / PREFIXES.file)}


def prefix(query: Query) -> Hint | None:
    """A prefix that is not declared, or only in other letters, or only further below."""
    for offset in (0, -1):
        lexeme = query.get(offset)
        if lexeme.kind != "name" or query.get(offset - 1).upper == "PREFIX" or lexeme.text.startswith("_:"):
            continue
        name = lexeme.text.partition(":")[0]
        known = declared(query.lexemes[: query.at])
        if query.get(offset + 1).text == "=" and name == "":
            return lexeme.start, "there is no := in SPARQL: write BIND(expression AS ?x)"
        if name in known or (offset and "Prefix not found" not in query.reason):
            continue
        return lexeme.start, _undeclared(name, known, query.prefixes)
    return None


def _undeclared(name: str, known: Mapping[str, str], ours: Mapping[str, str]) -> str:
    said = f"the prefix {name}: is not declared"
    namespace = ours.get(name.lower()) or _namespaces().get(name.lower())
    if alike := next((other for other in known if other.lower() == name.lower()), ""):
        return f"{said}; {alike}: is, and capitals matter"
    if namespace:
        return f"{said}: put PREFIX {name}: <{namespace}> before the query"
    if alike := near(name, known):
        return f"{said}; {alike}: is"
    return f"{said}: put PREFIX {name}: <...> before the query, or write the IRI in full, in < >"


def unknown_function(query: Query) -> Hint | None:
    """A function that is called by an IRI that no function has."""
    if not query.reason.startswith(UNSUPPORTED):
        return None
    iri, _, said = query.reason.removeprefix(UNSUPPORTED).partition("> ")
    prefixes = declared(query.lexemes)
    for lexeme, after in zip(query.lexemes, (*query.lexemes[1:], NONE), strict=True):
        name, _, local = lexeme.text.partition(":")
        full = prefixes.get(name, "\0") + local if lexeme.kind == "name" else lexeme.text[1:-1]
        if after.text == "(" and (full == iri or iri.endswith(full.lstrip("/"))):
            if said.startswith("requires"):
                return (
                    lexeme.start,
                    f"{lexeme.text} {said.replace('between 1 and 1 arguments', 'one argument')}",
                )
            return lexeme.start, f"there is no function {lexeme.text}{_instead(iri, query.prefixes)}"
    return 0, f"there is no function <{iri}>{_instead(iri, query.prefixes)}"


def _instead(iri: str, prefixes: Mapping[str, str]) -> str:
    namespace, local = iri[: -len(_local(iri)) or None], _local(iri)
    if namespace == XSD:
        alike = near(local, CASTS)
        return f"; xsd:{alike} is one" if alike else f"; of xsd: there are {', '.join(CASTS)}"
    if namespace == prefixes.get("mds"):
        return '; mds:matches(?x, "words") and mds:relevance(?x, "words") are'
    if row := _words().get(local.upper()):
        return f"; {row.hint}"
    alike = near(local.upper().replace("-", ""), FUNCTIONS)
    return f"; SPARQL's own are written without prefix: {alike}(...)" if alike else ""


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def word(query: Query) -> Hint | None:
    """A word that SPARQL does not have: of another language, misspelt, or a name without a mark."""
    lexeme = query.here
    if lexeme.kind != "word" or lexeme.upper in KEYWORDS | FUNCTIONS:
        return None
    if query.before.upper in {"PREFIX", "BASE", "LIMIT", "OFFSET", "DESCRIBE"}:
        return None  # what must follow these is told by the rules of syntax
    upper, calls = lexeme.upper, query.get(1).text == "("
    row = _words().get(upper)
    if row and (calls or row.meaning != "function"):
        return lexeme.start, row.hint
    if split := _split(upper):
        return lexeme.start, f"a space is missing: {split}"
    if calls and (alike := _function_like(upper)):
        return lexeme.start, f"there is no function {lexeme.text}; is {alike} meant?"
    if calls and query.inside == "(":
        return lexeme.start, f"there is no function {lexeme.text}"
    if query.before.upper in {"FROM", "NAMED", "GRAPH", "SERVICE"}:
        return None
    return lexeme.start, f"{lexeme.text} means nothing here{_meant(query)}"


def _function_like(upper: str) -> str:
    """The function whose name is like a word, or longer or shorter by its end; "" for none."""
    longer = [
        name for name in FUNCTIONS if len(name) > 3 and (upper.startswith(name) or name.startswith(upper))
    ]
    return near(upper, FUNCTIONS) or min(longer, default="")


def _meant(query: Query) -> str:
    """What a word without meaning may have been meant for."""
    text = query.here.text
    alike = near(text.upper(), KEYWORDS if query.inside != "(" else KEYWORDS | FUNCTIONS)
    if alike and query.before.upper != "SELECT":
        return f"; is {alike} meant?"
    if query.at == 0:
        return ": a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, or with PREFIX"
    variable = f"a variable is written ?{text}, " if text.isidentifier() else ""
    return f': {variable}a text "{text}", a name with its prefix'


def _split(upper: str) -> str:
    for known in SPLITS:
        if upper == known:
            first = next(k for k in ("ORDER", "GROUP", "NOT", "SELECT", "FROM") if known.startswith(k))
            return f"{first} {known[len(first) :]}"
    for keyword in ("LIMIT", "OFFSET"):
        if upper.startswith(keyword) and upper[len(keyword) :].isdigit():
            return f"{keyword} {upper[len(keyword) :]}"
    return ""


def ungrouped(query: Query) -> Hint | None:
    """A column beside an aggregate that the query is not grouped by."""
    if "SELECT contains" not in query.reason:
        return None
    if tested := _tested(query.lexemes):
        return tested.start, (
            f"{tested.upper} counts over groups, which there are after the pattern only: "
            f"write GROUP BY ... HAVING({tested.upper}(...) > 1), or use a subquery"
        )
    if not any(x.upper in AGGREGATES | {"GROUP", "HAVING"} for x in query.lexemes):
        return None
    for index, lexeme in enumerate(query.lexemes):
        if lexeme.upper == "SELECT" and (found := _ungrouped(query.lexemes, index)) is not None:
            column, keys = found
            what = (
                f"add {column.text} to GROUP BY"
                if keys
                else f"write GROUP BY {column.text} after the pattern"
            )
            return column.start, (
                f"{column.text} stands beside an aggregate without being grouped by: {what}, "
                f"or take one of its values, (SAMPLE({column.text}) AS ...)"
            )
    return None


def _tested(found: Sequence[Lexeme]) -> Lexeme | None:
    """An aggregate in a FILTER or BIND."""
    tests: list[bool] = []
    for before, lexeme in zip((NONE, *found), found, strict=False):
        if lexeme.text in {"(", "{"}:
            inner = bool(tests) and tests[-1] and lexeme.text == "("
            tests.append(inner or before.upper in {"FILTER", "BIND"})
        elif lexeme.text in {")", "}"} and tests:
            tests.pop()
        elif lexeme.upper in AGGREGATES and tests and tests[-1]:
            return lexeme
    return None


def _ungrouped(found: Sequence[Lexeme], select: int) -> tuple[Lexeme, list[str]] | None:
    """The first column of a SELECT of groups that is not grouped by, and what is grouped by."""
    depth, columns, groups, index = 0, [], False, select + 1
    while (
        index < len(found)
        and found[index].text != "{"
        and found[index].upper not in {"SELECT", "WHERE", "FROM"}
    ):
        depth += (found[index].text == "(") - (found[index].text == ")")
        groups |= found[index].upper in AGGREGATES
        if not depth and found[index].kind == "variable":
            columns.append(found[index])
        index += 1
    keys, grouped = _keys(found, index) if columns else ([], False)
    known = {key[1:] for key in keys}
    return next(((c, keys) for c in columns if c.text[1:] not in known), None) if groups or grouped else None


def _keys(found: Sequence[Lexeme], start: int) -> tuple[list[str], bool]:
    """What the SELECT whose pattern begins at a lexeme is grouped by (variables, and names by AS).

    And whether it has groups at all.
    """
    depth, grouping = 0, False
    keys: list[str] = []
    for index in range(start, len(found)):
        lexeme = found[index]
        depth += (lexeme.text in {"{", "("}) - (lexeme.text in {"}", ")"})
        if depth < 0 or (
            not depth and lexeme.upper in {"SELECT", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
        ):
            return keys, grouping or (not depth and lexeme.upper == "HAVING")
        grouping |= not depth and lexeme.upper == "GROUP"
        if grouping and lexeme.kind == "variable":
            keys.append(lexeme.text)
    return keys, grouping


def twice(query: Query) -> Hint | None:
    """A name that two columns have."""
    if "Duplicated variable" not in query.reason:
        return None
    seen: set[str] = set()
    depth = 0
    for before, lexeme in zip((NONE, *query.lexemes), query.lexemes, strict=False):
        depth += (lexeme.text == "(") - (lexeme.text == ")")
        if before.text == "{":
            seen.clear()
        if lexeme.kind == "variable" and (before.upper == "AS" or not depth):
            if lexeme.text[1:] in seen and before.upper == "AS":
                return lexeme.start, f"there is a column {lexeme.text} already: give this one another name"
            seen.add(lexeme.text[1:])
    return None


def bound_before(query: Query) -> Hint | None:
    """A name that BIND gives to what has a value already."""
    groups: list[set[str]] = [set()]
    for before, lexeme in zip((NONE, *query.lexemes), query.lexemes[: query.at + 1], strict=False):
        if lexeme.text == "{":
            groups.append(set())
        elif lexeme.text == "}" and len(groups) > 1:
            inner = groups.pop()
            groups[-1] |= inner
        elif lexeme.kind == "variable":
            if before.upper == "AS" and len(groups) > 1 and lexeme.text[1:] in groups[-1]:
                return lexeme.start, f"{lexeme.text} has a value here already: give BIND another name"
            groups[-1].add(lexeme.text[1:])
    return None


def star(query: Query) -> Hint | None:
    """All columns of groups."""
    if "SELECT *" in query.reason:
        place = next((x.start for x in query.lexemes if x.text == "*"), 0)
        return place, "with GROUP BY the columns are named: SELECT ?key (COUNT(*) AS ?n)"
    return None


def overridden(query: Query) -> Hint | None:
    """A column's name that the pattern has too."""
    if "overrides" not in query.reason:
        return None
    for before, lexeme in zip((NONE, *query.lexemes), query.lexemes, strict=False):
        if before.upper == "AS" and sum(x.text[1:] == lexeme.text[1:] for x in query.lexemes) > 1:
            return lexeme.start, f"{lexeme.text} is a variable of the pattern: give the column another name"
    return None


def blank_node(query: Query) -> Hint | None:
    """A blank node's label in two patterns."""
    if query.here.text.startswith("_:") and query.here.text in {x.text for x in query.lexemes[: query.at]}:
        return (
            query.place,
            f"{query.here.text} stands in another pattern already: write a variable in place of it",
        )
    return None


def malformed(query: Query) -> Hint | None:
    """An IRI that is none."""
    if query.reason != "IRI parsing failed":
        return None
    lexeme = next((x for x in (query.here, query.before) if x.kind == "iri"), query.here)
    return lexeme.start, f"{lexeme.text} is no IRI"


RULES: tuple[Rule, ...] = (
    unknown_function, ungrouped, star, overridden, twice, prefix, word, bound_before, blank_node,
    malformed,
)  # fmt: skip
