"""The editor's links: each text that they open gives what the operation beside it gives, at ten towns too."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from copies import copies
from helpers import ROOT
from mappe_servizi.rdf.queries import read_queries
from mappe_servizi.releases import Release
from served import Served, serve, write_release

LINK = re.compile(r'<a href="([^"]*/sparql\?edit=[^"]*)" data-query="([^"]+)"')
NAMES = [path.stem for path in sorted((ROOT / "queries").glob("[et]*/*.rq"))]
GALLERY = [name for name in NAMES if (ROOT / "queries" / "examples" / f"{name}.rq").exists()]
TOWNS = 10


def texts(client: httpx.Client, language: str) -> dict[str, str]:
    """The text that each of the editor's links opens, by the query's name."""
    page = client.get("/sparql", headers={"Accept": "text/html"}, params={"lang": language})
    assert page.status_code == 200
    links = [(link.replace("&amp;", "&"), name) for link, name in LINK.findall(page.text)]
    return {name: parse_qs(urlsplit(link).query)["edit"][0] for link, name in links}


def rows(response: httpx.Response) -> list[list[str]]:
    assert response.status_code == 200, response.text[:500]
    head, *found = csv.reader(io.StringIO(response.text))
    return [head, *sorted(found)]


def results(client: httpx.Client, text: str) -> list[list[str]]:
    return rows(client.post("/sparql", data={"query": text}, headers={"Accept": "text/csv"}))


@pytest.fixture(scope="module")
def shown(site: Served) -> dict[str, str]:
    with site.client() as client:
        return texts(client, "it")


@pytest.mark.parametrize("name", NAMES)
def test_a_linked_text_gives_what_the_api_gives(
    client: httpx.Client, shown: dict[str, str], name: str
) -> None:
    found = results(client, shown[name])
    assert found == rows(client.get(f"/api/{name}.csv"))
    assert len(found) > 1


def test_texts_say_what_can_be_changed_in_the_language_of_the_page(client: httpx.Client) -> None:
    for language in ("it", "en"):
        linked = texts(client, language)
        assert linked.keys() == set(NAMES)
        for name, query in read_queries(ROOT / "queries" / "examples").items():
            for parameter in query.parameters.values():
                line = rf"VALUES \?{parameter.name} {{ .* }} # {re.escape(parameter.description[language])}\n"
                assert re.search(line, linked[name]), name


@pytest.fixture(scope="module")
def ten_towns(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    link = tmp_path_factory.mktemp("ten-towns") / "current"
    write_release(link, b"".join(copies(release.dump, TOWNS)))
    with serve("--release", link) as served, served.client() as client:
        yield client


def test_at_ten_towns_they_answer_in_time_and_alike(ten_towns: httpx.Client) -> None:
    linked = texts(ten_towns, "it")
    assert len(results(ten_towns, linked["municipalities-overview"])) == 1 + TOWNS
    for name in GALLERY:
        assert results(ten_towns, linked[name]) == rows(ten_towns.get(f"/api/{name}.csv")), name
