"""What the API says to parameters that it cannot obey, and to two ways of writing one value."""

import httpx
import pytest


@pytest.mark.parametrize(
    ("table", "one", "other"),
    [("services", "adInterim=1", "adInterim=true"), ("services", "published=0", "published=false")],
)
def test_a_truth_value_may_be_a_digit(client: httpx.Client, table: str, one: str, other: str) -> None:
    rows = client.get(f"/api/{table}?{one}").json()["rows"]
    assert rows
    assert rows == client.get(f"/api/{table}?{other}").json()["rows"]


@pytest.mark.parametrize(
    "query",
    ["year=02018", "number=\u0661\u0662", "year=2018&year=2019", "limit=5&limit=6", "number=1&number=1"],
)
def test_what_would_match_nothing_or_is_said_twice_is_refused(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/observations?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_format_of_results_is_refused_with_those_that_there_are(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "ASK {}", "format": "bogus"})
    assert answer.status_code == 406
    assert "json" in answer.json()["detail"]
    for known in ("json", "JSON", "srx", "application/sparql-results+json"):
        assert client.get("/sparql", params={"query": "ASK {}", "format": known}).status_code == 200
