"""What search engines read of the pages: schema.org's own types decide whether it is right."""

import html
import json
import os
import re
import shutil
import subprocess
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator

from helpers import ROOT
from mappe_servizi.web.portal.schema_org.service import metatag
from rdf import BASE

CLIENTS = ROOT / "tests" / "clients"
DATA = "/data/"
PAGES = [
    "/",
    "/catalogue",
    DATA + "municipality/c_d150",
    DATA + "organization/aem-cremona",
    DATA + "place/c_d150/via-gallarati-1",
    DATA + "place/c_d150/isola-di-prossimita-di-via-dell-annona",
    DATA + "channel/c_d150/online-informagiovani",
    DATA + "user-indicator/c_d150/sosta-e-varchi/permessi-handicap",
]
TEXT = {"type": "string", "minLength": 1}
NAMED = {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}
ADDRESS = ("streetAddress", "postalCode", "addressLocality")
MODEL = {
    "type": "object",
    "properties": {
        "name": TEXT, "serviceType": TEXT, "serviceOperator": NAMED, "areaServed": NAMED, "audience": NAMED,
        "availableChannel": {
            "type": "object",
            "properties": {
                "serviceUrl": TEXT,
                "serviceLocation": {
                    "type": "object",
                    "properties": {
                        "name": TEXT,
                        "address": {
                            "type": "object",
                            "properties": dict.fromkeys(ADDRESS, TEXT),
                            "required": list(ADDRESS),
                        },
                    },
                    "required": ["name", "address"],
                },
            },
            "required": ["serviceUrl", "serviceLocation"],
        },
    },
    "required": ["name", "serviceType", "serviceOperator", "areaServed", "audience", "availableChannel"],
}  # fmt: skip
"""R.SI.1.1 of the national model of municipal sites, as its validator asks for it."""


def documents(client: httpx.Client, path: str, language: str = "it") -> tuple[dict[str, Any], dict[str, Any]]:
    """The page's document, and the one of the national model ({} where it has none)."""
    answer = client.get(
        path, headers={"accept": "text/html", "accept-language": language}, follow_redirects=True
    )
    assert answer.status_code == 200, path
    found = re.findall(
        r'<script type="application/ld\+json"( data-element="metatag")?>(.*?)</script>', answer.text
    )
    plain = [json.loads(text) for model, text in found if not model]
    model = [json.loads(text) for model, text in found if model]
    assert len(plain) == 1, path
    assert len(model) <= 1, path
    return plain[0], model[0] if model else {}


