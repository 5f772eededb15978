"""The columns of ``SELECT *`` in the order in which a query's text names them.

Engines give them in an order of their own (pyoxigraph: by name), which is no use to a person who
reads the table, and other than that of most endpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mappe_servizi.query.lexer import lexemes

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
MODES = frozenset({"DISTINCT", "REDUCED"})


def spelt_out(query: str, columns: Callable[[str], Sequence[str]]) -> str:
    """A query with its columns in place of the ``*`` of its outermost SELECT, if it has one.

    Args:
        query: a text.
        columns: gives the names of a query's columns, in the engine's order, without evaluating it.

    >>> spelt_out("SELECT * { ?s ?p ?o }", lambda query: ["o", "p", "s"])
    'SELECT  ?s ?p ?o  { ?s ?p ?o }'
    >>> spelt_out("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", lambda query: ["n"])
    'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
    """
    if "*" not in query or "\\" in query:
        return query
    found = lexemes(query)
    select = next((i for i, lexeme in enumerate(found) if lexeme.upper in FORMS), len(found))
    star = next((x for x in found[select + 1 :] if x.upper not in MODES), None)
    if star is None or star.text != "*" or found[select].upper != "SELECT":
        return query
    given = columns(query)
    named = dict.fromkeys(x.text[1:] for x in found[select:] if x.kind == "variable")
    known = set(given)
    ordered = [name for name in named if name in known]
    if ordered == list(given) or len(ordered) != len(given):
        return query
    return f"{query[: star.start]} {' '.join(f'?{name}' for name in ordered)} {query[star.start + 1 :]}"
