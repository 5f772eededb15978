"""Pages on hundreds of municipalities: none lists all of them, each leads on to all of them."""

import csv
import html
import io
import re
from collections.abc import Iterator

import httpx
import pytest

from mappe_servizi.web.portal.overview import TILES
from mappe_servizi.web.portal.paging import ENTRIES
from mappe_servizi.web.portal.shared_service import SERVICES
from served import BASE
from tiny_towns import served

TOWNS = 2 * ENTRIES + 30
DATA_SET = """<data/dataset/t_§/2020/all> a dcat:Dataset ; dct:title "Mappe di Borgo §"@it .
"""
FINDING = """<data/finding/t_§/2020/x> a mds:QualityFinding ; mds:aboutMap <data/service-map/t_§/nido> ;
  mds:severity "error" .
"""
GROUP = "/controlled-vocabulary/audience-group/children-0-3"
TOWN = r'href="/page/municipality/(t_\d+)"'
OF_SERVICE = r'href="/page/public-service/(t_\d+)/nido"'
PROVIDER = r'<th scope="row"><a [^>]*>(?:<bdi[^>]*>)?([^<]*)<'
LARGEST = 100_000
"""Bytes of a page: what there is of a municipality on it is a line, and lines are a hundred at most."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    link = tmp_path_factory.mktemp("hundreds") / "current"
    with served(link, TOWNS, {"catalogue": DATA_SET, "quality": FINDING}) as client:
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
    ("path", "entry", "most"),
    [
        ("/services", TOWN, ENTRIES),
        ("/quality", r'href="/quality/(t_\d+)"', ENTRIES),
        ("/catalogue", r'href="/page/dataset/(t_\d+)/2020/all"', ENTRIES),
        (GROUP, TOWN, ENTRIES),
        ("/page/organization/everywhere", OF_SERVICE, ENTRIES),
        ("/page/organization/former", OF_SERVICE, ENTRIES),
        ("/controlled-vocabulary/service-concept/nursery", TOWN, SERVICES),
        ("/controlled-vocabulary/indicator-concept/infants", TOWN, ENTRIES),
    ],
)
def test_a_list_is_read_page_by_page(client: httpx.Client, path: str, entry: str, most: int) -> None:
    last = -(-TOWNS // most)
    seen, address, pages = list[str](), path, 0
    while address and pages <= last:
        found = page(client, address)
        seen += dict.fromkeys(re.findall(entry, found))
        following = re.search(r'rel="next" href="([^"]*)"', found)
        address, pages = html.unescape(following[1]) if following else "", pages + 1
    assert pages == last
    assert sorted(seen) == sorted(f"t_{number}" for number in range(1, TOWNS + 1))
    assert client.get(path, params={"page": str(last + 1)}).status_code == 404
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
    for nobody in ("borgo", '"><script>', "t_9999"):
        told, written = page(client, path, town=nobody), html.escape(nobody).replace("&quot;", "&#34;")
        assert f'value="{written}" aria-invalid="true" aria-describedby="town-unknown"' in told
        assert f'No municipality here is called «<span lang="">{written}</span>»' in told
    assert "aria-invalid" not in asked
    assert "aria-invalid" not in page(client, path, town="  ")


@pytest.mark.parametrize(
    "path", ["/explore/users", "/explore/personnel", "/explore/providers", "/explore/towns"]
)
def test_a_file_is_of_nobody_else_than_whom_it_names(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params={"town": "borgo", "format": "csv"})
    assert answer.status_code == 400
    assert (
        "town must be one municipality&#39;s whole name, IPA code or IRI, not &#39;borgo&#39;" in answer.text
    )
    assert client.get(path, params={"town": "borgo 17", "with": "t_3", "format": "csv"}).status_code == 200


def test_who_delivers_most_comes_first_and_others_are_found_by_name(client: httpx.Client) -> None:
    every = page(client, "/providers")
    assert f"{TOWNS + 1} providers" in every
    names = re.findall(PROVIDER, every)
    assert names[0] == "Consorzio di tutti"
    assert len(names) == TOWNS + 1
    found = page(client, "/providers", filter="cooperativa 17")
    numbers = sorted(str(number) for number in range(1, TOWNS + 1) if "17" in str(number))
    assert re.findall(PROVIDER, found) == [f"Cooperativa {number}" for number in numbers]
    rows = csv.DictReader(io.StringIO(client.get("/providers?filter=consorzio&format=csv").text))
    assert [(row["name"], row["services"]) for row in rows] == [("Consorzio di tutti", str(TOWNS))]
    assert f"Consorzio di tutti</bdi> ({TOWNS})" in page(client, "/")
    assert re.findall(PROVIDER, page(client, "/providers", filter="un tempo")) == []  # older maps name it


def test_the_words_of_every_municipality_are_at_hand(client: httpx.Client) -> None:
    """Those of an area are of one municipality: all of them together are too many to be read beforehand."""
    for number in (1, 117, TOWNS):
        found = page(client, f"/page/public-service/t_{number}/nido")
        assert f'<a href="/page/area/t_{number}/scuola"><bdi lang="it">Scuola</bdi></a>' in found


def test_findings_are_counted_by_municipality(client: httpx.Client) -> None:
    found = page(client, "/quality")
    assert (
        len(re.findall(r'<td class="numeric"[^>]*>1</td><td class="numeric"[^>]*>0</td>', found)) == ENTRIES
    )


def test_each_municipality_has_its_sitemap(client: httpx.Client) -> None:
    assert client.get("/sitemap.xml").text.count("<loc>") == TOWNS + 1
    assert client.get("/sitemap/site.xml").text.count("<loc>") == 2 * (2 * TOWNS + 2 + 8)
    for part in ("2", "x", "02", "1", "0", "123456", "²"):
        assert client.get(f"/sitemap/site-{part}.xml").status_code == 404
