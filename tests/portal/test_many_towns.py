"""Pages on more municipalities than one page can hold: each leads on to a choice, none fails."""

import csv
import html
import io
import re
from collections.abc import Iterator

import httpx
import pytest

from mappe_servizi.web.portal.territory import WHOLE
from served import BASE
from tiny_towns import served

TOWNS = WHOLE + 2


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with served(tmp_path_factory.mktemp("many") / "current", TOWNS) as client:
        yield client


def page(client: httpx.Client, path: str, **query: str) -> str:
    answer = client.get(path, params=query)
    assert answer.status_code == 200
    return answer.text


def towns_of(client: httpx.Client, path: str, **query: str) -> set[str]:
    """The municipalities of the rows that the page offers as a file."""
    [link] = re.findall(r'href="([^"]*format=csv)"', page(client, path, **query))
    rows = csv.DictReader(io.StringIO(client.get(html.unescape(link)).text))
    return {row["municipality"] for row in rows}


def iri(number: int) -> str:
    return f"{BASE}data/municipality/t_{number}"


def test_the_start_page_and_the_list_of_services_name_the_municipalities(client: httpx.Client) -> None:
    towns = [f"/page/municipality/t_{number}" for number in range(1, TOWNS + 1)]
    for path in ("/", "/services"):
        found = page(client, path)
        assert [t for t in towns if f'href="{t}"' in found] == towns
        assert "/page/area/" not in found
    assert f"<dt>municipalities</dt><dd>{TOWNS}</dd>" in page(client, "/")


def test_a_comparison_asks_for_a_municipality_or_words(client: httpx.Client) -> None:
    for path in ("/explore/users", "/explore/personnel"):
        asked = page(client, path)
        assert "There are many municipalities" in asked
        assert len(re.findall(r'<option value="https://[^"]*/municipality/', asked)) == TOWNS
        assert "<tbody>" not in asked
        chosen = page(client, path, town=iri(3))
        assert f'<option value="{iri(3)}" selected>' in chosen
        assert set(re.findall(r"/page/public-service/(t_\d)", chosen)) == {"t_3"}
        assert towns_of(client, path, town=iri(3)) == {"t_3"}
        assert "<tbody>" not in page(client, path, town=f"{BASE}data/municipality/none")
    assert ">103<" in page(client, "/explore/users", town=iri(3))


def test_words_compare_over_all_municipalities(client: httpx.Client) -> None:
    found = page(client, "/explore/users", filter="NIDO latt sezione", sort="2020")
    shown = re.findall(r'<th scope="row"><a href="/page/public-service/(t_\d)', found)
    assert shown == [f"t_{number}" for number in range(TOWNS, 0, -1)]
    assert towns_of(client, "/explore/users", filter="NIDO latt sezione", sort="2020") == set(shown)
    assert "0 entries" in page(client, "/explore/users", filter='") } UNION { ?s ?p ?o } #')
    assert "<tbody>" not in page(client, "/explore/users", filter='"')


def test_each_municipality_has_its_sitemap(client: httpx.Client) -> None:
    places = re.findall(r"<loc>([^<]*)</loc>", client.get("/sitemap.xml").text)
    assert len(places) == TOWNS + 1
    listed = client.get("/sitemap/t_2.xml").text
    assert set(re.findall(r"(t_\d)", listed)) == {"t_2"}
    assert listed.count("<loc>") == 12
