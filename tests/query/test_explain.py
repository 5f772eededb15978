"""A refused query is explained: where the mistake is, and what is meant."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from growth import assert_in_proportion
from helpers import mappe
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.program import PREFIXES
from mappe_servizi.query.evaluate import Evaluator, RefusedError
from mappe_servizi.query.explain import explain
from mappe_servizi.query.lexer import lexemes
from mappe_servizi.query.mistakes.meaning import TABLES
from mappe_servizi.rdf.namespaces import prefixes
from served import write_release

BASE = "https://w3id.org/mappe-servizi/"
EVALUATOR = Evaluator(Store(), BASE, prefixes(BASE), None)
XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "

MISTAKES = [  # a query with ‸ before the place, and what the sentence must say
    ("SELECT * { ?s ‸foaf:name ?o }", "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"),
    ("SELECT * { ?s ‸mds:inArea ?o }", f"PREFIX mds: <{BASE}onto/MDS/>"),
    ("SELECT * { ?s a ‸cpsv:PublicService }", "PREFIX cpsv: <http://purl.org/vocab/cpsv#>"),
    ('SELECT * { ?s ?p "2020"^^‸xsd:gYear }', "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"),
    ("SELECT * { ?s ‸pippo:name ?o }", "the prefix pippo: is not declared"),
    ("PREFIX Rdfs: <http://x/> SELECT * { ?s ‸rdfs:label ?o }", "Rdfs: is, and capitals matter"),
    ("‸SELCT * { ?s ?p ?o }", "is SELECT meant"),
    ("SELECT * ‸WEHRE { ?s ?p ?o }", "is WHERE meant"),
    ("SELECT * { ?s ?p ?o } ‸LIMTI 3", "is LIMIT meant"),
    ("SELECT * { ?s ?p ?o ‸OPTINAL { ?s ?a ?b } }", "is OPTIONAL meant"),
    ("SELECT * { ?s ?p ?o‸ ?a ?b ?c }", "a dot is missing"),
    ("SELECT * { ?s a <http://x/a>‸ ?s ?p 'x'@it }", "a dot is missing"),
    ("SELECT * { ?s ?p ?o FILTER(?o ‸== 3) }", "written =, once"),
    ("SELECT * { ?s ?p ?o FILTER(?o ‸<> 3) }", "!="),
    ("SELECT * { ?s ?p ?o FILTER(?o ‸=< 3) }", "<="),
    ("SELECT * { ?s ?p ?o FILTER(?o ‸=> 3) }", ">="),
    ("SELECT * FROM ‸services { ?s ?p ?o }", "FROM names a graph by its IRI"),
    ("‸SELECT name FROM services WHERE town = 'Cremona'", "SQL"),
    ("SELECT * { ?s ?p ?o FILTER(?a ‸and ?b) }", "&&"),
    ("SELECT * { ?s ?p ?o FILTER(?a ‸or ?b) }", "||"),
    ("SELECT * { ?s ?p ?o FILTER(?a ‸& ?b) }", "&&"),
    ("SELECT * { ?s ?p ?o FILTER(‸not ?b) }", "!("),
    ("SELECT * ‸{ ?s ?p ?o ", "never closed"),
    ("SELECT * { ?s ?p ?o FILTER(?o > 3 ‸}", "( of line 1 is not closed"),
    ("SELECT * { ?s ?p ?o FILTER(?o > 3)‸) }", "nothing is open"),
    ("SELECT * { ?s ?p ?o } ‸}", "nothing is open"),
    ("SELECT * { ?s ?p ‸'abc }", "no closing '"),
    ('SELECT * { ?s ?p ‸"""abc }', 'no closing "'),
    ("SELECT * { ?s ?p 'l‸'asilo' }", "inside a text"),
    ("SELECT ?s WHERE { ?s ‸<http://a ?o }", "no closing >"),
    ("SELECT ?s WHERE { ?s ‸<http://a b> ?o }", "space"),
    ("SELECT ?s WHERE { ?s ‸http://a/b ?o }", "in < >"),
    ("SELECT ?s WHERE ‸?s ?p ?o", "braces"),
    ("SELECT ?s { ?s ?p ?o } LIMIT 3 ‸ORDER BY ?s", "ORDER BY stands before LIMIT"),
    ("SELECT ?s { ?s ?p ?o } ORDER BY ?s ‸GROUP BY ?s", "GROUP BY stands before ORDER BY"),
    ("SELECT ?s { ?s ?p ?o ‸LIMIT 3 }", "after the }"),
    ("SELECT ?s { ?s ?p ?o } ORDER ‸?s", "ORDER BY"),
    ("SELECT ?s { ?s ?p ?o } ORDER BY ?s ‸DESC", "DESC(?s)"),
    ("SELECT ?s { ?s ?p ?o } LIMIT 10‸, 20", "OFFSET"),
    ("SELECT ‸?s (COUNT(?o) AS ?n) { ?s ?p ?o }", "GROUP BY ?s"),
    ("SELECT ?s ‸?p (MAX(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s", "add ?p to GROUP BY"),
    ("SELECT ‸count(*) { ?s ?p ?o }", "(COUNT(?x) AS ?n)"),
    ("SELECT ?s ‸SUM(?o) AS ?n { ?s ?p ?o } GROUP BY ?s", "(SUM(?x) AS ?n)"),
    ("SELECT (COUNT(*)‸) { ?s ?p ?o }", "AS ?name"),
    ("SELECT ?s ‸AS ?n { ?s ?p ?o }", "in parentheses"),
    ("SELECT ?s‸, ?o WHERE { ?s ?p ?o }", "no commas"),
    ("SELECT ?s { ?s ?p ?o BIND(?x = 3‸) }", "BIND(?a + 1 AS ?b)"),
    ("SELECT ?s { ?s ?p ?o BIND(1 AS ‸?o) }", "has a value here already"),
    ("SELECT ?s { ?s ?p ‸“asilo” }", "typographic quote"),
    ("SELECT ?s { ?s ?p ?o FILTER‸（?o > 3) }", "full-width"),
    ("SELECT ?s {‸\u00a0?s ?p ?o }", "space of another kind"),
    ("SELECT ?s { ?s ?p ?o‸FILTER(?o > 3) }", "?o FILTER"),
    ("SELECT ?s { ?s ?p ?o FILTER(?o ‸LIKE '%nido%') }", "CONTAINS"),
    ("SELECT ?s { ?s ?p ?o FILTER(?o ‸IS NULL) }", "BOUND"),
    ("SELECT ?s { ?s ?p ?o }‸;", "does not end with ;"),
    ('‸{"query": "SELECT * { ?s ?p ?o }"}', "JSON"),
    ("SELECT‸%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D", "percent-encoded"),
    ("SELECT * { ?s ?p ?o FILTER(?o ‸&gt; 3) }", "escaped for HTML"),
    ("‸query=SELECT * { ?s ?p ?o }", "form"),
    ("PREFIX a: ‸http://x/ SELECT ?s { ?s ?p ?o }", "in < >"),
    ("PREFIX ‸a <http://x/> SELECT ?s { ?s ?p ?o }", "with a colon"),
    ("PREFIX a: <http://x/> ‸. SELECT ?s { ?s ?p ?o }", "no . stands"),
    ("‸@prefix a: <http://x/> . SELECT ?s { ?s ?p ?o }", "Turtle"),
    ('ASK { FILTER(‸LENGTH("x") > 2) }', "STRLEN"),
    ('ASK { FILTER(‸CONTAIN("x", "y")) }', "is CONTAINS meant"),
    ('ASK { FILTER(‸<http://x/strlen>("x") > 2) }', "STRLEN(...)"),
    (XSD + 'ASK { FILTER(‸xsd:decimale("2") > 2) }', "xsd:decimal is one"),
    (XSD + 'ASK { FILTER(‸xsd:integer("2", "3") > 2) }', "one argument"),
    (f"PREFIX mds: <{BASE}onto/MDS/> ASK {{ FILTER(‸mds:match(?x, 'a')) }}", "mds:matches"),
    ("SELECT ?s { ?s ?p ?o FILTER ‸?o > 3 }", "FILTER (...)"),
    ("SELECT ?s { ?s ?p ?o FILTER(‸COUNT(?o) > 3) }", "HAVING(COUNT(...) > 1)"),
    ("SELECT ?s { OPTIONAL ‸?s ?p ?o }", "OPTIONAL {"),
    ("SELECT ‸{ ?s ?p ?o }", "columns are missing"),
    ("SELECT ‸nome WHERE { ?s ?p ?o }", "?nome"),
    ("SELECT ?service‸-name { ?s ?p ?o }", "no -"),
    ("SELECT ?s { ?s ?p ?o } ‸// all", "comment begins with #"),
    ("SELECT ?s { ?s ?p ‸}", "a part is missing"),
    ("SELECT ?s { ?s ?p ?o } LIMIT ‸ten", "whole number"),
    ("SELECT ?s { ?s ?p ?o FILTER(REGEX(?o ‸'x')) }", "a comma is missing"),
    ("SELECT ?s { ?s ?p ?o FILTER(?o ‸contains 'a') }", "CONTAINS(?o, ...)"),
    ("SELECT ?s { ?s ?p ?o } ORDER BY DESC ‸?s", "DESC(?x)"),
    ("SELECT (COUNT ‸DISTINCT(?s) AS ?n) { ?s ?p ?o }", "COUNT(DISTINCT ?x)"),
    ("SELECT ‸?s { ?s ?p ?o } HAVING (COUNT(?o) > 1)", "GROUP BY ?s"),
    ("SELECT (COUNT(?s) AS ?n ‸{ ?s ?p ?o }", "not closed before this {"),
    ("CONSTRUCT { ?s ?p ?o ‸WHERE { ?s ?p ?o }", "not closed before this WHERE"),
    ("CONSTRUCT WHERE { ?s ?p ?o ‸FILTER(?o > 3) }", "takes triples only"),
    ("DESCRIBE ‸asili-nido", "in < >"),
    ("SELECT ?x‸.name { ?x ?p ?o }", "there are no fields"),
    ("SELECT ?s { ?x ‸:= STR(?o) }", "BIND(expression AS ?x)"),
    ("SELECT * { { _:a ?p ?o } OPTIONAL { ‸_:a ?q ?r } }", "another pattern"),
    ("‸WHERE { ?s ?p ?o }", "begins with SELECT"),
    ("‸", "empty"),
]  # fmt: skip
RIGHT = (
    "SELECT * { ?s ?p ?o FILTER(?o=<http://a>) } LIMIT 1",
    "SELECT * { ?a ?b ?c FILTER(?a<?b && ?c>3) }",
    "PREFIX a:<http://a/> SELECT*{?s a:b.c/a:d* 'it''s'@it-IT;a:e-f 1.5e3.}",
    "SELECT (COUNT(*)AS?n){?s?p?o}GROUP BY?s HAVING(COUNT(*)>1)ORDER BY DESC(?n)LIMIT 1",
)