def refused(found: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """What schema.org's types do not allow in some documents: the document and why."""
    binaries = f"{ROOT / '.venv' / 'bin'}:{os.environ.get('PATH', '')}"
    node = shutil.which("node", path=binaries)
    assert node, "there is no Node"
    assert (CLIENTS / "node_modules" / ".done").exists(), "run `make tests/clients/node_modules/.done`"
    done = subprocess.run(
        [node, CLIENTS / "schema_org.mjs"],
        input=json.dumps(found),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [(name, message) for name, message in json.loads(done.stdout)]


def rows(client: httpx.Client, query: str) -> list[dict[str, str]]:
    answer = client.post(
        "/sparql", data={"query": query}, headers={"accept": "application/sparql-results+json"}
    )
    assert answer.status_code == 200, answer.text
    return [{k: v["value"] for k, v in row.items()} for row in answer.json()["results"]["bindings"]]


@pytest.fixture(scope="module")
def of_services(site: Any) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    with site.client() as client:
        found = rows(client, "SELECT ?s { ?s a <https://w3id.org/mappe-servizi/onto/MDS/MunicipalService> }")
        return {row["s"]: documents(client, "/" + row["s"].removeprefix(BASE)) for row in found}


def test_schema_org_allows_what_the_pages_say(
    client: httpx.Client, of_services: dict[str, tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    found = {path: documents(client, path)[0] for path in PAGES}
    data_sets = found["/catalogue"]["dataset"]
    assert len(data_sets) > 5
    found |= {d["@id"]: documents(client, "/" + d["@id"].removeprefix(BASE))[0] for d in data_sets}
    found |= {f"{path} in English": documents(client, path, "en")[0] for path in PAGES}
    found |= {iri: document for iri, (document, _) in of_services.items()}
    found |= {f"{iri} (model)": model for iri, (_, model) in of_services.items() if model}
    assert len(found) > 73 + 2 * len(PAGES)
    assert refused(found) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"@type": "GovernmentService", "inLanguage": "it"},
        {"@type": "GovernmentService", "areaServed": {"@type": "AdministrativeArea", "nam": "x"}},
        {"@type": "Place", "address": {"@type": "Audience", "name": "x"}},
        {"@type": "GovernmentServce", "name": "x"},
    ],
    ids=lambda wrong: " ".join(map(str, wrong.values())),
)
def test_the_types_find_what_is_wrong(wrong: dict[str, Any]) -> None:
    assert refused({"wrong": {"@context": "https://schema.org", **wrong}})


def test_a_service_says_what_the_graph_knows(
    client: httpx.Client, of_services: dict[str, tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    prefixes = """PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
        PREFIX clvapit: <https://w3id.org/italia/onto/CLV/> PREFIX cpsvapit: <https://w3id.org/italia/onto/CPSV/>
        PREFIX locn: <http://www.w3.org/ns/locn#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX dct: <http://purl.org/dc/terms/>"""
    streets = rows(
        client,
        prefixes
        + """ SELECT DISTINCT ?s ?place ?street ?town { ?s mds:hasDeliveryStructure ?d .
        ?d mds:statedIn/mds:isCurrent true ; mds:deliveredThrough/mds:locatedAt? ?place .
        ?place clvapit:hasAddress ?a . ?a locn:thoroughfare ?street ; locn:postName ?town }""",
    )
    assert len(streets) > 50
    told = {
        (iri, channel["serviceLocation"]["@id"], channel["serviceLocation"]["address"]["streetAddress"],
         channel["serviceLocation"]["address"]["addressLocality"])
        for iri, (document, _) in of_services.items()
        for channel in _list(document.get("availableChannel")) if "serviceLocation" in channel
    }  # fmt: skip
    assert told == {(row["s"], row["place"], row["street"], row["town"]) for row in streets}
    channels = rows(
        client,
        prefixes + " SELECT DISTINCT ?s ?c { ?s cpsvapit:hasChannel ?c . ?c mds:channelKind ?k }",
    )
    assert len(channels) > 30
    assert {
        (iri, channel["@id"])
        for iri, (document, _) in of_services.items()
        for channel in _list(document.get("availableChannel"))
        if "@id" in channel
    } == {(row["s"], row["c"]) for row in channels}
    areas = rows(client, prefixes + " SELECT ?s ?a { ?s mds:inArea ?area ; dct:spatial ?a }")
    assert {
        (iri, one["@id"]) for iri, (d, _) in of_services.items() for one in _list(d.get("areaServed"))
    } == {(row["s"], row["a"]) for row in areas}
    for iri, (document, _) in of_services.items():
        assert document["url"] == iri
        assert document["mainEntityOfPage"]["inLanguage"] == "it"
        description = document.get("description", "")
        assert len(description) <= 2000
        assert "&" not in description or html.unescape(description) == description


def test_the_national_model_lacks_only_what_the_map_does_not_print(
    of_services: dict[str, tuple[dict[str, Any], dict[str, Any]]], record_property: Any
) -> None:
    validator = Draft7Validator(MODEL)
    filled = wanted = 0
    for document, model in of_services.values():
        if document["@type"] == "Service":
            assert not model
            continue
        wanted += 1
        channel = model.get("availableChannel", {})
        missing = {
            re.sub(r"'(\w+)' is a required property", r"\1", e.message) for e in validator.iter_errors(model)
        }
        channels = _list(document.get("availableChannel"))
        known = {
            "availableChannel": channels,
            "serviceUrl": any("serviceUrl" in one for one in channels) or not channels,
            "serviceLocation": any("serviceLocation" in one for one in channels) or not channels,
            "postalCode": any(
                "postalCode" in one.get("serviceLocation", {}).get("address", {}) for one in channels
            ),
            "areaServed": document.get("areaServed"),
            "audience": document.get("audience"),
        }
        assert missing <= {name for name, there in known.items() if not there}, (document["@id"], missing)
        assert not isinstance(channel, list)
        filled += not missing
    record_property("filled", filled)
    assert wanted > 50


def test_a_service_of_which_all_is_known_is_as_the_model_has_it() -> None:
    place = {
        "@type": "Place",
        "name": "Nido",
        "address": {"streetAddress": "Via Po, 1", "addressLocality": "Cremona"},
    }
    coded = {**place, "name": "Ufficio", "address": {**place["address"], "postalCode": "26100"}}
    whole = {
        "@type": "GovernmentService", "@id": "x", "name": "Nidi", "serviceType": "Infanzia", "url": "x",
        "provider": {"name": "Comune"}, "areaServed": [{"name": "Cremona"}, {"name": "Crema"}],
        "audience": [{"name": "Bambini"}, {"name": "Famiglie"}],
        "availableChannel": [
            {"@type": "ServiceChannel", "name": "Sito", "serviceUrl": "https://nidi.example.org/"},
            {"@type": "ServiceChannel", "name": "Nido", "serviceLocation": place},
            {"@type": "ServiceChannel", "name": "Ufficio", "serviceLocation": coded},
        ],
    }  # fmt: skip
    model = metatag(whole)
    assert list(Draft7Validator(MODEL).iter_errors(model)) == []
    assert model["audience"]["name"] == "Bambini; Famiglie"
    assert model["availableChannel"]["serviceLocation"]["name"] == "Ufficio"
    assert model["availableChannel"]["serviceUrl"] == "https://nidi.example.org/"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
