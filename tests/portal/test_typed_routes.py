"""Interfaces for programs: one document of all of them, and one shape of refusal for all that is wrong."""

from typing import Any

import httpx
import pytest

from mappe_servizi.settings import Settings
from mappe_servizi.web.app import create_app
from mappe_servizi.web.http.routes import TypedRoute

PROBLEM = "application/problem+json"


@pytest.fixture
def document(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/openapi.json").json()
    return found


def test_one_document_has_every_interface(document: dict[str, Any], client: httpx.Client) -> None:
    routes = [route for route in create_app(Settings()).app.routes if isinstance(route, TypedRoute)]
    described = {route.path_format for route in routes if route.include_in_schema}
    operations = {path for path in document["paths"] if path.startswith("/api/")} - described
    assert described == document["paths"].keys() - operations
    assert {"/search", "/reconcile", "/reconcile/1.0/match", "/healthz", "/readyz", "/feed"} <= described
    assert len(operations) > 40
    assert "post" in document["paths"]["/reconcile"]
    assert "requestBody" not in document["paths"]["/reconcile"]["get"]
    ids = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
    assert len(ids) == len(set(ids))


def test_nothing_of_the_frameworks_own_is_left(document: dict[str, Any], client: httpx.Client) -> None:
    """Neither its shape of errors nor its pages, which take their scripts from elsewhere."""
    text = client.get("/api/openapi.json").text
    assert "HTTPValidationError" not in text
    assert all("422" not in one["responses"] for m in document["paths"].values() for one in m.values())
    for path in ("/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"):
        answer = client.get(path, follow_redirects=True)  # /docs/ is for a site of ours
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM), path


def test_every_number_is_refused_in_the_one_shape(document: dict[str, Any], client: httpx.Client) -> None:
    asked = 0
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", []):
            schema, name = parameter["schema"], parameter["name"]
            if "maximum" not in schema:
                continue
            for value in ("x", "1.0", "-1", " 1", "1_0", str(schema["maximum"] + 1)):
                answer = client.get(path, params={name: value}, headers={"accept": "*/*"})
                assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM), (path, name)
                limits = f"a number from {schema['minimum']} to {schema['maximum']}"
                assert answer.json() == {
                    "type": "/problems#bad-request",
                    "title": "The request cannot be understood",
                    "status": 400,
                    "detail": f"{name} must be {limits}, not {value!r}",
                }
                asked += 1
    assert asked > 500


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (
            "/api/observations?limit=0&year=20&page=a&nome=x",
            "limit must be a number from 1 to 10000, not '0'; page must be a number from 1 to 1000000, "
            "not 'a'; the parameter year must be of type gYear: '20'; there is no parameter 'nome'; "
            "there are: limit, page, municipality",
        ),
        ("/api/services?service=a%20b", "the parameter service must be an absolute IRI: 'a b'"),
        ("/api/services?limit=1&limit=2", "the parameter limit is given more than once"),
        (f"/search?q={'a' * 201}&page=0", "q must be a text of 200 characters at most, not 'aaaa"),
        (f"/reconcile/preview?id={'a' * 3001}", "id must be a text of 3000 characters at most, not 'aaaa"),
    ],
)
def test_all_that_is_wrong_is_told_at_once(client: httpx.Client, path: str, detail: str) -> None:
    answer = client.get(path, headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert answer.json()["detail"].startswith(detail)


def test_what_is_refused_is_counted_under_its_own_name(client: httpx.Client) -> None:
    def count() -> float:
        marks = ("mappe_request_seconds_count{", 'route="search"', 'status="4xx"')
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if all(mark in line for mark in marks))

    before = count()
    assert client.get("/search?page=x", headers={"accept": "application/json"}).status_code == 400
    assert count() == before + 1


def test_heads_and_other_methods(client: httpx.Client) -> None:
    for path in ("/search?q=asilo", "/readyz", "/api/services?limit=1", "/reconcile", "/api/openapi.json"):
        answer = client.head(path, headers={"accept": "application/json"})
        assert (answer.status_code, answer.content) == (200, b""), path
    answer = client.request("DELETE", "/reconcile")
    assert (answer.status_code, answer.headers["content-type"]) == (405, PROBLEM)
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