@pytest.mark.parametrize(("marked", "said"), MISTAKES, ids=[marked[:60] for marked, _ in MISTAKES])
def test_a_mistake_is_found_and_explained(marked: str, said: str) -> None:
    query = marked.replace("‸", "")
    with pytest.raises(RefusedError) as caught:
        EVALUATOR.query(query)
    more = caught.value.more
    assert said in str(more["hint"]), more
    if "‸" in marked:
        assert more["column"] == marked.index("‸") + 1, more
        assert more["line"] == 1


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_left_alone(text: str) -> None:
    spaced = text.replace("'it''s'", '"it\'s"').replace("?s?p?o", "?s ?p ?o")
    EVALUATOR.query(spaced)


def test_line_column_and_excerpt() -> None:
    text = "# Città\nSELECT *\n{\n\t?città ?p 'èé' .\r\n\t?x foaf:name ?y\n}"
    with pytest.raises(RefusedError) as caught:
        EVALUATOR.query(text)
    more = caught.value.more
    assert (more["line"], more["column"]) == (5, 5)
    assert more["excerpt"] == "\t?x foaf:name ?y\n\t   ^"
    long = "SELECT * { " + "?s ?p ?o . " * 100 + "?s ex:p ?o }"
    with pytest.raises(RefusedError) as caught:
        EVALUATOR.query(long)
    line, caret = str(caught.value.more["excerpt"]).split("\n")
    assert len(line) < 110
    assert line[len(caret) - 1 :].startswith("ex:p")


