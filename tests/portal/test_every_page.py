"""The pages of what the graph describes: none fails for what its data lack; each can be found."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest

from helpers import Tell
from mappe_servizi.web.portal.texts import LONGEST_TITLE
from served import BASE, Served

DESCRIBED = f"""SELECT DISTINCT ?s {{
  {{ ?s a ?class }} UNION {{ GRAPH ?g {{ ?s a ?class }} }}
  FILTER(STRSTARTS(STR(?s), "{BASE}data/") || REGEX(STR(?s), "^{BASE}(controlled-vocabulary|onto)/[^.#]*$"))
}}"""
AT_A_TIME = 6
MANY = 1000
"""Of kinds with more pages than that every third is visited: figures, and places in documents."""
LANGUAGES = ("it", "en")


def place(iri: str) -> str:
    """Where the page of a resource stands."""
    return "/" + quote(re.sub("^data/", "page/", iri.removeprefix(BASE)), safe="/%:()',@!$&*+;=~")


def visited(paths: list[str]) -> Iterator[str]:
    """Pages that are in no sitemap, in turn in each language."""
    kinds = Counter(path.split("/")[2] for path in paths)
    for number, path in enumerate(paths):
        if kinds[path.split("/")[2]] <= MANY or number % 3 == 0:
            yield f"{path}?lang={LANGUAGES[number % 2]}"


class Head(HTMLParser):
    """What a page tells search engines and those who share it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.title, self.description, self.links, self._in_title = "", "", dict[str, str](), False
        self.indexed = True
        self.feed(page.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title"
        if tag == "meta" and told.get("name") == "description":
            self.description = told["content"]
        if tag == "link":
            self.links[told.get("hreflang", told["rel"])] = told["href"]

    def handle_data(self, data: str) -> None:
        self.title += data if self._in_title else ""
        self._in_title = False


def lacking(head: Head, place: str) -> Iterator[str]:
    """What is wrong with the head of the page of a place, which names its language."""
    address, _, language = f"{BASE.rstrip('/')}{place}".partition("?lang=")
    if not 0 < len(head.title) <= LONGEST_TITLE:
        yield f"title {head.title!r}"
    if not head.description:
        yield "no description"
    named = {"canonical": f"{address}?lang={language}", "x-default": address}
    named |= {one: f"{address}?lang={one}" for one in LANGUAGES}
    yield from (f"{name} {head.links.get(name)}" for name in named if head.links.get(name) != named[name])


async def visit(url: str, places: list[str]) -> tuple[Counter[tuple[int, str]], dict[str, Head]]:
    """The statuses of pages, some with an example of an address that had it; and the heads of pages."""
    found: Counter[tuple[int, str]] = Counter()
    heads: dict[str, Head] = {}
    waiting = iter(places)
    html = {"accept": "text/html"}
    async with httpx.AsyncClient(base_url=url, headers=html, timeout=60, follow_redirects=True) as client:

        async def visitor() -> None:
            for path in waiting:
                response = await client.get(path)
                whole = response.text.rstrip().endswith("</html>")
                found[response.status_code, "" if response.status_code == 200 and whole else path] += 1
                if not response.history:
                    heads[path] = Head(response.text)
                    heads[path].indexed = "noindex" not in response.headers.get("x-robots-tag", "")

        await asyncio.gather(*(visitor() for _ in range(AT_A_TIME)))
    return found, heads


def in_sitemaps(client: httpx.Client) -> list[str]:
    """The addresses that crawlers are told."""
    maps = re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").text)
    found = [re.findall(r"<loc>(.*?)</loc>", client.get(f"/{one.removeprefix(BASE)}").text) for one in maps]
    return [f"/{place.removeprefix(BASE)}" for places in found for place in places]


def test_every_resource_has_a_page(site: Served, client: httpx.Client, tell: Tell) -> None:
    rows = client.get("/sparql", params={"query": DESCRIBED, "format": "json"}).json()["results"]["bindings"]
    resources = sorted(place(row["s"]["value"]) for row in rows)
    listed = in_sitemaps(client)
    other = [p for p in resources if f"{p}?lang=it" not in set(listed)]
    places = [*listed, *visited(other)]
    found, heads = asyncio.run(visit(site.url, places))
    assert len(resources) > 9_000
    assert found == {(200, ""): len(places)}
    assert {path: wrong for path, head in heads.items() if (wrong := list(lacking(head, path)))} == {}
    assert all(heads[path].indexed for path in listed)
    titles = Counter((path[-2:], head.title) for path, head in heads.items() if head.indexed)
    assert len(titles) > 3_000
    assert [title for title, times in titles.items() if times > 1] == []
    tell(f"pages of resources visited: {len(places)}")


def test_a_further_page_of_a_list_is_told_from_the_first(client: httpx.Client) -> None:
    place = "/controlled-vocabulary/measurement-unit/count?lang=en"
    pages = [client.get(f"{place}{more}", headers={"accept": "text/html"}).text for more in ("", "&page=2")]
    first, second = map(Head, pages)
    assert second.title == f"{first.title} (page 2)"
    assert second.description.startswith("Page 2. ")
    assert second.links["canonical"] != first.links["canonical"]
    for path in ("/services?lang=en", "/about?lang=en"):  # the first page, and one that is of no list
        plain, numbered = (
            Head(client.get(f"{path}{more}", headers={"accept": "text/html"}).text)
            for more in ("", "&page=1" if "services" in path else f"&page={'9' * 200}")
        )
        assert numbered.title == plain.title
        assert numbered.links["canonical"] == plain.links["canonical"]
    for path in ("/csv/", "/dump/", "/report/", "/tables/"):
        head = Head(client.get(path, headers={"accept": "text/html"}).text)
        assert head.title
        assert head.description


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_redirect_keeps_the_language_that_an_address_names(client: httpx.Client, language: str) -> None:
    for path in (
        "/data/public-service/c_d150/asili-nido",
        "/data/finding/c_d150/all-forms-marked-43-management-all",
        "/page/correction/c_d150/c173",
        "/page/element/c_d150/2020/asili-nido/informazione",
    ):
        answer = client.get(
            path, params={"lang": language}, headers={"accept": "text/html"}, follow_redirects=True
        )
        assert answer.status_code == 200, path
        assert answer.history, path
        assert answer.headers["content-language"] == language, path
    page = client.get("/page/public-service/c_d150/asili-nido", params={"lang": language}).text
    [own] = re.findall(r'<p class="iri">[^<]*<a href="([^"]+)"', page)
    assert own == f"/data/public-service/c_d150/asili-nido?lang={language}"
    wrong = client.get("/data/public-service/c_d150/asili-nido", params={"lang": "x\r\ny: z"})
    assert wrong.status_code in {303, 400}
    assert "lang" not in wrong.headers.get("location", "")
