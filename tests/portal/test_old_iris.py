"""Every IRI that was published before there were editions still answers, or leads to what it is now."""

import gzip
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx

from helpers import ROOT, Tell

PUBLISHED = ROOT / "tests" / "golden" / "iris-of-2026-11.txt.gz"
"""All IRIs of our own, without what follows "#", of a build of November 2026 (commit aae4db3)."""

DUMPS = ("c_d150-2020", "provenance", "providers", "quality", "vocabularies")
"""They were RDF/XML and JSON-LD too."""


def test_every_iri_of_before_answers_or_redirects(client: httpx.Client, tell: Tell) -> None:
    iris = gzip.decompress(PUBLISHED.read_bytes()).decode().splitlines()

    def ask(iri: str) -> int:
        return client.get("/" + quote(iri, safe="/:@!$&'()*+,;=-._~?"), follow_redirects=False).status_code

    with ThreadPoolExecutor(2) as threads:
        answers = dict(zip(iris, threads.map(ask, iris), strict=True))
    assert not {iri: status for iri, status in answers.items() if status not in {200, 301, 303}}
    moved = [iri for iri, status in answers.items() if status == 301]
    assert Counter(iri.removeprefix("data/").split("/")[0] for iri in moved) == {
        "correction": 158,
        "finding": 45,
        "distribution": 1 + 2 * len(DUMPS),
        "dump": 2 * len(DUMPS),
    }
    tell(f"{len(iris)} IRIs of before answer: {dict(Counter(answers.values()))}")


def test_what_moved_is_under_its_edition(client: httpx.Client) -> None:
    for old, new in (
        ("correction/c_d150/c050", "correction/c_d150/2020/c050"),
        (
            "finding/c_d150/total-of-parts-34-users-2-2018",
            "finding/c_d150/2020/total-of-parts-34-users-2-2018",
        ),
        ("distribution/c_d150/2020/document", "document/c_d150/2020/document"),
    ):
        answer = client.get(f"/data/{old}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, f"/data/{new}")
        assert client.get(f"/data/{new}", headers={"accept": "text/turtle"}).status_code == 303
        assert client.get(f"/page/{new}", headers={"accept": "text/html"}).status_code == 200


def test_a_dump_in_a_format_of_before_leads_to_the_one_that_there_is(client: httpx.Client) -> None:
    for suffix in ("rdf", "jsonld"):
        answer = client.get(f"/dump/providers.{suffix}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, "providers.ttl")
        followed = client.get(f"/dump/providers.{suffix}", follow_redirects=True)
        assert (followed.status_code, followed.url.path) == (200, "/dump/providers.ttl")
        assert client.get(f"/dump/nobody.{suffix}").status_code == 404
