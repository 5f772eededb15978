"""What stands in the wrong place, or is missing."""

from __future__ import annotations

from mappe_servizi.query.mistakes import expressions
from mappe_servizi.query.mistakes.query import (
    CLOSERS,
    FUNCTIONS,
    KEYWORDS,
    TERMS,
    Hint,
    Query,
    Rule,
    end,
)

MODIFIERS = {"GROUP": 0, "HAVING": 1, "ORDER": 2, "LIMIT": 3, "OFFSET": 3, "VALUES": 4}
NAMES = {"GROUP": "GROUP BY", "ORDER": "ORDER BY"}
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
OPERATORS = {
    "==": "equal is written =, once",
    "===": "equal is written =, once",
    "!==": "unequal is written !=",
    "=!": "unequal is written !=",
    "=>": "at least is written >=",
    "=<": "at most is written <=",
    "&": "conditions are joined by &&, texts by CONCAT(...)",
    "%": "there is no %: write ?x - 2 * FLOOR(?x / 2)",
    "^": "there is no power: multiply",
    ":": "there is no condition ? value : other, write IF(condition, value, other)",
}
GLUED = (
    "FILTER",
    "OPTIONAL",
    "UNION",
    "MINUS",
    "WHERE",
    "BIND",
    "VALUES",
    "EXISTS",
    "LIMIT",
    "ORDER",
    "GRAPH",
)


def operator(query: Query) -> Hint | None:
    """An operator of another language."""
    for offset in (0, -1):
        lexeme = query.get(offset)
        if lexeme.text in {"==", "===", "!==", "=!", "=>", "=<"}:
            return lexeme.start, OPERATORS[lexeme.text]
    if query.inside == "(" and query.here.text == "<>":
        return query.place, "unequal is written !="
    if query.inside == "(" and query.here.text in OPERATORS:
        return query.place, OPERATORS[query.here.text]
    if query.before.upper == "NOT" and query.here.upper not in {"EXISTS", "IN"}:
        return query.before.start, "what is not so is written !(...)"
    name, ended = query.before.upper, query.at == len(query.lexemes)
    if name in FUNCTIONS | {"ASC", "DESC"} and query.here.text != "(" and not ended:
        inner = "DISTINCT ?x" if query.here.upper == "DISTINCT" else "?x"
        return query.place, f"what {name} is of stands in parentheses: {name}({inner})"
    if query.inside == "(" and query.here.upper in FUNCTIONS and query.before.kind in TERMS:
        function = query.here.upper
        return query.place, f"{function} stands before what it is of: {function}({query.before.text}, ...)"
    if (query.inside == "(" and query.here.text == "|") or query.before.text == "|" == query.here.text:
        return query.place, "one of two conditions is written ||"
    return None


def comment(query: Query) -> Hint | None:
    """Comments of other languages."""
    pair = query.here.text + query.get(1).text
    before = query.before.text + query.here.text
    if pair in {"--", "//", "/*"} or (before in {"--", "//", "/*"} and query.adjacent):
        start = query.place if pair in {"--", "//", "/*"} else query.before.start
        return start, "a comment begins with # and ends with its line"
    return None


def name(query: Query) -> Hint | None:
    """A variable whose name has what names cannot have."""
    if query.before.kind == "variable" and query.adjacent:
        if query.here.text == "-" and query.get(1).kind in {"word", "number"}:
            return query.place, "a variable's name has letters, digits and _ only, no -"
        if query.here.kind == "name" and query.here.text.startswith(":"):
            return query.place, "a variable's name has letters, digits and _ only, no :"
    if (
        query.here.kind == "word"
        and query.before.text == "."
        and query.get(-2).kind == "variable"
        and query.adjacent
    ):
        return (
            query.before.start,
            "there are no fields: what a thing has is a triple of its own, ?x :property ?value",
        )
    if query.here.kind == "language" and query.before.kind != "string":
        return query.place, "a variable begins with ? or $"
    if (
        query.here.text == "."
        and query.adjacent
        and query.inside in {"(", ""}
        and query.before.kind == "variable"
    ):
        return (
            query.place,
            "there are no fields: what a thing has is a triple of its own, ?x :property ?value",
        )
    if query.here.text in {"?", "$"}:
        return query.place, f"after {query.here.text} a variable's name must follow at once"
    return None


