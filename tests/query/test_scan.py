"""The scan before evaluation: forms, SERVICE in every disguise, nesting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from mappe_servizi.query.errors import BadQueryError
from mappe_servizi.query.scan import MAX_DEPTH, MAX_SERVICES, allowed, scan

pytestmark = pytest.mark.adversary

EVIL = "http://127.0.0.1:9999/"


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("# SELECT\nASK {}", "ASK"),
        ("PREFIX select: <http://e/> construct where { ?s select:ask ?o }", "CONSTRUCT"),
        ("BASE <http://e/DESCRIBE> DESCRIBE <x>", "DESCRIBE"),
        ("DELETE WHERE { ?s ?p ?o }", "UPDATE"),
        ("WITH <http://e/> INSERT {} WHERE {}", "UPDATE"),
        ("load <http://e/>", "UPDATE"),
        ("", "UNKNOWN"),
    ],
)
def test_form(query: str, form: str) -> None:
    assert scan(query).form == form


CALLS = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { service<%s>{ ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICE # <http://e/>\n <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICE#'\n<%s> { ?s ?p ?o } #'\n }",
    'SELECT * { ?s ?p """a"b""c\\""" SERVICE <%s> { ?s ?p ?o } }',
    "SELECT * { ?s ?p 'it\\'s' SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1e5SERVICE <%s> { ?s ?p ?o } }",
    'SELECT * { ?s ?p "x"@en SERVICE <%s> { ?s ?p ?o } }',
    "PREFIX e: <http://e/> SELECT * { ?s e:a\\#b ?o SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SeRvIcE <%s> { ?s ?p ?o } } } }",
    "PREFIX : <%s> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <%s> SELECT * { SERVICE SILENT:x { ?s ?p ?o } }",
    "SELECT * { BIND(<%s> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "BASE <%s> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { ?s ?p '\\u0027 SERVICE <%s> { ?s ?p ?o } #' }",
]


BEFORE = {
    "a number": "?s ?p 1e5",
    "a decimal": "?s ?p 1.5",
    "a truth": "?s ?p true",
    "a dot": "?s ?p true.",
    "a language": "?s ?p 'a'@en ",
    "a long language": "?s ?p 'a'@en-GRAPH ",
    "a text": "?s ?p 'a'",
    "a type": "?s ?p 'a'^^e:GRAPH ",
    "a comparison": "?s ?p ?o FILTER(?o<2)",
    "a product": "?s ?p ?o FILTER(2>1&&?o<2)",
    "a bracket": "VALUES ?a { 1 }",
    "another graph": "GRAPH ?g { }",
    "a variable": "?s ?p ?GRAPH ",
}
AFTER = {
    "a name": "SERVICE:x{ ?a ?b ?c }",
    "a prefix": "SERVICEe:x { ?a ?b ?c }",
    "a prefix of its own": "SERVICEservice:x { ?a ?b ?c }",
    "a middle dot": "SERVICE:x\u00b7{ ?a ?b ?c }",
    "an accent": "SERVICE:x\u0301{ ?a ?b ?c }",
    "a comment": "SERVICE#>\n:x{ ?a ?b ?c }",
    "a comment after the name": "SERVICE:x#>\n{ ?a ?b ?c }",
}
CALLS += [
    f"PREFIX : <%s> PREFIX e: <%s> PREFIX service: <%s> SELECT * {{ {before}{after} }}"
    for before in BEFORE.values()
    for after in AFTER.values()
]


@pytest.mark.parametrize("query", CALLS)
def test_service_is_found_and_not_allowed(query: str) -> None:
    found = scan(query.replace("%s", EVIL))
    assert found.services
    assert not all(allowed(target, ("https://ok.example/",)) for target in found.services)
    assert found.volatile


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p ?o }",
        "SELECT $SERVICE { $SERVICE ?p ?o }",
        "PREFIX service: <http://e/> SELECT * { ?s service:SERVICE service:x }",
        'SELECT * { ?s ?p "SERVICE <http://e/> {}" }',
        "SELECT * { ?s ?p '''\nSERVICE <http://e/> {}\n''' }",
        "SELECT * { ?s ?p <http://e/SERVICE> } # SERVICE <http://e/> {}",
        "PREFIX e: <http://e/> SELECT * { ?s e:service ?o }",
        "PREFIX myservice: <http://e/> SELECT * { GRAPH myservice:catalogue { ?s ?p ?o } }",
        "PREFIX service: <http://e/> SELECT * { ?a ?b 1 . GRAPH service:catalogue { ?s ?p ?o } }",
        "PREFIX service: <http://e/> SELECT * { ?a ?b service:x GRAPH service:catalogue{ ?s ?p ?o } }",
        "PREFIX service: <http://e/> SELECT * { ?a ?b [] . graph # a comment\n service:x { ?s ?p ?o } }",
        "PREFIX service: <http://e/> SELECT * FROM service:a FROM NAMED service:b { ?s ?p ?o }",
        "PREFIX service: <http://e/> DESCRIBE service:x { service:x ?p ?o }",
        "PREFIX service: <http://e/> CONSTRUCT { ?s a service:Thing } WHERE { ?s service:p ?o }",
        'SELECT * { ?s ?p "a"@service }',
        'SELECT * { ?s ?p "a"@en-service . ?o ?q "b" @service }',
        'SELECT * { ?s ?p """a"""@service FILTER(?s = "b"@SERVICE) }',
        "SELECT * { ?s ?p <http://e/service#part> }",
        "SELECT * { ?s ?p <http://e/a(1)/b#service> }",
    ],
)
def test_what_is_no_service(query: str) -> None:
    assert scan(query).services == ()
    Store().query(query)  # all of them are SPARQL


