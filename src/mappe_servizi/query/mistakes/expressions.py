"""Columns, conditions and values: what stands in parentheses, and what has a name."""

from __future__ import annotations

from mappe_servizi.query.mistakes.query import (
    AGGREGATES,
    FUNCTIONS,
    KEYWORDS,
    TERMS,
    Hint,
    Query,
    Rule,
)


def columns(query: Query) -> Hint | None:
    """The columns of a SELECT."""
    if query.clause not in {"SELECT", "AS"} and query.before.upper not in {"SELECT", "BY"}:
        return _in_parentheses(query)
    here = query.here
    if not query.inside or query.inside == "{":
        if here.text == ",":
            return query.place, "no commas stand between columns, only spaces"
        if here.upper in FUNCTIONS:
            return (
                query.place,
                f"a column that is computed stands in parentheses and has a name: ({here.upper}(?x) AS ?n)",
            )
        if here.upper == "AS":
            return query.place, "what has a name by AS stands in parentheses: (?x AS ?name)"
        if query.before.upper in {"SELECT", "DISTINCT", "REDUCED"} and (
            here.text == "{" or here.upper in {"WHERE", "FROM"}
        ):
            return query.place, "the columns are missing: name variables after SELECT, or write * for all"
        if here.kind in {"name", "iri", "string", "number"}:
            return query.place, "after SELECT stand variables (?name), * for all, or (expression AS ?name)"
    return _in_parentheses(query)


def _in_parentheses(query: Query) -> Hint | None:
    opener = query.opened_by()
    if query.inside != "(":
        if query.here.text == "," and query.clause in {"GROUP", "ORDER", "DESCRIBE", "VALUES"}:
            return query.place, "no commas stand here, only spaces"
        return None
    if query.here.text in {")", ","} and opener.upper == "BIND":
        return query.place, "BIND takes an expression and a name for it: BIND(?a + 1 AS ?b)"
    unnamed = (
        query.here.text == ")" and opener.kind != "name" and opener.upper not in FUNCTIONS | {"FILTER", "IN"}
    )
    if unnamed and _in_select(query):
        return (
            query.place,
            "a name for the column is missing: (expression AS ?name); ?x alone needs no parentheses",
        )
    if query.here.kind == "variable" and query.before.text == ")" and _in_select(query):
        return query.place, f"AS is missing: (expression AS {query.here.text})"
    if query.here.upper == "DISTINCT" and opener.upper in AGGREGATES:
        return query.place, f"write {opener.upper}(DISTINCT ?x)"
    arguments = opener.upper in FUNCTIONS | {"IN"} or opener.kind in {"name", "iri"}
    ends = query.before.kind in TERMS or query.before.text == ")"
    if arguments and ends and query.here.kind in TERMS - {"language"}:
        return query.place, "a comma is missing between two arguments"
    if query.here.text in {",", ")", ";"} and opener.upper in FUNCTIONS:
        return query.place, f"{opener.upper} does not take this number of arguments"
    return None


def _in_select(query: Query) -> bool:
    """Whether the innermost bracket stands among the columns of a SELECT."""
    for lexeme in reversed(query.lexemes[: query.open[-1]]):
        if lexeme.text in {"{", "}"} or lexeme.upper in KEYWORDS - {"AS", "DISTINCT", "REDUCED", "SELECT"}:
            return False
        if lexeme.upper == "SELECT":
            return True
    return False


def expression(query: Query) -> Hint | None:
    """Conditions."""
    if query.before.upper in {"FILTER", "HAVING", "BIND", "IN"} and query.here.text != "(":
        return (
            query.place,
            f"what follows {query.before.upper} stands in parentheses: {query.before.upper} (...)",
        )
    compared = query.here.text in {"=", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/"}
    if compared and query.clause in {"FILTER", "HAVING"} and query.before.text == ")" and query.inside != "(":
        return (
            query.place,
            f"the whole condition stands in parentheses: {query.clause}(... {query.here.text} ...)",
        )
    if query.here.upper == "AS" and query.inside == "(" and query.opened_by().upper == "FILTER":
        return query.place, "FILTER only tests; BIND(expression AS ?x) gives a name"
    if query.inside == "(" and query.here.text == "[":
        return query.place, "a list of values stands in parentheses: ?x IN (1, 2)"
    if query.inside == "{" and query.here.text in {"=", "!=", ">", "<=", ">=", "&&", "||"}:
        return query.place, "a condition stands in FILTER( ... )"
    return None


def values(query: Query) -> Hint | None:
    """VALUES, and the counts of paths."""
    if query.get(-2).upper == "VALUES" and query.before.kind == "variable" and query.here.text != "{":
        return query.place, "write VALUES ?x { 1 2 }, or VALUES (?x ?y) { (1 2) (3 4) }"
    opener = query.opened_by()
    if query.inside == "{" and query.here.text == "," and opener.kind == "variable":
        return query.place, "no commas stand between the values, only spaces"
    if query.inside == "{" and opener.text == ")" and query.clause == "" and query.here.kind in TERMS:
        return query.place, "each row of VALUES stands in parentheses: VALUES (?x ?y) { (1 2) (3 4) }"
    if query.here.text == "{" and query.inside == "{" and query.before.kind in {"name", "iri", "variable"}:
        return query.place, "a path has + (one or more), * (any number) or ? (at most one), no {n}"
    return None


RULES: tuple[Rule, ...] = (columns, expression, values)
