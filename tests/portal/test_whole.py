"""A client that ignores header fields gets all of what it asks for, or is told in the body how to go on."""

import csv
import io
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from mappe_servizi.rdf.query_text import counted, windowed
from mappe_servizi.releases import Release
from mappe_servizi.web.api.tabular import TabsOfCommas

DIALECTS = {"csv": "excel", "tsv": "excel-tab"}


def table(client: httpx.Client, path: str) -> list[list[str]]:
    """The rows of a file, as a client reads it that knows nothing of HTTP's header fields."""
    dialect = DIALECTS[path.partition("?")[0].rpartition(".")[2]]
    return list(csv.reader(io.StringIO(client.get(path).text, newline=""), dialect))


def walk(client: httpx.Client, path: str, members: str) -> list[Any]:
    """All members of pages of JSON, going on as the body says."""
    found: list[Any] = []
    place: str | None = path
    total = None
    while place:
        page = client.get(place).raise_for_status().json()
        found += page[members]
        total, place = page["total"], page["next"]
    assert len(found) == total
    return found


def operations(client: httpx.Client) -> dict[str, set[str]]:
    """The media types that each operation is described with."""
    paths = client.get("/api/openapi.json").json()["paths"]
    found = {path: methods["get"] for path, methods in sorted(paths.items()) if path.startswith("/api/")}
    return {path: {*one["responses"]["200"]["content"]} for path, one in found.items()}


def test_every_operation_is_whole_in_every_format(client: httpx.Client, release: Release) -> None:
    longest = 0
    for path, media in operations(client).items():
        rows = walk(client, path, "rows")
        longest = max(longest, len(rows))
        for suffix in DIALECTS:
            _, *lines = table(client, f"{path}.{suffix}")
            assert len(lines) == len(rows), path
        if "text/turtle" in media:
            triples = parse(client.get(f"{path}.ttl").content, format=RdfFormat.TURTLE)
            assert len({quad.subject for quad in triples}) == len(rows), path
        assert walk(client, f"{path}?limit=97", "rows") == rows, path
        published = release.path / "csv" / f"{path.rpartition('/')[2]}.csv"
        if published.exists():
            assert client.get(f"{path}.csv").content == published.read_bytes()
            assert table(client, f"{path}.tsv") == list(csv.reader(published.open(newline="")))
    assert longest > 1000, "nothing here is longer than a page"
    assert sum("text/turtle" in media for media in operations(client).values()) > 60


@pytest.mark.parametrize("suffix", ["csv", "tsv", "ttl"])
def test_a_page_that_is_asked_for_is_one(client: httpx.Client, suffix: str) -> None:
    path = f"/api/services.{suffix}"
    if suffix == "ttl":
        page = {q.subject for q in parse(client.get(f"{path}?limit=10").content, format=RdfFormat.TURTLE)}
        assert len(page) == 10
        return
    _, *whole = table(client, path)
    pages = [table(client, f"{path}?limit=10&page={number}")[1:] for number in range(1, 9)]
    assert [row for page in pages for row in page] == whole
    first = client.get(f"{path}?limit=10")
    assert first.headers["link"] == f'<{path}?limit=10&page=2>; rel="next"'
    assert client.get(f"{path}?limit=10&page=9").status_code == 404
    assert len(table(client, f"{path}?page=1")) == 74


@pytest.mark.parametrize("filters", ["edition=1900", "number=7", "number=7&limit=1"])
def test_totals_are_those_of_what_was_asked(client: httpx.Client, filters: str) -> None:
    rows = walk(client, f"/api/observations?{filters}", "rows")
    asked = "&".join(f for f in filters.split("&") if not f.startswith("limit"))
    assert len(rows) == len(table(client, f"/api/observations.csv?{asked}")) - 1


def test_a_query_with_a_limit_of_its_own_keeps_it(client: httpx.Client) -> None:
    whole = walk(client, "/api/change-of-users", "rows")
    assert len(whole) == 20
    assert walk(client, "/api/change-of-users?limit=7", "rows") == whole