def glued(query: Query) -> Hint | None:
    """A keyword that nothing parts from what stands before it."""
    if query.before.kind not in {"variable", "word", "name"} or query.here.text not in {"{", "(", "}"}:
        return None
    text = query.before.text
    for keyword in GLUED:
        if text.upper().endswith(keyword) and len(text) > len(keyword) + (query.before.kind == "variable"):
            rest = text[: -len(keyword)]
            return query.before.start + len(rest), f"a space is missing before {keyword}: {rest} {keyword}"
    return None


def prologue(query: Query) -> Hint | None:
    """PREFIX and BASE lines."""
    if query.here.upper in {"PREFIX", "BASE"}:
        return query.place, f"{query.here.upper} lines stand before the query"
    if query.before.upper == "PREFIX" or (query.get(-2).upper == "PREFIX" and query.here.kind != "mark"):
        return (
            query.place,
            "a prefix is declared as PREFIX ex: <https://example.org/>, with a colon and with < >",
        )
    if query.before.upper == "BASE":
        return query.place, "the base is declared as BASE <https://example.org/>, with < >"
    declared = query.get(-3).upper == "PREFIX" or query.get(-2).upper == "BASE"
    if declared and query.here.text in {".", ";", ","}:
        return query.place, f"no {query.here.text} stands after a PREFIX or BASE line"
    return None


def graph(query: Query) -> Hint | None:
    """What FROM and GRAPH name."""
    after = query.before.upper
    if after in {"FROM", "NAMED"} and query.here.kind not in {"iri", "name"}:
        return query.place, (
            "FROM names a graph by its IRI, and is no table: leave it out, the data stand in the "
            "default graph: SELECT * WHERE { ?s ?p ?o }"
        )
    if after in {"GRAPH", "SERVICE"} or (after == "SILENT"):
        return (
            query.place,
            f"{after} names {'an endpoint' if after != 'GRAPH' else 'a graph'} by its IRI, in < >",
        )
    return None


def braces(query: Query) -> Hint | None:
    """A pattern without its braces."""
    after = query.before.upper
    if after in {"WHERE", "OPTIONAL", "MINUS", "UNION", "EXISTS", "CONSTRUCT"} and query.here.text != "{":
        return query.place, f"what follows {after} stands in braces: {after} {{ ?s ?p ?o }}"
    if query.get(-2).upper in {"GRAPH", "SERVICE"} and query.here.text != "{":
        return query.place, f"the pattern of {query.get(-2).upper} stands in braces: {{ ?s ?p ?o }}"
    if query.here.upper == "UNION":
        return query.place, "both sides of UNION stand in braces: { ... } UNION { ... }"
    if query.here.upper in FORMS and query.inside == "{":
        return query.place, "a subquery stands in braces of its own: { SELECT ... WHERE { ... } }"
    if query.here.upper in FORMS and not query.open and query.at:
        return query.place, "a request has one query"
    return None


def modifiers(query: Query) -> Hint | None:
    """GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET: where they stand, and what follows them."""
    here, after = query.here.upper, query.before.upper
    if after in {"ORDER", "GROUP"} and here != "BY":
        return query.place, f"write {after} BY"
    if after in {"ASC", "DESC"} and query.get(-2).kind == "variable":
        return query.before.start, f"write {after}({query.get(-2).text})"
    if query.clause in {"LIMIT", "OFFSET"} and (after in {"LIMIT", "OFFSET"} or query.here.text == ","):
        return query.place, "LIMIT and OFFSET each take a whole number: LIMIT 10 OFFSET 20"
    if here not in MODIFIERS or here == "VALUES":
        return None
    if query.inside == "{":
        return query.place, f"{NAMES.get(here, here)} stands after the }} that closes the pattern"
    if not query.open and not any(lexeme.text == "{" for lexeme in query.lexemes[: query.at]):
        return query.place, f"the pattern in braces is missing before {NAMES.get(here, here)}"
    earlier = [x.upper for x in query.lexemes[: query.at] if MODIFIERS.get(x.upper, -1) >= MODIFIERS[here]]
    if earlier and not query.open:
        other = NAMES.get(earlier[-1], earlier[-1])
        return query.place, f"{NAMES.get(here, here)} stands before {other}"
    return None