PIECES = """SELECT * ?s ?p { } ( ) . ; , a ex:a <http://a <b> 'x' ' " FILTER COUNT AS LIMIT BY ORDER GROUP 1
@it ^^ PREFIX %20 “ é =< [ ] BIND
VALUES _:b \\u0061 # FROM HAVING LIKE UNION""".split()  # noqa: SIM905


@given(st.lists(st.sampled_from([*PIECES, "\n", "\u00a0", '"""']), max_size=25).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_every_refusal_has_a_place_in_its_text(text: str) -> None:
    refused: list[RefusedError] = []
    try:
        EVALUATOR.query(text)
    except RefusedError as error:
        refused.append(error)
    for error in refused:
        lines, more = text.split("\n"), error.more
        line, column = int(str(more["line"])), int(str(more["column"]))
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
        assert more["hint"]


@given(st.text(max_size=60) | st.text("?sa:<>'\"{}()#\\. \n@-_^|&=;,[]1é", max_size=60))
def test_lexemes_are_the_text_without_space_and_comments(text: str) -> None:
    found = lexemes(text)
    assert all(text.startswith(lexeme.text, lexeme.start) for lexeme in found)
    ends = [lexeme.start + len(lexeme.text) for lexeme in found]
    assert ends == sorted(ends)


UNITS = (
    "a.", "x:y ", "'a\\'a\\'", "<a", "<http://a", "?a ?b ?c . ", "abcd ", "{} ", "a:b:c", "' ", "&lt;",
    "SELECT ", "(?a AS ?b) ", "SELECT a FROM b ", "FILTER(COUNT(?x)) ", "@a-", "_:a ", "\\u0061", '"""',
    "=<a", "BIND(1 AS ?x) ",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("reason", ["expected [_]", "expected one of The SELECT contains a variable, [_]"])
def test_explaining_costs_no_more_than_the_text(unit: str, reason: str) -> None:
    def explained(size: int) -> object:
        return explain("ASK { " + unit * (size // len(unit)), f"error at 1:9: {reason}", {})

    assert_in_proportion(explained, 12 << 10)


def test_the_command_shows_a_caret(tmp_path: Path) -> None:
    write_release(tmp_path / "current", b"<http://e/s> <http://e/p> <http://e/o> .\n")
    file = tmp_path / "query.rq"
    file.write_bytes("\ufeffSELECT *\nWHERE { ?s dcat:theme ?o }".encode())
    done = mappe("query", file, "--release", tmp_path / "current")
    assert done.returncode != 0
    assert "PREFIX dcat: <http://www.w3.org/ns/dcat#>" in done.stderr
    assert done.stderr.endswith("WHERE { ?s dcat:theme ?o }\n           ^\n")
    file.write_text(f"PREFIX mds: <{BASE}onto/MDS/> SELECT ?s ?r {{ ?s ?p ?o FILTER(mds:matches(?s, 'x')) }}")
    assert mappe("query", file, "--release", tmp_path / "current", "--format", "csv").stdout == "s,r\n"
    file.write_text("SELECT * { ?z ?b ?a }")
    columns = mappe("query", file, "--release", tmp_path / "current", "--format", "csv").stdout
    assert columns.splitlines() == ["z,b,a", "http://e/s,http://e/p,http://e/o"]


def test_a_prefix_has_one_home() -> None:
    known = prefixes()
    assert not any(row.prefix in known for row in read_rows(PREFIXES, TABLES / PREFIXES.file))
