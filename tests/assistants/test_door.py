"""The door itself: what comes in by HTTP and by stdio, and what a stranger may try."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mcp import StdioServerParameters

from asking import Assistant
from mappe_servizi.rehearsal.entrance import free_port
from mappe_servizi.releases import Release
from rdf import BASE
from served import Served, serve

HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
NAMES = ["search", "describe", "list_questions", "ask_question", "figures", "sparql"]


def post(client: httpx.Client, message: Any, **headers: str) -> httpx.Response:
    content = message if isinstance(message, bytes) else json.dumps(message).encode()
    return client.post("/mcp", content=content, headers=HEADERS | headers)


def calling(tool: str, **arguments: Any) -> dict[str, Any]:
    return {**LISTING, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


@pytest.fixture(scope="module")
def client(site: Served) -> Iterator[httpx.Client]:
    with site.client() as client:
        yield client


def test_a_message_is_answered_in_json_without_a_session(client: httpx.Client) -> None:
    answer = post(client, LISTING)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "mcp-session-id" not in answer.headers
    tools = answer.json()["result"]["tools"]
    assert [tool["name"] for tool in tools] == NAMES
    for tool in tools:
        assert tool["annotations"]["readOnlyHint"] is True
        assert tool["inputSchema"]["additionalProperties"] is False
        assert all(taken["description"] for taken in tool["inputSchema"]["properties"].values())


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/mcp", headers={"accept": "application/json, text/event-stream"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    assert answer.json()["type"] == "/problems#method-not-allowed"


def test_browsers_programs_may_ask(client: httpx.Client) -> None:
    origin = {"origin": "https://assistant.example"}
    asked = origin | {"access-control-request-headers": "mcp-protocol-version, content-type"}
    answer = client.options("/mcp", headers=asked)
    assert answer.headers["allow"] == "POST, OPTIONS"
    assert "MCP-Protocol-Version" in answer.headers["access-control-allow-headers"]
    assert post(client, LISTING, **origin).headers["access-control-allow-origin"] == "*"


def test_another_slash_leads_here_and_never_by_the_field_host(client: httpx.Client) -> None:
    answer = client.post("/mcp/", json=LISTING, headers=HEADERS | {"host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (308, "/mcp")


DEEP = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001
NO_MESSAGES = [
    b"", b"{", b"\xff\xfe", b"null", b"[]", b"[" * 100_000, b"9" * 100_000, DEEP,
    json.dumps([LISTING] * 50).encode(), json.dumps({**LISTING, "jsonrpc": "1.0"}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("content", NO_MESSAGES)
@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28", "1999-01-01", "x" * 5_000])
def test_what_is_no_message_is_refused(client: httpx.Client, content: bytes, version: str) -> None:
    answer = post(client, content, **{"mcp-protocol-version": version})
    assert answer.status_code == 400
    assert post(client, LISTING).status_code == 200


@pytest.mark.parametrize("method", ["initialise", "resources/list", "prompts/get", "sampling/create", ""])
def test_what_is_not_offered_is_an_error_of_the_protocol(client: httpx.Client, method: str) -> None:
    answer = post(client, {**LISTING, "method": method})
    assert "error" in answer.json()


@pytest.mark.parametrize("type_", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_of_another_site_is_no_message(client: httpx.Client, type_: str) -> None:
    assert post(client, LISTING, **{"content-type": type_}).status_code == 400


def test_a_message_is_no_larger_than_a_query_may_be(site: Served, client: httpx.Client) -> None:
    answer = post(client, calling("search", words="x" * (1 << 20)))
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems#content-too-large"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("figures", {"service": 'x" } . ?figure ?p ?o . { FILTER("" = "'}),
        ("figures", {"service": "http://e.org/> ?p ?o }"}),
        ("figures", {"municipality": "c_d150", "indicator": 'qqzz") || true || ("qqzz'}),
        ("describe", {"iri": "http://e.org/a>b"}),
        ("ask_question", {"name": "../../search", "parameters": {}}),
        ("ask_question", {"name": "outputs-of-a-service", "parameters": {"service": "http://e.org/> ?b ?c"}}),
        ("ask_question", {"name": "services", "parameters": {"title": '" || true || "'}}),
        ("search", {"words": '"* OR (', "kind": "' OR 1=1 --"}),
        ("search", {"words": "\u0000"}),
    ],
)  # fmt: skip
def test_words_are_never_code(assistant: Assistant, tool: str, arguments: dict[str, Any]) -> None:
    result = assistant.call(tool, arguments)
    found = result.structured_content or {}
    assert result.is_error or not (found.get("rows") or found.get("hits")), result.content[0].text[:300]
    assert "internal-error" not in json.dumps(found)


@pytest.fixture(scope="module")
def strict(release: Release) -> Iterator[Served]:
    """A server with a public address, short deadlines and a budget of time."""
    arguments = ["--public-url", "https://dati.example.it", "--query-seconds", "1", "--client-budget", "3"]
    with serve("--release", release.path, *arguments) as served:
        yield served


def test_hosts_come_from_the_public_address(strict: Served) -> None:
    with strict.client() as client:
        for host in ("dati.example.it", "dati.example.it:443", "DATI.example.it", f"localhost:{strict.port}"):
            assert post(client, LISTING, host=host).status_code == 200, host
        for host in ("evil.example", "dati.example.it.evil.example", "127.0.0.1.evil.example"):
            answer = post(client, LISTING, host=host)
            assert (answer.status_code, answer.json()["type"]) == (421, "/problems#misdirected"), host
        found = post(client, calling("search", words="asilo nido")).json()["result"]["structuredContent"]
        assert found["hits"][0]["page"].startswith("https://dati.example.it/page/")


def test_without_a_public_address_only_pages_of_others_are_kept_out(client: httpx.Client) -> None:
    assert post(client, LISTING, host="mappe.internal").status_code == 200
    assert post(client, LISTING, host="evil.example", origin="http://evil.example").status_code == 421


def test_tools_have_everybodys_limits(strict: Served) -> None:
    assistant = Assistant(f"{strict.url}/mcp")
    assert "stopped at its deadline" in assistant.refusal("sparql", query=RUNAWAY)
    refused = [assistant.refusal("sparql", query=f"{RUNAWAY} # {number}") for number in range(4)]
    assert "used up its query time" in refused[-1]
    with strict.client() as client:  # who spent it here has none left there
        assert client.post("/sparql", data={"query": f"{RUNAWAY} # x"}).status_code == 429


def test_an_assistant_that_leaves_takes_its_query_with_it(site: Served) -> None:
    with site.client() as client:
        killed = metric(client, "mappe_query_kills_total")
        with pytest.raises(httpx.ReadTimeout):
            client.post("/mcp", json=calling("sparql", query=RUNAWAY), headers=HEADERS, timeout=1.5)
        deadline = time.monotonic() + 10
        while metric(client, "mappe_query_kills_total") == killed and time.monotonic() < deadline:
            time.sleep(0.1)
        assert metric(client, "mappe_query_kills_total") > killed


def metric(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))


def run(command: list[str], given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=60)


def test_a_server_without_the_package_says_so(release: Release) -> None:
    port = free_port()
    hidden = "import sys; sys.modules['mcp'] = None; from mappe_servizi.cli import main; main()"
    command = [sys.executable, "-c", hidden, "serve", "--port", str(port), "--release", str(release.path)]
    with Served(command, port, "/readyz") as served, served.client() as client:
        answer = post(client, LISTING)
        assert (answer.status_code, answer.json()["type"]) == (501, "/problems#not-installed")
        assert "pip install 'mappe-servizi[mcp]'" in answer.json()["detail"]
        assert client.get("/search?q=nido", headers={"accept": "application/json"}).status_code == 200
    told = run([sys.executable, "-c", hidden, "mcp", "--release", str(release.path)])
    assert (told.returncode, told.stdout) == (1, "")
    assert "pip install 'mappe-servizi[mcp]'" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_same_over_stdio(release: Release, assistant: Assistant) -> None:
    arguments = ["-m", "mappe_servizi", "mcp", "--release", str(release.path)]
    here = Assistant(StdioServerParameters(command=sys.executable, args=arguments))
    asked = {"name": "providers-of-several-services", "parameters": {"minimum": 4}}
    found, there = here.answer("ask_question", **asked), assistant.answer("ask_question", **asked)
    assert found["rows"] == there["rows"]
    assert {s["page"] for s in found["sources"]} == {f"{BASE}page/organization/cosper"}


def test_stdio_ends_with_its_input_and_tells_what_is_wrong(tmp_path: Any, release: Release) -> None:
    command = [sys.executable, "-m", "mappe_servizi", "mcp", "--release"]
    ended = run([*command, str(release.path)], "not json\n")
    assert ended.returncode == 0
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in ended.stdout.splitlines())
    absent = run([*command, str(tmp_path / "no")])
    assert (absent.returncode, absent.stdout) == (1, "")
    assert absent.stderr.startswith("mappe: ")


def test_llms_txt_leads_to_what_answers(client: httpx.Client) -> None:
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    title, _, about, *_ = answer.text.splitlines()
    assert title.startswith("# ")
    assert about.startswith("> ")
    places = re.findall(r"^- \[.*?\]\((\S+)\): ", answer.text, re.MULTILINE)
    assert len(places) >= 10
    for place in places:
        status = client.get(place, headers={"accept": "*/*"}, follow_redirects=True).status_code
        assert status == (405 if place == "/mcp" else 200), place
