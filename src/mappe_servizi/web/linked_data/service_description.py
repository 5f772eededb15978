"""What the endpoint says of itself: the SPARQL service description, as triples.

What the data are and how they are asked is in the graph ``schema`` of the data.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from mappe_servizi.outputs.statistics import Statistics
from mappe_servizi.query.evaluate import FUNCTIONS
from mappe_servizi.query.formats import Format
from mappe_servizi.rdf.jsonld import write_jsonld
from mappe_servizi.rdf.namespaces import DCT, RDF, RDFS, SD, VOID, XSD, Namespace, prefixes
from mappe_servizi.rdf.spaces import documents
from mappe_servizi.rights import Standing
from mappe_servizi.settings import Settings

FORMATS = Namespace("http://www.w3.org/ns/formats/")
SIMPLE = NamedNode("http://www.w3.org/ns/entailment/Simple")
LATERAL = NamedNode("https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md")
"""What the embedded engine has beyond SPARQL 1.1; another engine may not."""
RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG",
)  # fmt: skip
RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}


class ServiceDescription:
    """Makes the triples: who answers, within which limits, in whose right.

    No blank nodes: every node has an address below the base.
    """

    def __init__(self, base: str, settings: Settings, standing: Standing) -> None:
        self.base, self.settings, self.standing = base, settings, standing
        self.endpoint = NamedNode(f"{base}sparql")
        self.service = NamedNode(f"{base}sparql#service")
        self.void = f"{base}.well-known/void"
        self.dataset = NamedNode(f"{self.void}#dataset")
        self.default_graph = NamedNode(f"{self.void}#default-graph")

    def triples(self, counts: Statistics) -> list[Triple]:
        """Everything that there is to say."""
        parts = (self._service(), self._limits(), self._graphs(counts), self._rights())
        return [Triple(*found) for part in parts for found in part]

    def _service(self) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        service, dataset = self.service, NamedNode(f"{self.endpoint.value}#dataset")
        yield service, RDF["type"], SD["Service"]
        yield service, SD["endpoint"], self.endpoint
        yield service, SD["supportedLanguage"], SD["SPARQL11Query"]
        yield service, SD["defaultEntailmentRegime"], SIMPLE
        if self.settings.service_allow:
            yield service, SD["feature"], SD["BasicFederatedQuery"]
        if not self.settings.endpoint:
            yield service, SD["languageExtension"], LATERAL
            yield LATERAL, RDF["type"], SD["Feature"]
            yield LATERAL, RDFS["label"], Literal("LATERAL { ... } in patterns (SEP-0006)", language="en")
            for name in FUNCTIONS:
                function = NamedNode(prefixes(self.base)["mds"] + name)
                yield service, SD["extensionFunction"], function
                yield function, RDF["type"], SD["Function"]
        for name in RESULT_FORMATS:
            yield service, SD["resultFormat"], FORMATS[name]
        yield service, SD["defaultDataset"], dataset
        yield dataset, RDF["type"], SD["Dataset"]
        yield dataset, SD["defaultGraph"], self.default_graph
        for licence in self.standing.whole.licences:
            yield dataset, DCT["license"], NamedNode(licence.iri)

    def _limits(self) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        s = self.settings
        services = ", ".join(s.service_allow)
        yield (
            self.service,
            RDFS["comment"],
            Literal(
                f"Limits: a query may run for {s.query_seconds:g} s (504), use {s.query_memory} MiB (507), "
                f"and return {s.result_limit} MiB (507); {s.queue} queries may wait, {s.queue_seconds:g} s "
                "each (503). A result is complete or an error. SPARQL Update is refused (403); SERVICE may "
                + (f"name {services}." if services else "name no endpoint (400)."),
                language="en",
            ),
        )
        yield (
            self.service,
            RDFS["comment"],
            Literal(
                f"Limiti: un'interrogazione può durare {s.query_seconds:g} s (504), usare "
                f"{s.query_memory} MiB (507) e restituire {s.result_limit} MiB (507); {s.queue} possono "
                f"attendere, per {s.queue_seconds:g} s (503). Un risultato è completo o è un errore.",
                language="it",
            ),
        )

    def _graphs(self, counts: Statistics) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        dataset = NamedNode(f"{self.endpoint.value}#dataset")
        yield self.default_graph, RDF["type"], SD["Graph"]
        yield self.default_graph, VOID["triples"], integer(counts.triples)
        for name, number in counts.graphs.items():
            named, graph = self._node("named-graph", name), self._node("graph", name)
            yield dataset, SD["namedGraph"], named
            yield named, RDF["type"], SD["NamedGraph"]
            yield named, SD["name"], NamedNode(name)
            yield named, SD["graph"], graph
            yield graph, RDF["type"], SD["Graph"]
            yield graph, VOID["triples"], integer(number)

    def _node(self, kind: str, name: str) -> NamedNode:
        digest = hashlib.blake2b(name.encode(), digest_size=6).hexdigest()
        return NamedNode(f"{self.void}#{kind}-{digest}")

    def _rights(self) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        dataset, standing = self.dataset, self.standing
        for name in RESULT_FORMATS[4:]:
            yield dataset, VOID["feature"], FORMATS[name]
        for licence in standing.whole.licences:
            yield dataset, DCT["license"], NamedNode(licence.iri)
        for name, agents in (("publisher", (standing.publisher,)), ("rightsHolder", standing.whole.holders)):
            for agent in filter(None, agents):
                yield dataset, DCT[name], NamedNode(standing.agent_iri(agent, self.base))
        if self.standing.publisher:
            for language, text in standing.whole.statement.items():
                yield dataset, DCT["description"], Literal(text, language=language)


def integer(number: int) -> Literal:
    """A count."""
    return Literal(str(number), datatype=XSD["integer"])


def written(triples: Iterable[Triple], format_: Format, base: str) -> bytes:
    """Triples in a format."""
    known = prefixes(base) | documents(base) | {"formats": str(FORMATS)}
    if format_.name == "jsonld":
        output = io.BytesIO()
        write_jsonld(triples, output, known)
        return output.getvalue()
    return serialize(triples, format=RDF_FORMATS[format_.name], prefixes=known) or b""
