"""The commonest mistakes in queries, one rule each: what stands where, and what to write instead.

A rule looks at a query that was refused and gives a place and a sentence, or None. The first rule
that knows the mistake is believed, so the special ones stand before the general ones.
"""

from __future__ import annotations

from mappe_servizi.query.mistakes import lexical, meaning, syntax, whole
from mappe_servizi.query.mistakes.query import Hint, Query, Rule

RULES: tuple[Rule, ...] = (*whole.RULES, *lexical.RULES, *meaning.RULES, *syntax.RULES)


def hint(query: Query) -> Hint:
    """The place of a query's mistake, and what is meant.

    Where no rule knows it, that is what the parser met.
    """
    for rule in RULES:
        if (found := rule(query)) is not None:
            return found
    if query.reason:
        return query.place, query.reason
    if query.at == len(query.lexemes):
        return query.place, "the query ends here though something must follow"
    return query.place, f"{query.here.text[:40]!r} cannot stand here"


__all__ = ["Hint", "Query", "hint"]