@pytest.mark.parametrize("words", ["asilo", "servizi", "zzzzzz"])
def test_searches_go_on_in_the_body(client: httpx.Client, words: str) -> None:
    page = client.get("/search", params={"q": words, "format": "json"}).json()
    if not page["totalIsMinimum"]:
        hits = walk(client, f"/search?q={words}&format=json", "hits")
        assert len({hit["iri"] for hit in hits}) == len(hits)
    assert bool(page["next"]) == (page["total"] > page["limit"])
    if page["pages"] < 50:
        beyond = client.get("/search", params={"q": words, "page": page["pages"] + 1})
        assert beyond.status_code == 404


def test_suggestions_go_on_in_the_body(client: httpx.Client) -> None:
    found, place = [], "/reconcile/suggest/entity?prefix=s"
    while place:
        page = client.get(place).json()
        found += [entity["id"] for entity in page["result"]]
        place = page.get("next", "")
    assert len(found) == len(set(found)) > 50
    proposal = client.get("/reconcile/extend/propose").json()
    assert "limit" not in proposal
    less = client.get("/reconcile/extend/propose?limit=3").json()
    assert (len(less["properties"]), less["limit"], less["total"]) == (3, 3, len(proposal["properties"]))


def test_the_catalogue_is_whole(client: httpx.Client, release: Release) -> None:
    for suffix in ("ttl", "rdf", "jsonld", "nt"):
        assert (
            client.get(f"/catalogue.{suffix}").content == (release.path / f"catalogue.{suffix}").read_bytes()
        )


@pytest.mark.parametrize("path", ["/services", "/providers"])
def test_lists_for_people_are_whole(client: httpx.Client, release: Release, path: str) -> None:
    rows = json.loads(client.get(f"/api{path}?limit=10000").text)["rows"]
    page = client.get(path, headers={"accept": "text/html"}).text
    column = "service" if path == "/services" else "provider"
    links = {row[column].replace(f"{release.base_uri}data/", "/page/") for row in rows}
    assert [link for link in links if f'"{link}"' not in page] == []


CELLS = st.text(alphabet="ab,\t\"\r\n'è€", max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=8), st.integers(1, 9))
def test_commas_become_tabs_wherever_the_pieces_end(rows: list[list[str]], size: int) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    data, rewriter = text.getvalue().encode(), TabsOfCommas()
    pieces = [rewriter.feed(data[i : i + size]) for i in range(0, len(data), size)]
    written = b"".join([*pieces, rewriter.flush()]).decode()
    assert list(csv.reader(io.StringIO(written, newline=""), "excel-tab")) == rows


@pytest.mark.parametrize(
    ("text", "limit", "offset", "window"),
    [
        ("SELECT * {}", 5, 0, "LIMIT 5 OFFSET 0"),
        ("SELECT * {} LIMIT 3", 5, 0, "LIMIT 3 OFFSET 0"),
        ("SELECT * {} limit 3 # a few\n", 5, 2, "LIMIT 1 OFFSET 2"),
        ("SELECT * {} LIMIT 3", 5, 7, "LIMIT 0 OFFSET 7"),
        ("SELECT * {} OFFSET 4 LIMIT 10", 5, 0, "LIMIT 5 OFFSET 4"),
        ("SELECT * {} OFFSET 4", 5, 5, "LIMIT 5 OFFSET 9"),
        ("SELECT * { { SELECT * {} LIMIT 3 } }", 5, 0, "LIMIT 5 OFFSET 0"),
    ],
)
def test_windows(text: str, limit: int, offset: int, window: str) -> None:
    assert windowed(text, limit, offset).rpartition("\n")[2] == window


def test_counting_leaves_the_prologue() -> None:
    prologue = "# SELECT\nBASE <http://e.org/>\nPREFIX select: <http://e.org/SELECT#>\n"
    query = counted(f"{prologue}SELECT ?s {{ ?s a select:X }} # end")
    assert query.startswith(f"{prologue}SELECT (COUNT(*) AS ?total)")
