"""The scan before evaluation: forms, SERVICE in every disguise, nesting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from mappe_servizi.query.errors import BadQueryError
from mappe_servizi.query.scan import MAX_DEPTH, allowed, scan

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


@pytest.mark.parametrize("query", CALLS)
def test_service_is_found_and_not_allowed(query: str) -> None:
    found = scan(query % EVIL)
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
