"""Triples as people read them: a subject after another, its types and names first, short names for IRIs.

Depends on nothing else of the package, since query workers load it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

L0 = "https://w3id.org/italia/onto/l0/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
FIRST = {
    predicate: rank
    for rank, predicate in enumerate((
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        f"{L0}name",
        f"{RDFS}label",
        f"{SKOS}prefLabel",
        f"{DCT}title",
        f"{SKOS}altLabel",
        f"{L0}identifier",
        f"{DCT}identifier",
        f"{SKOS}notation",
        f"{RDFS}comment",
        f"{SKOS}definition",
        f"{L0}description",
        f"{DCT}description",
    ))
}  # fmt: skip
"""What is told of a thing before all else, in this order."""
READ = 1_000
"""Triples that somebody reads; more are written as they come."""
OWN = re.compile(r"(?:data|controlled-vocabulary)/(?P<name>[a-z][a-z0-9-]*)/(?:[^/]+/)*")


def readable(triples: Iterable[Any], prefixes: dict[str, str]) -> tuple[Iterable[Any], dict[str, str]]:
    """Triples in the order in which they are read, and the prefixes that they use.

    Subjects stand in the order in which they come first. Of many triples, all as they come, and all
    prefixes.
    """
    rest = iter(triples)
    head = list(itertools.islice(rest, READ))
    if len(head) == READ:
        return itertools.chain(head, rest), prefixes
    found = ordered(head)
    return found, used(found, prefixes)


def ordered(triples: list[Any]) -> list[Any]:
    """Triples by subject, property and value."""
    seen: dict[Any, int] = {}
    last = len(FIRST)

    def key(triple: Any) -> tuple[int, int, str, str]:
        predicate = triple.predicate.value
        rank = FIRST.get(predicate, last)
        return seen.setdefault(triple.subject, len(seen)), rank, predicate, str(triple.object)

    return [triple for _, triple in sorted(((key(t), t) for t in triples), key=lambda pair: pair[0])]


def used(triples: Iterable[Any], prefixes: dict[str, str]) -> dict[str, str]:
    """Those of the prefixes that triples use, and names for the base's own spaces that stand there twice."""
    spaces = Counter(namespace(term) for triple in triples for term in triple)
    found = {prefix: space for prefix, space in prefixes.items() if space in spaces}
    base = prefixes.get("mds", "").removesuffix("onto/MDS/")
    for space, times in spaces.items() if base else ():
        match = OWN.fullmatch(space, len(base)) if times > 1 and space.startswith(base) else None
        if match:
            found[free(match["name"], found)] = space
    return found


def free(name: str, taken: Iterable[str]) -> str:
    """A name that is not taken yet: the name itself, or with a number.

    >>> free("segment", {"segment", "segment-2"})
    'segment-3'
    """
    numbered = (f"{name}-{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def namespace(term: Any) -> str:
    """What stands before the local name of an IRI, or of the datatype of a literal."""
    iri: str = term.datatype.value if hasattr(term, "datatype") else getattr(term, "value", "")
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
