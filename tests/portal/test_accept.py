"""What real clients send as Accept, and what each of them must get when it dereferences an IRI."""

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

NIDO = "/data/public-service/c_d150/asili-nido"
HTML, TURTLE, NT = "text/html", "text/turtle", "application/n-triples"
RDFXML, JSONLD, NQ, TRIG = (
    "application/rdf+xml",
    "application/ld+json",
    "application/n-quads",
    "application/trig",
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,"
CLIENTS = [
    ("Chrome 130", f"{BROWSER}image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7", HTML),
    ("Firefox 132", f"{BROWSER}image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.8", HTML),
    ("Firefox 60", f"{BROWSER}*/*;q=0.8", HTML),
    ("Safari 17", f"{BROWSER}*/*;q=0.8", HTML),
    ("Edge 18", "text/html, application/xhtml+xml, application/xml; q=0.9, */*; q=0.8", HTML),
    ("Internet Explorer 11", "text/html, application/xhtml+xml, */*", HTML),
    ("lynx", "text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01", HTML),
    ("w3m", "text/html, text/*;q=0.5, image/*, application/*", HTML),
    ("Googlebot", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ("Bingbot", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ("Facebook crawler", "*/*", TURTLE),
    ("curl", "*/*", TURTLE),
    ("wget", "*/*", TURTLE),
    ("no Accept at all", None, TURTLE),
    ("python-requests", "*/*", TURTLE),
    ("Java HttpURLConnection", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),
    (
        "rdflib 7 Graph.parse",
        "text/turtle, application/rdf+xml, text/n3, application/n-triples, application/ld+json, */*;q=0.1",
        TURTLE,
    ),
    ("rdflib 7 format=xml", "application/rdf+xml, */*;q=0.1", RDFXML),
    ("rdflib 7 format=n3", "text/n3, */*;q=0.1", TURTLE),
    ("rdflib 7 format=nt", "text/plain, */*;q=0.1", TURTLE),
    ("rdflib 7 format=json-ld", "application/ld+json, application/json;q=0.9, */*;q=0.1", JSONLD),
    (
        "Jena RDFParser",
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
        "application/rdf+xml;q=0.7,*/*;q=0.3",
        TURTLE,
    ),
    (
        "Jena riot, quads first",
        "application/trig, application/n-quads;q=0.9, text/turtle;q=0.8, application/rdf+xml;q=0.7, */*;q=0.1",  # noqa: E501
        TRIG,
    ),
    (
        "RDF4J Rio",
        "application/rdf+xml;q=0.8, application/xml;q=0.8, text/turtle;q=0.9, application/x-turtle;q=0.9, "
        "application/n-triples, text/plain;q=0.7, application/ld+json;q=0.6",
        NT,
    ),
    (
        "rapper (librdf raptor)",
        "application/n-triples;q=0.1, text/plain;q=0.1, text/n3;q=0.3, text/turtle, "
        "application/turtle;q=0.5, application/x-turtle;q=0.5, application/rdf+xml;q=0.9, text/rdf;q=0.6, "
        "application/trig, text/x-nquads;q=0.1, application/rss;q=0.1, text/html;q=0.6, "
        "application/xhtml+xml;q=0.6, */*;q=0.1",
        TURTLE,
    ),
    (
        "Comunica 4",
        "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
        "text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
        "text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18,application/json;q=0.135",
        NQ,
    ),
    ("LDflex and N3.js fetch", "text/turtle, application/trig;q=0.9, application/n-triples;q=0.8", TURTLE),
    ("SPARQLWrapper graphs", "text/turtle,application/turtle,text/rdf+n3,application/n-triples,"
     "text/n3,text/plain,application/rdf+xml,application/ld+json,application/x-json+ld", TURTLE),
    ("ckanext-dcat, Turtle", "text/turtle", TURTLE),
    ("ckanext-dcat, RDF/XML", "application/rdf+xml", RDFXML),
    ("ckanext-dcat, JSON-LD", "application/ld+json", JSONLD),
    ("OpenRefine import from a URL", "*/*", TURTLE),
    ("EasyRdf", "application/ld+json,application/rdf+xml;q=0.9,text/turtle;q=0.8,application/n-triples;q=0.5,"
     "text/html;q=0.4,application/xhtml+xml;q=0.4", JSONLD),
    ("Ruby RDF.rb", "application/n-triples, text/plain;q=0.2, application/n-quads, text/x-nquads;q=0.2, "
     "application/ld+json, application/x-ld+json, text/html;q=0.5, application/xhtml+xml;q=0.7, text/turtle, "
     "text/rdf+n3, application/turtle;q=0.2, application/x-turtle, application/rdf+xml, application/trig, "
     "application/x-trig;q=0.2, */*;q=0.1", TURTLE),
    ("data.europa.eu harvester", "application/rdf+xml, text/turtle;q=0.9", RDFXML),
    ("JSON-LD playground", "application/ld+json, application/json", JSONLD),
    ("jsonld.js with a profile", 'application/ld+json;profile="http://www.w3.org/ns/json-ld#context", '
     "application/ld+json, application/json", JSONLD),
    ("Protégé", "application/rdf+xml, application/xml;q=0.7, text/turtle;q=0.6, */*;q=0.1", RDFXML),
    ("Apple link preview", "text/html", HTML),
]  # fmt: skip
PARSED = {TURTLE: RdfFormat.TURTLE, NT: RdfFormat.N_TRIPLES, RDFXML: RdfFormat.RDF_XML, JSONLD: RdfFormat.JSON_LD,  # noqa: E501
          NQ: RdfFormat.N_QUADS, TRIG: RdfFormat.TRIG}  # fmt: skip


@pytest.mark.parametrize(("accept", "media"), [c[1:] for c in CLIENTS], ids=[c[0] for c in CLIENTS])
def test_each_client_gets_what_it_wants(client: httpx.Client, accept: str | None, media: str) -> None:
    headers = {} if accept is None else {"accept": accept}
    request = client.build_request("GET", NIDO, headers=headers)
    if accept is None:
        del request.headers["accept"]
    see = client.send(request)
    assert see.status_code == 303
    assert "Accept" in see.headers["vary"]
    found = client.get(see.headers["location"], headers={"accept": accept or "*/*"})
    assert found.status_code == 200
    assert found.headers["content-type"].partition(";")[0] == media
    if media in PARSED:
        assert any(parse(found.content, format=PARSED[media]))


def test_the_table_is_long_enough() -> None:
    assert len(CLIENTS) >= 30
    assert len({name for name, _, _ in CLIENTS}) == len(CLIENTS)


def test_all_formats_have_the_same_triples(client: httpx.Client) -> None:
    document = NIDO.replace("/data/", "/doc/")
    found = []
    for media, suffix in ((TURTLE, "ttl"), (NT, "nt"), (RDFXML, "rdf"), (JSONLD, "jsonld")):
        response = client.get(f"{document}.{suffix}")
        assert response.headers["content-type"].startswith(media)
        found.append({str(quad.triple) for quad in parse(response.content, format=PARSED[media])})
    assert len(found[0]) > 50
    assert all(other == found[0] for other in found)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("it-IT,it;q=0.9,en;q=0.8", "it"), ("en-GB,en;q=0.9", "en"), ("de", "it"), ("de,en;q=0.1", "en"), (None, "it"),  # noqa: E501
     ("*", "it"), ("en;q=0,it;q=0", "it")],
)  # fmt: skip
def test_languages(client: httpx.Client, wanted: str | None, language: str) -> None:
    headers = {"accept": HTML} | ({"accept-language": wanted} if wanted else {})
    page = client.get(NIDO.replace("/data/", "/page/"), headers=headers)
    assert page.headers["content-language"] == language
    assert f'<html lang="{language}">' in page.text
    assert "Accept-Language" in page.headers["vary"]
    other = client.get(NIDO.replace("/data/", "/page/"), params={"lang": "en"}, headers=headers)
    assert other.headers["content-language"] == "en"


def test_nothing_acceptable_is_said_with_what_there_is(client: httpx.Client) -> None:
    response = client.get(NIDO, headers={"accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json()["detail"]


def test_headers_of_a_page_and_of_a_document(client: httpx.Client) -> None:
    page = client.get(NIDO.replace("/data/", "/page/"), headers={"accept": HTML})
    relations = page.headers["link"]
    for relation in ("alternate", "canonical", "describedby", "license"):
        assert f'rel="{relation}"' in relations
    assert page.headers["etag"].startswith('"')
    same = client.get(page.request.url.path, headers={"accept": HTML, "if-none-match": page.headers["etag"]})
    assert same.status_code == 304
    assert not same.content
    head = client.head(page.request.url.path, headers={"accept": HTML})
    assert head.status_code == 200
    assert not head.content
    options = client.options(page.request.url.path)
    assert options.status_code == 204
    assert options.headers["access-control-allow-origin"] == "*"
