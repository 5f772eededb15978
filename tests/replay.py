"""A client of a linked data event stream: replays it, as anyone could with an RDF parser."""

from collections.abc import Callable

import httpx
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

TREE, PROV, DCT = "https://w3id.org/tree#", "http://www.w3.org/ns/prov#", "http://purl.org/dc/terms/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DELETE = NamedNode("https://www.w3.org/ns/activitystreams#Delete")
OF, AT = NamedNode(f"{DCT}isVersionOf"), NamedNode(f"{PROV}generatedAtTime")


def triples(body: bytes, address: str) -> list[Triple]:
    return [quad.triple for quad in parse(body, format=RdfFormat.TURTLE, base_iri=address)]


def replay(get: Callable[[str], httpx.Response], base: str, stream: str) -> set[Triple]:
    """The graph that the stream's members make, in the order of its pages."""
    root = triples(get(f"feed/{stream}").content, f"{base}feed/{stream}")
    pages = [t.object.value for t in root if t.predicate.value == f"{TREE}node"]  # type: ignore[union-attr]
    state: dict[str, set[Triple]] = {}
    last = ""
    for page in sorted(pages, key=lambda address: int(address.rsplit("/", 1)[1])):
        answer = get(page.removeprefix(base))
        assert "immutable" in answer.headers["cache-control"]
        members: dict[str, list[Triple]] = {}
        for triple in triples(answer.content, page):
            members.setdefault(triple.subject.value, []).append(triple)  # type: ignore[union-attr]
        for found in members.values():
            of = [t.object for t in found if t.predicate == OF]
            if not of:
                continue  # of the page, not of a member
            assert isinstance(of[0], NamedNode)
            time = next(t.object.value for t in found if t.predicate == AT)  # type: ignore[union-attr]
            assert time >= last, "time goes back"
            last = time
            payload = [t for t in found if t.predicate not in {OF, AT}]
            if any(t.predicate == TYPE and t.object == DELETE for t in payload):
                state.pop(of[0].value, None)
            else:
                state[of[0].value] = {Triple(of[0], t.predicate, t.object) for t in payload}
    return set().union(*state.values())