def triple(query: Query) -> Hint | None:
    """Triples without a dot between them, or without one of their parts."""
    here, before = query.here, query.before
    if query.inside not in {"{", "["} or before.upper in KEYWORDS - {"A", "TRUE", "FALSE"}:
        return None
    if here.text == "^" and before.kind == "string":
        return query.place, "the type of a literal is written ^^xsd:date"
    if here.kind in {"string", "number"} and query.get(-2).text in {"{", ".", "}"}:
        return query.place, "a property is an IRI or a variable, no text or number"
    if here.text == "." == before.text:
        return query.place, "one dot is enough"
    starts = here.kind in TERMS - {"language"} or here.text in {"[", "("}
    ends = before.kind in TERMS or before.text in {"]", ")"} or before.upper in {"TRUE", "FALSE"}
    if starts and ends:
        return end(before), "a dot is missing here, between two triples (or ; before another property)"
    if here.text in {".", ";", "}", ","} and (ends or before.upper == "A" or before.text == ","):
        return query.place, "a triple has a subject, a property and a value: a part is missing before this"
    if here.kind in {"string", "number"}:
        return query.place, "a property is an IRI or a variable, no text or number"
    return None


def brackets(query: Query) -> Hint | None:
    """Brackets that are not closed, or closed twice."""
    ended = query.at == len(query.lexemes)
    if query.here.text in CLOSERS and query.here.kind == "mark":
        opener = CLOSERS[query.here.text]
        if all(query.lexemes[index].text != opener for index in query.open):
            return query.place, f"nothing is open that this {query.here.text} could close"
        if query.inside != opener:
            line = query.line(query.open[-1])
            return (
                query.place,
                f"the {query.inside} of line {line} is not closed before this {query.here.text}",
            )
    within, upper = query.inside, query.here.upper
    if (within == "{" and upper == "WHERE") or (within == "(" and query.here.text == "{"):
        line = query.line(query.open[-1])
        return query.place, f"the {within} of line {line} is not closed before this {query.here.text}"
    if query.open and (ended or (query.inside == "(" and query.here.upper in KEYWORDS)):
        start = query.lexemes[query.open[-1]]
        return start.start, f"the {start.text} that stands here is never closed"
    return None


def rest(query: Query) -> Hint | None:
    """What stands behind the end, and beginnings without an end."""
    if query.at == 0:
        return query.place, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, or with PREFIX lines"
    words = [lexeme.upper for lexeme in query.lexemes[: query.at]]
    if "CONSTRUCT" in words and words[words.index("CONSTRUCT") + 1 :][:1] == ["WHERE"] and query.here.upper:
        return query.place, "CONSTRUCT WHERE takes triples only: write CONSTRUCT { ... } WHERE { ... }"
    if query.here.text == ";" and not query.open:
        return query.place, "a query does not end with ;"
    if query.before.upper == "DESCRIBE":
        return query.place, "DESCRIBE needs an IRI in < >, a variable of a pattern, or *"
    if query.at == len(query.lexemes) and not any(lexeme.text == "{" for lexeme in query.lexemes):
        return query.place, "the pattern in braces is missing: WHERE { ?s ?p ?o }"
    if (
        not query.open
        and query.here.kind in TERMS
        and not any(x.text == "{" for x in query.lexemes[: query.at])
    ):
        return query.place, "the pattern stands in braces: WHERE { ?s ?p ?o }"
    if not query.open and query.before.text == "}":
        return query.place, f"{query.here.text[:40]!r} stands behind the end of the query"
    return None


RULES: tuple[Rule, ...] = (
    operator, comment, name, glued, prologue, graph, braces, modifiers, *expressions.RULES, brackets, triple,
    rest,
)  # fmt: skip
