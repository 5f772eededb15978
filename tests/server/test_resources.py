"""Dereferencing, pages, files, search, operations and errors, against the running server."""

import json
import re
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from mappe_servizi.web.http.problems import TYPES
from served import BASE

NIDO = "public-service/c_d150/asili-nido"
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def heading(page: str) -> str:
    """The text of a page's first heading."""
    match = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert match
    return " ".join(re.sub("<[^>]*>", " ", match[1]).split())


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        ("text/turtle", f"/doc/{NIDO}.ttl"),
        ("application/ld+json", f"/doc/{NIDO}.jsonld"),
        ("application/rdf+xml", f"/doc/{NIDO}.rdf"),
        ("*/*", f"/doc/{NIDO}.ttl"),
        (BROWSER, f"/page/{NIDO}"),
        ("text/html, text/turtle", f"/doc/{NIDO}.ttl"),
    ],
)
def test_see_other(client: httpx.Client, accept: str, place: str) -> None:
    response = client.get(f"/data/{NIDO}", headers={"accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, place)
    assert "accept" in response.headers["vary"].lower()
    assert client.get(place, headers={"accept": accept}).status_code == 200


@pytest.mark.parametrize("suffix", [*FORMATS, "html"])
def test_suffixes(client: httpx.Client, suffix: str) -> None:
    response = client.get(f"/data/{NIDO}.{suffix}", headers={"accept": "image/png"})
    assert response.status_code == 303
    expected = f"/page/{NIDO}" if suffix == "html" else f"/doc/{NIDO}.{suffix}"
    assert response.headers["location"] == expected


def test_all_documents_have_the_same_triples(client: httpx.Client) -> None:
    found = {
        suffix: {quad.triple for quad in parse(client.get(f"/doc/{NIDO}.{suffix}").content, format=form)}
        for suffix, form in FORMATS.items()
    }
    assert all(triples == found["nt"] for triples in found.values())
    subjects = {triple.subject.value for triple in found["nt"]}  # type: ignore[union-attr]
    assert subjects == {f"{BASE}data/{NIDO}", f"{BASE}data/area/c_d150/infanzia"}


def test_host_and_forwarding_fields_change_nothing(client: httpx.Client) -> None:
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    response = client.get(f"/data/{NIDO}", headers=headers)
    assert response.headers["location"].startswith("/doc/")
    page = client.get(f"/page/{NIDO}", headers=headers).text
    assert "evil" not in page
    assert f'<link rel="canonical" href="{BASE}page/{NIDO}?lang=' in page


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("public-service/c_d150/citt%25C3%25A0", "percent"),
        ("public-service/c_d150/l'citt%C3%A0(1)", "accent"),
        ("public-service/c_d150/l%27citt%c3%a0%281%29", "accent"),
    ],
)
def test_awkward_iris(client: httpx.Client, path: str, label: str) -> None:
    page = client.get(f"/page/{path}")
    assert page.status_code == 200
    assert heading(page.text) == label
    turtle = client.get(f"/data/{path}", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert label in turtle.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/data/public-service/c_d150/nothing", 404),
        ("/page/public-service/c_d150/nothing", 404),
        ("/doc/public-service/c_d150/nothing.ttl", 404),
        ("/data/%ff", 404),
        ("/data/a%20b", 404),
        ("/data/%3Cscript%3E", 404),
        ("/data/", 404),
        ("/page/municipality/c_d150?page=7", 404),
        ("/page/municipality/c_d150?page=0", 400),
        ("/page/municipality/c_d150?page=x", 400),
        ("/nowhere", 404),
        ("/dump/../manifest.json", 404),
        ("/dump/nothing.nq", 404),
        ("/dump/%2e%2e%2fmanifest.json", 404),
        ("/search?q=x&page=0", 400),
        ("/search?q=" + "x" * 500, 400),
        ("/sparql?query=SELECT%20*%20%7B", 400),
    ],
)
def test_errors_are_problem_documents(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["status"] == status
    assert problem["type"].removeprefix("/problems#") in TYPES
    assert problem["detail"]
    assert "etag" not in response.headers


def test_a_browser_gets_errors_as_pages(client: httpx.Client) -> None:
    response = client.get("/page/public-service/c_d150/nothing", headers={"accept": BROWSER})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


def test_withdrawn_resources_are_gone(client: httpx.Client) -> None:
    for space in ("data", "page", "doc"):
        assert client.get(f"/{space}/public-service/c_d150/ritirato").status_code == 410


def test_renamed_resources_redirect(client: httpx.Client) -> None:
    response = client.get("/data/public-service/c_d150/vecchio")
    assert (response.status_code, response.headers["location"]) == (301, f"/data/{NIDO}")


def test_not_acceptable(client: httpx.Client) -> None:
    for path in (f"/data/{NIDO}", f"/doc/{NIDO}", "/sparql?query=ASK%7B%7D", "/search?q=x"):
        assert client.get(path, headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", [f"/page/{NIDO}", f"/doc/{NIDO}.ttl", "/sparql", "/", "/search", "/dump/"])
def test_methods(client: httpx.Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert client.options(path).status_code == 204
    refused = client.request("DELETE", path)
    assert refused.status_code == 405
    assert "GET" in refused.headers["allow"]


def test_a_page(client: httpx.Client) -> None:
    page = client.get(f"/page/{NIDO}", headers={"accept-language": "en"})
    assert page.headers["content-language"] == "en"
    assert heading(page.text) == "Nurseries"
    assert "Cura ed educazione &lt;b&gt;dei bambini" in page.text
    assert 'href="/page/area/c_d150/infanzia"' in page.text
    assert 'lang="it"' in page.text
    for name in ("content-security-policy", "x-frame-options", "referrer-policy", "x-content-type-options"):
        assert name in page.headers
    assert 'rel="alternate"; type="text/turtle"' in page.headers["link"]


def test_incoming_links_are_paged(client: httpx.Client) -> None:
    seen: list[str] = []
    for number in range(1, 7):
        page = client.get(f"/page/municipality/c_d150?page={number}").text
        found = set(re.findall(r'href="(/page/public-service/[^"?]*)', page))
        assert len(found) == 50
        seen += found
    assert len(set(seen)) == 300


def test_ontology_and_vocabularies_answer_directly(client: httpx.Client) -> None:
    turtle = client.get("/onto/MDS", headers={"accept": "text/turtle"})
    assert turtle.status_code == 200
    assert "Cosa" in turtle.text
    assert client.get("/onto/MDS.ttl").text == turtle.text
    assert heading(client.get("/onto/MDS/Thing", headers={"accept": BROWSER}).text) == "Cosa"
    assert client.get("/controlled-vocabulary/table/outputs").status_code == 200


def test_catalogue_void_and_service_description(client: httpx.Client) -> None:
    for suffix in ("ttl", "rdf", "jsonld"):
        assert "Mappe" in client.get(f"/catalogue.{suffix}").text
    assert client.get("/catalogue", headers={"accept": "application/rdf+xml"}).status_code == 200
    assert client.get("/catalogue.xls").status_code == 404
    for suffix, accept in (("ttl", "text/turtle"), ("jsonld", "application/ld+json")):
        found = client.get("/.well-known/void", headers={"accept": accept})
        triples = {
            str(q.predicate.value): q.object.value for q in parse(found.content, format=FORMATS[suffix])
        }  # type: ignore[union-attr]
        assert int(triples["http://rdfs.org/ns/void#distinctSubjects"]) > 1000
    description = client.get("/sparql", headers={"accept": "text/turtle"}).text
    for word in ("sd:Service", "sd:resultFormat", "void:classPartition", "5 s (504)", "sd:namedGraph"):
        assert word in description
    assert "<form" in client.get("/sparql", headers={"accept": BROWSER}).text


def test_entity_tags(client: httpx.Client) -> None:
    for path in (
        f"/doc/{NIDO}.ttl",
        f"/page/{NIDO}",
        "/sparql?query=ASK%7B%7D",
        "/dump/mappe-servizi.nq",
        "/search?q=nido",
    ):
        tags = set()
        for coding in ("identity", "gzip", "zstd"):
            first = client.get(path, headers={"accept-encoding": coding})
            tag = first.headers["etag"]
            tags.add(tag)
            for method in ("GET", "HEAD"):
                again = client.request(
                    method, path, headers={"accept-encoding": coding, "if-none-match": tag}
                )
                assert again.status_code == 304
                assert again.headers["etag"] == tag
                assert again.content == b""
            other = client.get(path, headers={"accept-encoding": coding, "if-none-match": '"other"'})
            assert other.content == first.content
        size = int(client.head(path, headers={"accept-encoding": "identity"}).headers["content-length"])
        assert len(tags) == (3 if size >= 1024 else 1)


def test_volatile_queries_are_not_kept(client: httpx.Client) -> None:
    for query in ("SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}", "SELECT (UUID() AS ?x) {}"):
        first, second = (client.get("/sparql", params={"query": query}) for _ in range(2))
        assert "etag" not in first.headers
        assert first.headers["cache-control"] == "no-store"
        assert first.text != second.text


def test_compression_keeps_the_bytes(client: httpx.Client) -> None:
    path = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    plain = client.get(path, headers={"accept-encoding": "identity"})
    for coding in ("gzip", "zstd"):
        coded = client.get(path, headers={"accept-encoding": coding})
        assert coded.headers["content-encoding"] == coding
        assert coded.content == plain.content
        assert int(coded.headers["content-length"]) < len(plain.content) / 3


def test_search(client: httpx.Client) -> None:
    for words in ("asilo", "ASILI", "asilo nido", "asil", "bambino cura", "infanzia"):
        found = client.get("/search", params={"q": words}).json()
        assert found["total"] >= 1, words
    near = client.get("/search", params={"q": "asillo"}).json()
    assert (near["total"], near["hits"]) == (0, [])  # a near word is never taken for it
    assert client.get("/search", params={"q": "asilo nido"}).json()["hits"][0]["iri"] == f"{BASE}data/{NIDO}"
    assert client.get("/search", params={"q": "asilo", "kind": "segment"}).json()["total"] == 0
    areas = client.get("/search", params={"q": "asilo", "kind": "area"}).json()["hits"]
    assert [hit["kind"] for hit in areas] == ["area"]  # by the name of its service
    hostile = ('"', "NEAR(", "* AND", "a" * 200, "label:x", "') OR 1=1 --", "\u0000", "🦀", "- - -")
    for words in hostile:
        assert client.get("/search", params={"q": words}).status_code == 200, words
    page = client.get("/search", params={"q": "<script>alert(1)</script>"}, headers={"accept": BROWSER}).text
    assert "<script>" not in page
    paged = client.get("/search", params={"q": "servizio", "page": 3}).json()
    assert paged["total"] == 300
    assert len(paged["hits"]) == 20


def test_files(client: httpx.Client) -> None:
    assert "mappe-servizi.nq" in client.get("/dump/").text
    assert client.get("/dump").status_code == 308
    dump = client.get("/dump/mappe-servizi.nq")
    assert dump.headers["content-type"] == "application/n-quads"
    part = client.get("/dump/mappe-servizi.nq", headers={"range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, dump.content[:10])
    assert client.get("/csv/services.csv").headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("path", [f"/page/{NIDO}", f"/doc/{NIDO}.ttl", "/dump/mappe-servizi.nq"])
def test_a_date_is_enough_to_revalidate(client: httpx.Client, path: str) -> None:
    whole = client.get(path)
    modified, tag = whole.headers["last-modified"], whole.headers["etag"]
    date = parsedate_to_datetime(modified)
    assert date <= parsedate_to_datetime(whole.headers["date"])

    def status(since: str, **fields: str) -> int:
        for method in ("GET", "HEAD"):
            response = client.request(method, path, headers={"if-modified-since": since, **fields})
            assert response.status_code != 304 or (not response.content and response.headers["etag"] == tag)
        return response.status_code

    assert status(modified) == 304
    assert status(format_datetime(date + timedelta(days=1), usegmt=True)) == 304
    assert status(format_datetime(date - timedelta(seconds=1), usegmt=True)) == 200
    for odd in ("yesterday", "Mon, 01 Jan 2020 00:00:00 +9999999999999999", "Mon, 01 Jan 99999 00:00:00 GMT"):
        assert status(odd) == 200
    assert status(modified, **{"if-none-match": '"another"'}) == 200
    assert status("yesterday", **{"if-none-match": tag}) == 304


def test_operations(client: httpx.Client) -> None:
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz").json()
    assert ready["editions"] == ["c_d150-2020"]
    assert set(ready["isolation"]) == {"network", "memory"}
    metrics = client.get("/metrics").text
    for name in ("mappe_request_seconds_bucket", "mappe_query_kills_total", "mappe_cache_hits_total"):
        assert name in metrics
    problems = client.get("/problems").text
    assert all(f'id="{kind}"' in problems for kind in TYPES)


def test_cross_origin(client: httpx.Client) -> None:
    for path in ("/sparql?query=ASK%7B%7D", f"/doc/{NIDO}.ttl", "/nowhere", "/catalogue.ttl"):
        response = client.get(path, headers={"origin": "https://example.org"})
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
    preflight = client.options("/sparql", headers={"access-control-request-method": "QUERY"})
    assert "QUERY" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["accept-query"] == "application/sparql-query"


def test_ranges_that_are_none_are_left_out_and_preconditions_hold(client: httpx.Client) -> None:
    dump = "/dump/mappe-servizi.nq"
    whole = client.get(dump)
    for wrong in ("lines=1-2", "bytes=5-2", "bytes=x"):
        answer = client.get(dump, headers={"range": wrong})
        assert (answer.status_code, answer.content) == (200, whole.content)
    assert client.get(dump, headers={"range": "bytes=-10"}).content == whole.content[-10:]
    assert client.get(dump, headers={"range": f"bytes={len(whole.content)}-"}).status_code == 416
    tag, past = whole.headers["etag"], "Sun, 22 Nov 2015 10:00:00 GMT"
    for name, value, status in (
        ("if-match", tag, 200),
        ("if-match", "*", 200),
        ("if-match", '"other"', 412),
        ("if-unmodified-since", whole.headers["last-modified"], 200),
        ("if-unmodified-since", past, 412),
    ):
        assert client.get(dump, headers={name: value}).status_code == status, name
    exposed = client.get(dump).headers["access-control-expose-headers"]
    assert {"Content-Range", "Accept-Ranges", "ETag"} <= set(exposed.replace(" ", "").split(","))
