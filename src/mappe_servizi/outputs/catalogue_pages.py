"""The catalogue in pages (Hydra), for harvesters that want it piece by piece.

A page is a catalogue by itself: the catalogue's own description, some data sets with everything
that they lead to, and the links to its neighbours in the same format. The last has no next one.
The pages together say what the catalogue says: what a data set or service names stays, described
on the page of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from mappe_servizi.rdf.namespaces import DCAT, HYDRA, RDF, XSD

PAGE_SIZE = 5
"""Data sets on a page."""
NOT_FOLLOWED = frozenset({DCAT["servesDataset"], DCAT["dataset"], DCAT["service"]})


def page_address(base: str, suffix: str, number: int) -> str:
    """The address of a page.

    >>> page_address("https://e.org/", "ttl", 2)
    'https://e.org/catalogue.ttl?page=2'
    """
    return f"{base}catalogue.{suffix}?page={number}"


def pages(triples: Sequence[Triple], base: str, suffix: str) -> Iterator[list[Triple]]:
    """The pages of a catalogue, in a format's chain."""
    catalogue = NamedNode(f"{base}catalogue")
    about: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            about.setdefault(triple.subject, []).append(triple)
    datasets = sorted(
        {
            t.object
            for t in about[catalogue]
            if t.predicate == DCAT["dataset"] and isinstance(t.object, NamedNode)
        },
        key=str,
    )
    count = -(-len(datasets) // PAGE_SIZE)
    for number in range(1, count + 1):
        chosen = datasets[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        left_out = {*datasets} - {*chosen}
        services = (
            [t.object for t in about[catalogue] if t.predicate == DCAT["service"]] if number == 1 else []
        )
        start = [catalogue, *chosen, *(s for s in services if isinstance(s, NamedNode))]
        reached = _reached(start, about, left_out)
        found = [
            t
            for node in reached
            for t in about[node]
            if t.predicate != DCAT["dataset"] or t.object not in left_out
        ]
        if number > 1:
            found = [t for t in found if t.predicate != DCAT["service"]]
        found += _hydra(base, suffix, number, count, len(datasets))
        yield sorted(found, key=lambda t: (str(t.subject), t.predicate != RDF["type"], str(t)))


def _reached(
    start: Sequence[NamedNode], about: dict[NamedNode, list[Triple]], others: set[NamedNode]
) -> list[NamedNode]:
    """Everything that some resources lead to, without the other data sets, of which some are a part."""
    found: dict[NamedNode, None] = {}
    todo = list(start)
    while todo:
        node = todo.pop()
        if node in found or node in others or node not in about:
            continue
        found[node] = None
        todo += [
            t.object
            for t in about[node]
            if t.predicate not in NOT_FOLLOWED and isinstance(t.object, NamedNode)
        ]
    return list(found)


def _hydra(base: str, suffix: str, number: int, count: int, total: int) -> Iterator[Triple]:
    page = NamedNode(page_address(base, suffix, number))
    yield Triple(page, RDF["type"], HYDRA["PagedCollection"])
    yield Triple(page, RDF["type"], HYDRA["PartialCollectionView"])
    yield Triple(page, HYDRA["totalItems"], Literal(str(total), datatype=XSD["integer"]))
    yield Triple(page, HYDRA["itemsPerPage"], Literal(str(PAGE_SIZE), datatype=XSD["integer"]))
    links = {"first": 1, "last": count, "previous": number - 1, "next": number + 1}
    for relation, other in links.items():
        if 1 <= other <= count:
            address = NamedNode(page_address(base, suffix, other))
            yield Triple(page, HYDRA[relation], address)
            yield Triple(page, HYDRA[f"{relation}Page"], address)
