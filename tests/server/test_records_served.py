"""The records are found from the catalogue, and are what their schema says, as a client gets them."""

import json

import httpx
import jsonschema
from pyoxigraph import NamedNode, RdfFormat, Store

from mappe_servizi.releases import Release
from served import serve

BASE = "https://w3id.org/mappe-servizi/"
DISTRIBUTIONS = """
PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?file ?schema ?bytes WHERE {
  <https://w3id.org/mappe-servizi/data/dataset/c_d150/2020/service-maps> dcat:distribution ?d .
  ?d dcat:downloadURL ?file ; dcat:byteSize ?bytes ; dct:conformsTo ?schema ;
     dcat:mediaType <http://www.iana.org/assignments/media-types/application/json> .
  FILTER(STRENDS(STR(?schema), ".json"))
}"""


def test_a_client_finds_records_and_schema_in_the_catalogue(release: Release) -> None:
    with serve("--release", release.path) as served, served.client() as client:
        store = Store()
        store.load(client.get("/catalogue.ttl").content, format=RdfFormat.TURTLE)
        [found] = store.query(DISTRIBUTIONS)  # type: ignore[misc]
        records, schema = (_got(client, found[name]) for name in ("file", "schema"))
        assert records.headers["content-type"] == "application/json"
        assert schema.headers["content-type"] == "application/schema+json"
        assert len(records.content) == int(found["bytes"].value)
        published = schema.json()
        assert published["$id"] == found["schema"].value
        jsonschema.Draft202012Validator(published).validate(records.json())
        assert len(json.loads(records.content)["maps"]) == 69
        assert "creativecommons.org/licenses/by/4.0" in records.headers["link"]
        etag = records.headers["etag"]
        again = client.get("/records/c_d150-2020.json", headers={"if-none-match": etag})
        assert again.status_code == 304
        listing = client.get("/records/", headers={"accept": "text/html"})
        assert "c_d150-2020.json" in listing.text
        assert client.get("/records/../manifest.json").status_code == 404
        assert client.get("/records/c_d150-1999.json").status_code == 404


def _got(client: httpx.Client, address: NamedNode) -> httpx.Response:
    answer = client.get(f"/{address.value.removeprefix(BASE)}")
    assert answer.status_code == 200
    return answer
