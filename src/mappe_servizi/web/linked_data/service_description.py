"""What the endpoint says of itself: SPARQL service description and VoID, as triples."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from mappe_servizi.model.outputs.declared import DUMP
from mappe_servizi.outputs.partitions import Partition
from mappe_servizi.outputs.statistics import Statistics
from mappe_servizi.query.evaluate import FUNCTIONS
from mappe_servizi.query.formats import Format
from mappe_servizi.query.scan import scan
from mappe_servizi.rdf.jsonld import write_jsonld
from mappe_servizi.rdf.namespaces import DCT, FOAF, OWL, RDF, RDFS, SCHEMA, XSD, Namespace, prefixes
from mappe_servizi.rdf.queries import PublishedQuery
from mappe_servizi.rdf.query_text import to_edit
from mappe_servizi.rights import Standing
from mappe_servizi.settings import Settings

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
VOID_EXT = Namespace("http://ldf.fi/void-ext#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
SH = Namespace("http://www.w3.org/ns/shacl#")
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
FORMS = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct", "DESCRIBE": "Describe"}


class ServiceDescription:
    """Makes the triples. No blank nodes: every node has an address below the base."""

    def __init__(
        self, base: str, settings: Settings, examples: Mapping[str, PublishedQuery], standing: Standing
    ) -> None:
        self.base, self.settings, self.examples, self.standing = base, settings, examples, standing
        self.endpoint = NamedNode(f"{base}sparql")
        self.service = NamedNode(f"{base}sparql#service")
        self.declared = NamedNode(f"{base}sparql#prefixes")
        self.void = f"{base}.well-known/void"
        self.dataset = NamedNode(f"{self.void}#dataset")
        self.default_graph = NamedNode(f"{self.void}#default-graph")

    def triples(self, counts: Statistics) -> list[Triple]:
        """Everything that there is to say."""
        parts = (
            self._service(),
            self._limits(),
            self._graphs(counts),
            self._void(counts),
            self._prefixes(),
            self._examples(),
        )
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

    def _void(self, counts: Statistics) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        dataset, document = self.dataset, NamedNode(self.void)
        yield document, RDF["type"], VOID["DatasetDescription"]
        yield document, FOAF["primaryTopic"], dataset
        yield dataset, RDF["type"], VOID["Dataset"]
        yield dataset, DCT["title"], Literal("Mappe dei servizi", language="it")
        yield dataset, DCT["title"], Literal("Service maps", language="en")
        standing = self.standing
        for licence in standing.whole.licences:
            yield dataset, DCT["license"], NamedNode(licence.iri)
        for name, agents in (("publisher", (standing.publisher,)), ("rightsHolder", standing.whole.holders)):
            for agent in filter(None, agents):
                yield dataset, DCT[name], NamedNode(standing.agent_iri(agent, self.base))
        if self.standing.publisher:
            for language, text in standing.whole.statement.items():
                yield dataset, DCT["description"], Literal(text, language=language)
        yield dataset, VOID["sparqlEndpoint"], self.endpoint
        yield dataset, VOID["dataDump"], NamedNode(self.base + DUMP.path)
        yield dataset, VOID["uriSpace"], Literal(f"{self.base}data/")
        yield dataset, VOID["triples"], integer(counts.triples)
        yield dataset, VOID["distinctSubjects"], integer(counts.subjects)
        yield dataset, VOID["classes"], integer(len(counts.classes))
        yield dataset, VOID["properties"], integer(len(counts.properties))
        for name in RESULT_FORMATS[4:]:
            yield dataset, VOID["feature"], FORMATS[name]
        for name, number in counts.classes.items():
            part = self._node("class", name)
            yield dataset, VOID["classPartition"], part
            yield part, VOID["class"], NamedNode(name)
            yield part, VOID["entities"], integer(number)
            yield from self._linked(part, counts.partitions.get(name, {}))
        for name, number in counts.properties.items():
            part = self._node("property", name)
            yield dataset, VOID["propertyPartition"], part
            yield part, VOID["property"], NamedNode(name)
            yield part, VOID["triples"], integer(number)

        yield from self._links(counts)

    def _linked(
        self, of: NamedNode, partitions: Mapping[str, Partition]
    ) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
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

    def _prefixes(self) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        """The prefixes that queries are written with."""
        yield self.declared, RDF["type"], OWL["Ontology"]
        for name, space in prefixes(self.base).items():
            node = NamedNode(f"{self.endpoint.value}#prefix-{name}")
            yield self.declared, SH["declare"], node
            yield node, RDF["type"], SH["PrefixDeclaration"]
            yield node, SH["prefix"], Literal(name)
            yield node, SH["namespace"], Literal(space, datatype=XSD["anyURI"])

    def _links(self, counts: Statistics) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        """The linksets to others' data, and a resource of each class to begin with."""
        links = [(p, to, n) for p, targets in counts.links.items() for to, n in targets.items()]
        for name, target, number in sorted(links):
            linkset, there = self._node("linkset", f"{name} {target}"), self._node("dataset", target)
            yield self.dataset, VOID["subset"], linkset
            yield linkset, RDF["type"], VOID["Linkset"]
            yield linkset, VOID["subjectsTarget"], self.dataset
            yield linkset, VOID["objectsTarget"], there
            yield linkset, VOID["linkPredicate"], NamedNode(name)
            yield linkset, VOID["triples"], integer(number)
            yield there, RDF["type"], VOID["Dataset"]
            yield there, VOID["uriSpace"], Literal(target)
        for example in sorted(set(counts.examples.values())):
            yield self.dataset, VOID["exampleResource"], NamedNode(example)

    def _examples(self) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        for name, query in self.examples.items():
            node = NamedNode(f"{self.endpoint.value}#example-{name}")
            form = FORMS.get(scan(query.text).form, "Select")
            yield node, RDF["type"], SH["SPARQLExecutable"]
            yield node, RDF["type"], SH[f"SPARQL{form}Executable"]
            yield node, SH["prefixes"], self.declared
            yield node, SH[form.lower()], Literal(to_edit(query, "en"))
            yield node, SCHEMA["target"], self.endpoint
            for language, title in query.title.items():
                yield node, RDFS["label"], Literal(title, language=language)
            for language, description in query.description.items():
                yield node, RDFS["comment"], Literal(description, language=language)


def integer(number: int) -> Literal:
    """A count."""
    return Literal(str(number), datatype=XSD["integer"])


def written(triples: Iterable[Triple], format_: Format, base: str) -> bytes:
    """Triples in a format."""
    known = prefixes(base) | {
        "sd": str(SD), "void": str(VOID), "void-ext": str(VOID_EXT), "formats": str(FORMATS), "sh": str(SH),
        "schema": str(SCHEMA),
    }  # fmt: skip
    if format_.name == "jsonld":
        output = io.BytesIO()
        write_jsonld(triples, output, known)
        return output.getvalue()
    return serialize(triples, format=RDF_FORMATS[format_.name], prefixes=known) or b""
