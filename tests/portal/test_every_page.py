"""The page of everything that the graph describes: none may fail for what its data lack."""

import asyncio
import re
from collections import Counter
from urllib.parse import quote

import httpx

from helpers import Tell
from served import BASE, Served

DESCRIBED = f"""SELECT DISTINCT ?s {{
  {{ ?s a ?class }} UNION {{ GRAPH ?g {{ ?s a ?class }} }}
  FILTER(STRSTARTS(STR(?s), "{BASE}data/") || REGEX(STR(?s), "^{BASE}(controlled-vocabulary|onto)/[^.#]*$"))
}}"""
AT_A_TIME = 6
LANGUAGES = ("it", "en")


def place(iri: str) -> str:
    """Where the page of a resource stands."""
    return "/" + quote(re.sub("^data/", "page/", iri.removeprefix(BASE)), safe="/%:()',@!$&*+;=~")


async def visit(url: str, places: list[str]) -> Counter[tuple[int, str]]:
    """The statuses of pages, some with an example of an address that had it."""
    found: Counter[tuple[int, str]] = Counter()
    waiting = iter(enumerate(places))
    html = {"accept": "text/html"}
    async with httpx.AsyncClient(base_url=url, headers=html, timeout=60, follow_redirects=True) as client:

        async def visitor() -> None:
            for number, path in waiting:
                response = await client.get(path, params={"lang": LANGUAGES[number % 2]})
                whole = response.text.rstrip().endswith("</html>")
                found[response.status_code, "" if response.status_code == 200 and whole else path] += 1

        await asyncio.gather(*(visitor() for _ in range(AT_A_TIME)))
    return found


def test_every_resource_has_a_page(site: Served, client: httpx.Client, tell: Tell) -> None:
    rows = client.get("/sparql", params={"query": DESCRIBED, "format": "json"}).json()["results"]["bindings"]
    places = sorted(place(row["s"]["value"]) for row in rows)
    found = asyncio.run(visit(site.url, places))
    assert len(places) > 9_000
    assert found == {(200, ""): len(places)}
    tell(f"pages of resources visited: {len(places)}")
