"""Who follows links: every IRI of ours that the dump or the catalogue has is asked for, as RDF.

At the end of all redirects there must be a document that says something of the IRI that was asked for,
or of the one that replaced it (dct:isReplacedBy).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse

from mappe_servizi.formats import JSON_LD, RDF_XML, TURTLE
from mappe_servizi.rehearsal.account import Account
from mappe_servizi.rehearsal.entrance import HarvestedAnswer
from mappe_servizi.rehearsal.triples import PARSERS, read, text
from mappe_servizi.rehearsal.visit import Visit

ACCEPT = f"{TURTLE.media}, {RDF_XML.media};q=0.9, {JSON_LD.media};q=0.8, */*;q=0.1"
AT_A_TIME = 4
GONE = 410
REPLACED = "http://purl.org/dc/terms/isReplacedBy"
MOST_TOLD = 50


def harvest(visit: Visit) -> list[Account]:
    """Ask for all of them, or for as many as the sample has."""
    account = Account("linked data clients: every IRI of ours")
    own, replaced = own_iris(visit)
    iris = sorted(own)
    asked = spread(iris, visit.sample)
    today = [replaced.get(iri, iri) for iri in asked]
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        found = dict(zip(asked, threads.map(partial(_problem, visit), asked, today), strict=True))
    ends = Counter(end for end, _ in found.values())
    for iri, (_, problem) in islice(((i, f) for i, f in found.items() if f[1]), MOST_TOLD):
        account.lose(iri, problem)
    wrong = sum(bool(problem) for _, problem in found.values())
    if wrong > MOST_TOLD:
        account.lose(visit.base, f"and {wrong - MOST_TOLD} more IRIs do not answer as they should")
    counts = ", ".join(f"{n} end with {end}" for end, n in sorted(ends.items()))
    account.notes.append(f"{len(asked)} of {len(iris)} IRIs asked: {counts}")
    if visit.dump is None:
        account.lose(visit.base, "the dump cannot be fetched")
    return [account]


def own_iris(visit: Visit) -> tuple[set[str], dict[str, str]]:
    """Our IRIs of the dump and the catalogue, and what replaced some of them.

    Both without what follows "#", which no server sees.
    """
    statements: list[Iterable[Any]] = [visit.catalogue.all]
    if visit.dump is not None:
        statements.append(parse(path=visit.dump, format=RdfFormat.N_QUADS))
    found: set[str] = set()
    replaced: dict[str, str] = {}
    for one in statements:
        for statement in one:
            for term in statement:
                if isinstance(term, NamedNode) and visit.visitor.ours(term.value):
                    found.add(term.value.partition("#")[0])
            before, predicate, now, *_ = statement
            if predicate.value == REPLACED:
                replaced[before.value] = now.value
    return found, replaced


def spread(iris: list[str], most: int) -> list[str]:
    """As many of them, evenly spread; all where ``most`` is 0.

    >>> spread(["a", "b", "c", "d", "e"], 2), spread(["a", "b"], 0)
    (['a', 'c'], ['a', 'b'])
    """
    if not most or len(iris) <= most:
        return iris
    return [iris[i * len(iris) // most] for i in range(most)]


def _problem(visit: Visit, iri: str, today: str) -> tuple[str, str]:
    """How an IRI's redirects end, and what is wrong with it; empty where nothing is.

    ``today`` is what replaced the IRI, or itself.
    """
    answer = visit.visitor.get(iri, accept=ACCEPT)
    if answer.status == GONE:
        return answer.said, ""
    if not answer.ok:
        return answer.said, f"it answers {' '.join(map(str, (*answer.hops, answer.said)))}"
    if "/data/" in iri and not _speaks_of(answer, today):
        return answer.said, f"the {answer.media} at its end says nothing of it"
    return answer.said, ""


def _speaks_of(answer: HarvestedAnswer, iri: str) -> bool:
    if answer.media not in PARSERS:
        return False
    try:
        names: Iterator[str] = (
            text(term).partition("#")[0]
            for quad in read(answer.body, answer.media, answer.address)
            for term in (quad.subject, quad.object)
        )
        return iri in names
    except ValueError:
        return False
