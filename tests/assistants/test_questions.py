"""Questions with known answers, put as an assistant would: the answers, and the lines that say so."""

import json
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from asking import Assistant
from rdf import BASE
from served import Served, serve, write_release

DATA = f"{BASE}data/"
PREFIXES = (
    f"PREFIX mds: <{BASE}onto/MDS/> PREFIX l0: <https://w3id.org/italia/onto/l0/> "
    "PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>"
)
TEXT = Path(__file__).with_name("questions.toml").read_text(encoding="utf-8")
QUESTIONS = tomllib.loads(TEXT.replace("BASE/", BASE).replace("PREFIXES", PREFIXES))["question"]


def rows_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return next(answer[name] for name in ("rows", "hits", "questions") if name in answer)


def test_there_are_thirty_questions() -> None:
    assert len(QUESTIONS) >= 30


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["asked"] for question in QUESTIONS])
def test_a_question_has_its_answer(assistant: Assistant, question: dict[str, Any]) -> None:
    limit = {"limit": 200} if question["tool"] == "ask_question" else {}
    answer = assistant.answer(question["tool"], **question["arguments"], **limit)
    found = rows_of(answer)
    assert [row for row in found if question["expected"].items() <= row.items()], found[:3]
    sources = answer.get("sources", [])
    assert question.get("line") in {None, *(source["sourceLine"] for source in sources)}
    for source in sources:
        assert source["thing"] in json.dumps(found), "a source is of what the answer names"


def test_a_description_has_statements_names_and_what_leads_to_it(assistant: Assistant, site: Served) -> None:
    nido = f"{DATA}public-service/c_d150/asili-nido"
    told = assistant.answer("describe", iri=nido)
    assert told["properties"]["l0:name"] == ["Asili nido"]
    lancetti = {"iri": f"{DATA}place/c_d150/nido-lancetti", "name": "Nido Lancetti"}
    assert lancetti in told["properties"]["mds:hasPlace"]
    assert {
        "from": f"{DATA}municipality/c_d150",
        "name": "Comune di Cremona",
        "by": "mds:providesService",
    } in told["pointedAtBy"]
    assert [source["sourceLine"] for source in told["sources"]] == [31]
    assert told["page"] == f"{site.url}/page/public-service/c_d150/asili-nido"


@pytest.mark.parametrize("iri", [f"{BASE}onto/MDS/hasUserSegment", f"{DATA}dataset/all"])
def test_terms_and_data_sets_are_described_too(assistant: Assistant, iri: str) -> None:
    assert assistant.answer("describe", iri=iri)["properties"]


def test_pages_continue(assistant: Assistant) -> None:
    first = assistant.answer("figures", municipality="c_d150", limit=50)
    second = assistant.answer("figures", municipality="c_d150", limit=50, page=2)
    assert first["pages"] > 2
    assert len(first["rows"]) == len(second["rows"]) == 50
    assert not [row for row in first["rows"] if row in second["rows"]]


def test_a_client_of_the_older_protocol_gets_the_same(assistant: Assistant, site: Served) -> None:
    older = Assistant(f"{site.url}/mcp", mode="legacy")
    arguments = {"service": "asili-nido", "indicator": "bambini iscritti"}
    assert older.answer("figures", **arguments) == assistant.answer("figures", **arguments)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sparql", {"query": "SELECT * { ?s l0:name ?o } LIMIT 3"}, "the prefix l0: is not declared"),
    ("sparql", {"query": "SELECT * { ?s ?p ?o }"}, "more than 512 KiB"),
    ("sparql", {"query": "DESCRIBE <http://e.org/>"}, "write it as SELECT"),
    ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "SERVICE"),
    ("sparql", {"query": "INSERT DATA { <http://e.org/> a <http://e.org/> }"}, "change by releases only"),
    ("sparql", {"query": ""}, "query: "),
    ("figures", {}, "name a service, an indicator or a municipality"),
    ("figures", {"service": "asili-nido", "from_year": 2020, "to_year": 2018}, "from_year is after to_year"),
    ("figures", {"indicator": "utenti"}, "more than 50 indicators match"),
    ("figures", {"service": "asili-nido", "measure": "sum"}, "group by unit"),
    ("figures", {"service": "asili-nido", "page": 900}, "there is no page 900"),
    ("figures", {"service": "x", "limit": 10**9, "colour": "red"}, "colour: "),
    ("ask_question", {"name": "no-such"}, "list_questions"),
    ("ask_question", {"name": "services", "parameters": {"colour": "red"}}, "no parameter colour; it has: "),
    ("ask_question", {"name": "services", "parameters": {"number": "one"}}, "must be of type integer"),
    ("describe", {"iri": "asili nido"}, "no absolute IRI"),
    ("describe", {"iri": "http://e.org/nothing"}, "nothing is said of"),
    ("no_such_tool", {}, "there are search, describe"),
]


@pytest.mark.parametrize(("tool", "arguments", "said"), WRONG)
def test_what_is_wrong_is_said(assistant: Assistant, tool: str, arguments: dict[str, Any], said: str) -> None:
    assert said in assistant.refusal(tool, **arguments)


def test_all_that_is_wrong_is_said_at_once(assistant: Assistant) -> None:
    told = assistant.refusal("figures", limit=0, colour="red", to_year="then")
    assert all(f"{name}: " in told for name in ("limit", "colour", "to_year"))


def test_figures_are_those_of_the_interface(assistant: Assistant, site: Served) -> None:
    """By the same code, with the same care for what may not be added up."""
    asked = {"table": "users", "by": ["area"], "measure": "sum"}
    refused = httpx.get(f"{site.url}/api/figures?table=users&by=area&measure=sum").json()
    assert refused["detail"] in assistant.refusal("figures", **asked)
    asked = {"service": "anziani", "table": "users", "by": ["label", "unit"], "measure": "change"}
    expected = httpx.get(
        f"{site.url}/api/figures?service=anziani&table=users&by=label,unit&measure=change&limit=100"
    ).json()
    found = assistant.answer("figures", **asked)
    assert found["total"] == expected["total"] > 5
    assert [row["change"] for row in found["rows"] if "change" in row] == [
        row["change"] for row in expected["rows"] if row["change"] is not None
    ]


def test_without_columns_figures_say_what_is_missing(tmp_path: Path) -> None:
    write_release(tmp_path / "current", b"")
    with serve("--release", tmp_path / "current") as lacking:
        said = Assistant(f"{lacking.url}/mcp").refusal("figures", service="asili-nido")
    assert "tables/figures.parquet" in said