def test_allow_list() -> None:
    query = "SELECT * { SERVICE <https://ok.example/sparql> { ?s ?p ?o } }"
    assert scan(query).services == ("https://ok.example/sparql",)
    assert allowed("https://ok.example/sparql", ("https://ok.example/sparql",))
    for target in ("", "https://ok.example.evil/", "https://ok.example@evil/", "http://ok.example/sparql"):
        assert not allowed(target, ("https://ok.example/", "https://ok.example"))


def test_targets_are_told_apart_up_to_a_number() -> None:
    def query(number: int) -> str:
        return "ASK {" + "".join(f"SERVICE <http://e/{i}> {{}}" for i in range(number)) + "}"

    assert len(scan(query(MAX_SERVICES)).services) == MAX_SERVICES
    assert "" in scan(query(MAX_SERVICES + 1)).services


def test_userinfo_is_no_plain_target() -> None:
    assert scan("ASK { SERVICE <https://ok.example/@evil> {} }").services == ("",)


@pytest.mark.parametrize("bracket", ["{", "(", "["])
def test_nesting(bracket: str) -> None:
    with pytest.raises(BadQueryError, match=str(MAX_DEPTH)):
        scan("SELECT * " + bracket * (MAX_DEPTH + 1))
    assert scan("ASK " + "{" * MAX_DEPTH).form == "ASK"
    assert scan(f"ASK {{ ?s ?p '{bracket * 1000}' }}").form == "ASK"


def test_volatile_and_dataset() -> None:
    assert scan("SELECT (RAND() AS ?r) {}").volatile
    assert scan("SELECT (now() AS ?r) {}").volatile
    assert not scan("SELECT ?now { ?s ?now 'RAND()' }").volatile
    assert scan("SELECT * FROM <http://g> {}").dataset
    assert not scan("SELECT ?from { ?from ?p <http://FROM> }").dataset


@given(st.text(max_size=300))
def test_any_text_is_scanned(text: str) -> None:
    scan(text)


GLUE = ["", "", " ", "\n", "#\n", "#>\n", "#'\n", ".", ";", "\u00b7", "true", "1"]
TARGETS = [
    ":x",
    ":",
    "e:x",
    ":x.y",
    ":x\u0301",
    "e:%41",
    ":a\\~",
    "service:x",
    "<http://127.0.0.1:9/>",
    "?o",
    "?s",
]
BODIES = ["{}", "{?a ?b ?c}", "{}#'", "{}FILTER(2>1)", "{}BIND('>' AS ?z)"]
GLUED = st.tuples(
    st.sampled_from(["", *BEFORE.values()]),
    st.sampled_from(GLUE),
    st.sampled_from(["SERVICE", "service", "SeRvIcE"]),
    st.sampled_from(GLUE),
    st.sampled_from(TARGETS),
    st.sampled_from(GLUE),
    st.sampled_from(BODIES),
).map("".join)


@given(GLUED)
def test_no_glue_hides_a_service_from_the_scan(text: str) -> None:
    """Whatever an engine without a lexer makes of words without spaces between them."""
    prefixes = "".join(f"PREFIX {name}: <http://127.0.0.1:9/> " for name in ("", "e", "service"))
    store = Store()
    store.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal(True)))
    query = f"{prefixes} SELECT * {{ {text} }}"
    try:
        list(store.query(query))  # type: ignore[arg-type]
    except (OSError, RuntimeError):  # a port that it does not call, a variable without a value
        assert scan(query).services
    except (SyntaxError, ValueError):
        pass


@given(st.text(alphabet="\"'\\\n#<>{} SERVIC:u0153?@.e1", max_size=40))
def test_no_text_hides_a_service_from_the_scan(prefix: str) -> None:
    """Where the engine tries to call a service (of a port that it refuses to call), the scan knew."""
    query = f"SELECT * {{ {prefix} SERVICE <http://127.0.0.1:9/> {{ ?s ?p ?o }} }}"
    try:
        list(Store().query(query))  # type: ignore[arg-type]
    except OSError:
        assert scan(query).services
    except (SyntaxError, ValueError):
        pass
