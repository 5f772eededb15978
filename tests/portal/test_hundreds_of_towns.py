"""Pages on hundreds of municipalities: none lists all of them, each leads on to all of them."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.web.portal.overview import TILES
from mappe_servizi.web.portal.paging import ENTRIES
from served import BASE, serve, write_release
from tiny_towns import TOWN

TOWNS = 2 * ENTRIES + 30
DATA_SET = """<data/dataset/t_§/2020/all> a dcat:Dataset ; dct:title "Mappe di Borgo §"@it .
"""
FINDING = """<data/finding/t_§/2020/x> a mds:QualityFinding ; mds:aboutMap <data/service-map/t_§/nido> ;
  mds:severity "error" .
"""
LARGEST = 100_000
"""Bytes of a page: what there is of a municipality on it is a line, and lines are a hundred at most."""


def quads(turtle: str, graph: str) -> Iterator[Quad]:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(BASE).items())
    every = "".join(turtle.replace("§", str(number)) for number in range(1, TOWNS + 1))
    for quad in parse(head + every, format=RdfFormat.TURTLE, base_iri=BASE):
        if graph:
            yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(f"{BASE}graph/{graph}"))
        else:
            yield quad


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    store = Store()
    for turtle, graph in ((TOWN, ""), (DATA_SET, "catalogue"), (FINDING, "quality")):
        store.extend(quads(turtle, graph))
    link: Path = tmp_path_factory.mktemp("hundreds") / "current"
    write_release(link, store.dump(format=RdfFormat.N_QUADS))
    with (
        serve("--release", str(link)) as server,
        httpx.Client(base_url=server.url, headers={"accept": "text/html", "accept-language": "en"}) as client,
    ):
        yield client


def page(client: httpx.Client, path: str, **query: str) -> str:
    answer = client.get(path, params=query or None)
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST
    return answer.text


def test_the_start_page_names_some_and_counts_all(client: httpx.Client) -> None:
    found = page(client, "/")
    assert len(re.findall(r'href="/page/municipality/t_\d+"', found)) == TILES
    assert f"<dt>municipalities</dt><dd>{TOWNS}</dd>" in found
    assert f"<dt>services</dt><dd>{TOWNS}</dd>" in found
    assert 'href="/services"' in found


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/services", r'href="/page/municipality/(t_\d+)"'),
        ("/quality", r'href="/quality/(t_\d+)"'),
        ("/catalogue", r'href="/page/dataset/(t_\d+)/2020/all"'),
    ],
)
def test_a_list_is_read_page_by_page(client: httpx.Client, path: str, entry: str) -> None:
    seen, address, pages = list[str](), path, 0
    while address and pages < 9:
        found = page(client, address)
        seen += dict.fromkeys(re.findall(entry, found))
        following = re.search(r'rel="next" href="([^"]*)"', found)
        address, pages = html.unescape(following[1]) if following else "", pages + 1
    assert pages == 3
    assert sorted(seen) == sorted(f"t_{number}" for number in range(1, TOWNS + 1))
    assert client.get(path, params={"page": "4"}).status_code == 404
    assert client.get(path, params={"page": "0"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/explore/users", "/explore/personnel", "/explore/providers", "/explore/towns"]
)
def test_a_municipality_is_chosen_by_its_name(client: httpx.Client, path: str) -> None:
    asked = page(client, path)
    assert "/municipality/" not in asked
    assert '<input class="form-control" type="text" id="town" name="town"' in asked
    for named in ("borgo 17", "t_17", f"{BASE}data/municipality/t_17"):
        assert 'name="town" autocomplete="off" value="Borgo 17"' in page(client, path, town=named)
    for unknown in ("borgo", "", '"><script>', "t_9999"):
        assert 'name="town" autocomplete="off" value=""' in page(client, path, town=unknown)


def test_findings_are_counted_by_municipality(client: httpx.Client) -> None:
    found = page(client, "/quality")
    assert len(re.findall(r'<td class="numeric">1</td><td class="numeric">0</td>', found)) == ENTRIES


def test_each_municipality_has_its_sitemap(client: httpx.Client) -> None:
    assert client.get("/sitemap.xml").text.count("<loc>") == TOWNS + 1
    assert client.get("/sitemap/site.xml").text.count("<loc>") == 2 * (TOWNS + 8)
    assert client.get("/sitemap/site-2.xml").status_code == 404
    assert client.get("/sitemap/site-x.xml").status_code == 404
