"""JSON-LD with a context: pyoxigraph's own writer has none.

Depends on nothing else of the package, since query workers load it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Protocol

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Sink(Protocol):
    """Something that takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take some."""


class Compactor:
    """Writes IRIs with the prefixes of a JSON-LD context."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self.prefixes = {p: n for p, n in prefixes.items() if p and n[-1:] in "/#:"}
        self.by_namespace = {n: p for p, n in self.prefixes.items()}

    def iri(self, iri: str) -> str:
        """The compact form, or the IRI itself."""
        cut = max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1
        prefix = self.by_namespace.get(iri[:cut])
        return iri if prefix is None or not iri[cut:] else f"{prefix}:{iri[cut:]}"

    def value(self, term: Any) -> dict[str, Any]:
        """An object as a JSON-LD value or reference."""
        if hasattr(term, "language"):
            value = {"@value": term.value}
            if term.language:
                value["@language"] = term.language
            elif term.datatype.value != XSD_STRING:
                value["@type"] = self.iri(term.datatype.value)
            return value
        return {"@id": self.node(term)}

    def node(self, term: Any) -> str:
        """A subject or object that is no literal."""
        text = str(term)
        return text if text.startswith("_:") else self.iri(term.value)

    def add(self, node: dict[str, Any], predicate: str, term: Any) -> None:
        """Add one triple to its node."""
        if predicate == RDF_TYPE and not hasattr(term, "language"):
            node.setdefault("@type", []).append(self.node(term))
        else:
            node.setdefault(self.iri(predicate), []).append(self.value(term))


def write_jsonld(triples: Iterable[Any], output: Sink, prefixes: dict[str, str]) -> None:
    """JSON-LD 1.1 with a context, node by node: pyoxigraph's own has no context."""
    compact = Compactor(prefixes)
    context = json.dumps(compact.prefixes, ensure_ascii=False)
    output.write(f'{{"@context":{context},"@graph":['.encode())
    node: dict[str, Any] = {}
    subject, separator = None, b""
    for triple in triples:
        if triple.subject != subject:
            if node:
                output.write(separator + json.dumps(node, ensure_ascii=False).encode())
                separator = b",\n"
            subject, node = triple.subject, {"@id": compact.node(triple.subject)}
        compact.add(node, triple.predicate.value, triple.object)
    if node:
        output.write(separator + json.dumps(node, ensure_ascii=False).encode())
    output.write(b"]}")
