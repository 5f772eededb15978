"""The Entity Reconciliation API: every answer fits the specification's JSON schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from served import Served

PROVIDER = "organization/societa-dolce"


def check(reference: Path, version: str, schema: str, value: Any) -> None:
    """Validate with the schema, its references found beside it."""
    directory = reference / "reconciliation" / version / "schemas"
    files = {path.name: json.loads(path.read_text("utf-8")) for path in directory.glob("*.json")}
    resources = []
    for name, content in files.items():
        resource = Resource(contents=content, specification=DRAFT7)
        resources += [(name, resource), (content.get("$id", name), resource)]
        if content.get("$id"):
            resources.append((content["$id"].rsplit("/", 1)[0] + "/" + name, resource))
    swagger = Resource(contents=files["openapi.json"], specification=DRAFT7)
    resources.append(("http://swagger.io/v2/schema.json", swagger))
    Draft7Validator(files[schema], registry=Registry().with_resources(resources)).validate(value)


def get(served: Served, path: str, **parameters: str) -> Any:
    with served.client() as client:
        answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.json()


def post(served: Served, path: str, **options: Any) -> Any:
    with served.client() as client:
        answer = client.post(path, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_manifests(served: Served, reference: Path) -> None:
    manifest = get(served, "/reconcile")
    check(reference, "0.2", "manifest.json", manifest)
    assert manifest["suggest"]["entity"]["service_url"] == f"{served.url}/reconcile"
    check(reference, "1.0-draft", "manifest.json", get(served, "/reconcile/1.0"))


def test_the_manifest_is_never_made_from_the_host_header(served: Served) -> None:
    with served.client() as client:
        text = client.get("/reconcile", headers={"Host": "evil.example"}).text
    assert "evil.example" not in text


QUERIES = {
    "q0": {"query": "dolce soc coop soc", "type": "provider", "limit": 3},
    "q1": {"query": "Fondazione Sospirro", "properties": [{"pid": "town", "v": "Sospiro"}]},
    "q2": {"query": "asili nido", "type": ["service"]},
    "q3": {"query": "Comune di Cremona", "type": "municipality"},
    "q4": {"query": "bambini lattanti", "type": "segment"},
    "q5": {"query": "zzzzqqqq"},
}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_batch_of_queries(served: Served, reference: Path, method: str) -> None:
    check(reference, "0.2", "reconciliation-query-batch.json", QUERIES)
    text = json.dumps(QUERIES)
    if method == "get":
        results = get(served, "/reconcile", queries=text)
    else:
        results = post(served, "/reconcile", data={"queries": text})
    check(reference, "0.2", "reconciliation-result-batch.json", results)
    best = {key: result["result"][0] for key, result in results.items() if result["result"]}
    assert best["q0"]["id"] == PROVIDER
    assert best["q0"]["match"]
    assert best["q1"]["id"] == "organization/fondazione-sospiro"
    assert {f["id"] for f in best["q1"]["features"]} == {"name", "town"}
    assert best["q2"]["id"] == "public-service/c_d150/asili-nido"
    assert best["q3"]["id"] == "municipality/c_d150"
    assert best["q4"]["type"][0]["id"] == "segment"
    assert results["q5"]["result"] == []
    asked = {"q": {"query": "Asili nido", "type": "service"}}
    nursery = post(served, "/reconcile", data={"queries": json.dumps(asked)})["q"]["result"][0]
    assert nursery["description"].endswith(", Comune di Cremona")


def test_a_property_tells_two_of_one_name_apart(served: Served) -> None:
    query = {"query": "ANFFAS", "type": "provider", "properties": [{"pid": "town", "v": "Crema"}]}
    result = post(served, "/reconcile", data={"queries": json.dumps({"q": query})})["q"]["result"]
    assert [c["id"] for c in result[:2]] == ["organization/anffas-crema", "organization/anffas-cremona"]
    assert result[0]["score"] > result[1]["score"]


def test_a_batch_of_the_draft(served: Served, reference: Path) -> None:
    name = {"matchType": "name", "propertyValue": "Il Cerchio coop"}
    form = {"matchType": "property", "propertyId": "legalForm", "propertyValue": {"id": "x", "name": "y"}}
    form["required"] = True
    batch = {
        "queries": [
            {"type": "provider", "limit": 2, "conditions": [name]},
            {"type": "provider", "conditions": [name, form]},
        ]
    }
    check(reference, "1.0-draft", "reconciliation-query-batch.json", batch)
    results = post(served, "/reconcile/1.0/match", json=batch)
    check(reference, "1.0-draft", "reconciliation-result-batch.json", results)
    first, second = results["results"]
    assert first["candidates"][0]["id"] == "organization/il-cerchio"
    assert second["candidates"] == []  # the required property does not agree


@pytest.mark.parametrize(("version", "root"), [("0.2", "/reconcile"), ("1.0-draft", "/reconcile/1.0")])
def test_suggestions(served: Served, reference: Path, version: str, root: str) -> None:
    entities = get(served, f"{root}/suggest/entity", prefix="cremona sol")
    check(reference, version, "suggest-entities-response.json", entities)
    assert entities["result"][0]["id"] == "organization/cremona-solidale"
    types = get(served, f"{root}/suggest/type", prefix="forn")
    check(reference, version, "suggest-types-response.json", types)
    assert [t["id"] for t in types["result"]] == ["provider"]
    properties = get(served, f"{root}/suggest/property", prefix="forma")
    check(reference, version, "suggest-properties-response.json", properties)
    assert [p["id"] for p in properties["result"]] == ["legalForm"]
    proposal = get(served, f"{root}/extend/propose", type="provider", limit="3")
    check(reference, version, "data-extension-property-proposal.json", proposal)
    assert len(proposal["properties"]) == 3


EXTEND = {"ids": [PROVIDER, "organization/nobody"], "properties": [{"id": "legalForm"}, {"id": "services"}]}


def test_extension(served: Served, reference: Path) -> None:
    check(reference, "0.2", "data-extension-query.json", EXTEND)
    found = post(served, "/reconcile", data={"extend": json.dumps(EXTEND)})
    check(reference, "0.2", "data-extension-response.json", found)
    row = found["rows"][PROVIDER]
    assert row["legalForm"] == [{"str": "Società cooperativa sociale"}]
    assert [v["name"] for v in row["services"]] == ["Anziani", "Disabilità"]
    assert found["rows"]["organization/nobody"] == {"legalForm": [], "services": []}
    draft = post(served, "/reconcile/1.0/extend", json=EXTEND)
    check(reference, "1.0-draft", "data-extension-response.json", draft)
    assert draft["rows"][0]["id"] == PROVIDER


def test_preview(served: Served) -> None:
    with served.client() as client:
        answer = client.get("/reconcile/preview", params={"id": PROVIDER})
        assert client.get("/reconcile/preview", params={"id": "organization/nobody"}).status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Società Dolce" in answer.text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"queries": "not json"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": json.dumps({f"q{i}": {"query": "x"} for i in range(51)})}, 413),
        ({"queries": "[" * 100_000}, 400),
        ({"queries": json.dumps({"q": {"query": "x" * 600_000}})}, 413),
        ({"extend": json.dumps({"ids": [], "properties": [{"id": "nothing"}]})}, 400),
        ({"extend": json.dumps({"ids": ["x"] * 501, "properties": []})}, 413),
    ],
)
def test_what_is_refused(served: Served, data: dict[str, str], status: int) -> None:
    with served.client() as client:
        answer = client.post("/reconcile", data=data)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_huge_limit_is_cut(served: Served) -> None:
    query = {"q": {"query": "fondazione", "limit": 10_000_000}}
    result = post(served, "/reconcile", data={"queries": json.dumps(query)})
    assert 5 < len(result["q"]["result"]) <= 25


BAD = [
    ("text", "object"),
    ({"query": "x" * 301}, "300"),
    ({"query": 7}, "text"),
    ({"query": "Nazareth", "type": "town"}, "not 'town'"),
    ({"query": "Nazareth", "type": ["provider", "Q43229"]}, "not 'Q43229'"),
]


@pytest.mark.parametrize(("query", "said"), BAD)
def test_one_bad_query_is_told_and_the_others_are_answered(
    served: Served, reference: Path, query: object, said: str
) -> None:
    batch = {"good": {"query": "Coop. Nazareth", "type": "provider"}, "bad": query}
    results = post(served, "/reconcile", data={"queries": json.dumps(batch)})
    check(reference, "0.2", "reconciliation-result-batch.json", results)
    assert results["bad"]["result"] == []
    assert said in results["bad"]["error"]
    assert results["good"]["result"][0]["id"] == "organization/nazareth"
    assert "error" not in results["good"]


def test_one_bad_query_of_the_draft(served: Served, reference: Path) -> None:
    name = {"matchType": "name", "propertyValue": "Coop. Nazareth"}
    batch = {"queries": [{"type": "nobody", "conditions": [name]}, {"conditions": [name]}, {"conditions": 7}]}
    results = post(served, "/reconcile/1.0/match", json=batch)
    check(reference, "1.0-draft", "reconciliation-result-batch.json", results)
    first, second, third = results["results"]
    assert (first["candidates"], third["candidates"]) == ([], [])
    assert "nobody" in first["error"]
    assert second["candidates"][0]["id"] == "organization/nazareth"


def test_a_batch_may_be_a_json_body(served: Served) -> None:
    body = {"queries": {"q": {"query": "Coop. Nazareth", "type": "provider"}}}
    results = post(served, "/reconcile", json=body)
    assert results["q"]["result"][0]["id"] == "organization/nazareth"
    rows = post(served, "/reconcile", json={"extend": EXTEND})["rows"]
    assert rows[PROVIDER]["legalForm"] == [{"str": "Società cooperativa sociale"}]


OTHERS = [
    "CRI Cerignola", "Croce Rossa Italiana - Comitato di Torino", "Croce Rossa Italiana", "ANFFAS Onlus Lodi",
    "ANFFAS", "SS", "Fondazione", "Onlus", "Associazione Il Girasole di Pavia", "Girasole", "Il Cerchio",
    "Fondazione Il Cerchio", "Cooperativa Sociale Il Cerchio (Torino)", "Fondazione Soldi (Cremona)",
    "CAI Milano", "Casa di Riposo", "Comune di Lodi", "Ospedale della Carità di Novara",
    "Il Gabbiano Coop. Soc. di Pontevico", "Associazione Altana", "Istituto Suore Poverelle di Bergamo",
]  # fmt: skip


def test_bodies_of_other_towns_are_no_match(served: Served) -> None:
    queries = {name: {"query": name, "type": "provider"} for name in OTHERS}
    results = post(served, "/reconcile", data={"queries": json.dumps(queries)})
    assert [name for name in OTHERS if any(c["match"] for c in results[name]["result"])] == []


@pytest.mark.parametrize("town", ["Lodi", "Torino"])
def test_a_town_that_is_not_the_providers_forbids_a_match(served: Served, town: str) -> None:
    query = {"query": "Fondazione Bruno Pari di Ostiano", "properties": [{"pid": "town", "v": town}]}
    plain = {"query": "Fondazione Bruno Pari di Ostiano", "properties": [{"pid": "town", "v": "Ostiano"}]}
    results = post(served, "/reconcile", data={"queries": json.dumps({"other": query, "own": plain})})
    assert results["own"]["result"][0]["match"]
    assert not any(c["match"] for c in results["other"]["result"])
