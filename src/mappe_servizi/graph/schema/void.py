"""The counts as VoID: what the data set holds, how things of each class are linked, and to whose data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.schema.counts import Counts
from mappe_servizi.graph.schema.partitions import Partition
from mappe_servizi.model.outputs.declared import DUMP
from mappe_servizi.rdf.builder import Statement, en, integer, it
from mappe_servizi.rdf.namespaces import DCT, FOAF, L0, RDF, RDFS, VOID, VOID_EXT


def called(node: NamedNode, italian: str, english: str = "") -> Iterator[Statement]:
    """Its one name and its labels: like every resource of ours, whatever graph it stands in."""
    yield node, L0["name"], it(italian)
    yield node, RDFS["label"], it(italian)
    if english and english != italian:
        yield node, RDFS["label"], en(english)


def described(counts: Counts, base: str) -> Iterator[Statement]:
    """The data set's description; every node has an address below that of the document."""
    return _Described(base).statements(counts)


class _Described:
    def __init__(self, base: str) -> None:
        self.base, self.document = base, NamedNode(f"{base}.well-known/void")
        self.dataset = NamedNode(f"{self.document.value}#dataset")

    def statements(self, counts: Counts) -> Iterator[Statement]:
        yield from self._dataset(counts)
        for name, number in counts.classes.items():
            part = self._node("class", name)
            yield self.dataset, VOID["classPartition"], part
            yield part, VOID["class"], NamedNode(name)
            yield part, VOID["entities"], integer(number)
            yield from self._linked(part, counts.partitions.get(name, {}))
        for name, number in counts.properties.items():
            part = self._node("property", name)
            yield self.dataset, VOID["propertyPartition"], part
            yield part, VOID["property"], NamedNode(name)
            yield part, VOID["triples"], integer(number)
        yield from self._links(counts)

    def _dataset(self, counts: Counts) -> Iterator[Statement]:
        dataset = self.dataset
        yield self.document, RDF["type"], VOID["DatasetDescription"]
        yield from called(self.document, "Descrizione dei dati", "Description of the data")
        yield self.document, FOAF["primaryTopic"], dataset
        yield dataset, RDF["type"], VOID["Dataset"]
        yield from called(dataset, "Mappe dei servizi", "Service maps")
        yield dataset, DCT["title"], it("Mappe dei servizi")
        yield dataset, DCT["title"], en("Service maps")
        yield dataset, VOID["sparqlEndpoint"], NamedNode(f"{self.base}sparql")
        yield dataset, VOID["dataDump"], NamedNode(self.base + DUMP.path)
        yield dataset, VOID["uriSpace"], Literal(f"{self.base}data/")
        yield dataset, VOID["triples"], integer(counts.triples)
        yield dataset, VOID["distinctSubjects"], integer(counts.subjects)
        yield dataset, VOID["classes"], integer(len(counts.classes))
        yield dataset, VOID["properties"], integer(len(counts.properties))
        for example in set(counts.examples.values()):
            yield dataset, VOID["exampleResource"], NamedNode(example)

    def _linked(self, of: NamedNode, partitions: Mapping[str, Partition]) -> Iterator[Statement]:
        """With which properties things of a class are linked, and to what, as query assistants read it."""
        for name, partition in partitions.items():
            part = self._node("linked", f"{of.value} {name}")
            yield of, VOID["propertyPartition"], part
            yield part, VOID["property"], NamedNode(name)
            yield part, VOID["triples"], integer(partition["triples"])
            for kind, space, counts in (
                ("class", VOID, partition["classes"]),
                ("datatype", VOID_EXT, partition["datatypes"]),
            ):
                for target, number in counts.items():
                    there = self._node("target", f"{part.value} {target}")
                    yield part, space[f"{kind}Partition"], there
                    yield there, space[kind], NamedNode(target)
                    yield there, VOID["triples"], integer(number)

    def _links(self, counts: Counts) -> Iterator[Statement]:
        """The linksets to others' data."""
        for name, targets in counts.links.items():
            for target, number in targets.items():
                linkset, there = self._node("linkset", f"{name} {target}"), self._node("dataset", target)
                yield self.dataset, VOID["subset"], linkset
                local = name.replace("#", "/").rsplit("/", 1)[-1]
                yield linkset, RDF["type"], VOID["Linkset"]
                yield from called(linkset, f"{local} → {target}")
                yield linkset, VOID["subjectsTarget"], self.dataset
                yield linkset, VOID["objectsTarget"], there
                yield linkset, VOID["linkPredicate"], NamedNode(name)
                yield linkset, VOID["triples"], integer(number)
                yield there, RDF["type"], VOID["Dataset"]
                yield from called(there, target)
                yield there, VOID["uriSpace"], Literal(target)

    def _node(self, kind: str, name: str) -> NamedNode:
        digest = hashlib.blake2b(name.encode(), digest_size=6).hexdigest()
        return NamedNode(f"{self.document.value}#{kind}-{digest}")
