"""What pages about one municipality ask costs the same whoever else is in the graph."""

import asyncio
import re
from collections.abc import Mapping

import httpx
import pytest
from pyoxigraph import RdfFormat, Store

from growth import seconds
from mappe_servizi.model.outputs import declared
from mappe_servizi.releases import Release
from mappe_servizi.settings import Settings
from mappe_servizi.web.app import create_app
from mappe_servizi.web.portal import context, organizations, shared_indicator, shared_service
from mappe_servizi.web.portal.question import LIMIT, About, prologue, question
from served import BASE

TOWN, OTHERS = b"c_d150", 5
KIND = re.compile(f"{BASE}data/([a-z-]+)/{TOWN.decode()}/")
OF_EACH_KIND = 2
CHOSEN = ("/explore/users", "/explore/personnel", "/explore/providers", "/explore/towns")
MOST, SLACK = 1.5, 0.0005
"""Times the cost beside nobody, and seconds of noise: an index is deeper, nothing else."""
TIMES = 3


@pytest.fixture(scope="module")
def graphs(release: Release) -> tuple[Store, Store]:
    """Of one municipality, and of the same beside others."""
    lines = declared.DUMP.at(release.path).read_bytes()
    alone, beside = Store(), Store()
    for store in (alone, beside):
        store.bulk_load(lines, format=RdfFormat.N_QUADS)
    own = b"".join(line for line in lines.splitlines(keepends=True) if TOWN in line)
    for number in range(OTHERS):
        beside.bulk_load(own.replace(TOWN, b"t_%04d" % number), format=RdfFormat.N_QUADS)
    return alone, beside


def addresses(graph: Store) -> list[str]:
    """Of pages about the municipality: some of each kind of resource, and those of the site."""
    town = TOWN.decode()
    kinds: dict[str, list[str]] = {}
    for (iri,) in graph.query("SELECT DISTINCT ?s { ?s a ?class FILTER(isIRI(?s)) } ORDER BY MD5(STR(?s))"):
        if of := KIND.match(iri.value):
            kinds.setdefault(of[1], []).append(iri.value.replace(f"{BASE}data/", "/page/"))
    some = [page for pages in kinds.values() for page in pages[:OF_EACH_KIND]]
    assert len(some) > 40
    return [
        *some,
        f"/page/municipality/{town}",
        f"/brief/{town}",
        f"/quality/{town}",
        f"/quality/{town}/asili-nido",
        *(f"{path}?town={town}&with={town}" for path in CHOSEN),
    ]


async def asked(release: Release, pages: list[str]) -> dict[str, str]:
    """The query of each part of each page, by the page and the part's name."""
    found: dict[str, str] = {}
    app = create_app(Settings(release=release.path))

    def note(patterns: Mapping[str, str], base: str, limit: int = LIMIT) -> str:
        for name, pattern in patterns.items():
            found[f"{page} {name}"] = question({name: pattern}, base, limit)
        return question(patterns, base, limit)

    def about(patterns: About, iri: str, base: str) -> str:
        return note(patterns.of(iri), base)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "question", note)
        patch.setattr(About, "question", about)
        async with (
            app.started(),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
        ):
            for page in pages:
                answer = await client.get(page, headers={"accept": "text/html"})
                assert answer.status_code in {200, 303, 404}, page
    return found


def test_a_page_of_a_municipality_costs_the_same_beside_others(
    release: Release, graphs: tuple[Store, Store]
) -> None:
    questions = asyncio.run(asked(release, addresses(graphs[0])))
    assert len(questions) > 300
    assert dearer(graphs, questions) == {}


def test_what_some_say_of_what_all_share_costs_the_same_beside_others(graphs: tuple[Store, Store]) -> None:
    """Of shared services and indicators and of providers a page reads what some of all say."""
    town = f"VALUES ?town {{ <{BASE}data/municipality/{TOWN.decode()}> }}"
    questions = {}
    for concept, of in found(graphs[0], "?of mds:mainConcept ?concept"):
        patterns = shared_service.SAID.of(concept, SERVICES=f"VALUES ?service {{ <{of}> }}")
        questions |= {f"{concept} {name}": question({name: text}, BASE) for name, text in patterns.items()}
    for concept, _ in found(graphs[0], "?of mds:indicatorConcept ?concept"):
        patterns = shared_indicator.SAID.of(concept, TOWNS=town)
        questions |= {f"{concept} {name}": question({name: text}, BASE) for name, text in patterns.items()}
    for provider, of in found(graphs[0], "?of a mds:ServiceProvision ; roapit:isRoleInTimeOf ?concept"):
        patterns = organizations.DOES.of(provider, SOME=f"VALUES ?p {{ <{of}> }}")
        questions |= {f"{provider} {name}": question({name: text}, BASE) for name, text in patterns.items()}
    assert len(questions) > 150
    assert dearer(graphs, questions) == {}


def found(graph: Store, pattern: str) -> list[tuple[str, str]]:
    """Some concepts, and what has each of them."""
    rows = graph.query(
        f"{prologue(BASE)} SELECT ?concept ?of {{ {pattern} }} ORDER BY MD5(STR(?of)) LIMIT 12"
    )
    return [(concept.value, of.value) for concept, of in rows]


def dearer(graphs: tuple[Store, Store], questions: Mapping[str, str]) -> dict[str, str]:
    """The questions that cost more beside others, with what they cost."""
    alone, beside = graphs

    def cost(graph: Store, query: str, times: int = TIMES) -> float:
        return min(seconds(lambda: list(graph.query(query))) for _ in range(times))

    dearer = {}
    for name, query in questions.items():
        small, large = cost(alone, query), cost(beside, query)
        if large > MOST * small + SLACK:  # a pause of the machine happens once
            large = cost(beside, query, 3 * TIMES)
        if large > MOST * small + SLACK:
            dearer[name] = f"{1000 * small:.2f} ms alone, {1000 * large:.2f} beside {OTHERS}"
    return dearer
