"""The record that Italian portals make of a data set: the published mapping of ckanext-dcatapit, told anew.

The extension itself is not on PyPI and needs Python 2's or an old CKAN; what it maps to which field is
public (geosolutions-it/ckanext-dcatapit, ``ItalianDCATAPProfile`` and its model of licences). It looks at
``dcatapit:Dataset`` only; codes are IRIs without the beginning of their vocabulary, so a label in an
IRI's place would show here as a code that no vocabulary has.
"""

from collections.abc import Iterator
from pathlib import Path

from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
SCHEMA = Namespace("http://schema.org/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
CLVAPIT = Namespace("https://w3id.org/italia/onto/CLV/")
EU = "http://publications.europa.eu/resource/authority/"
UNKNOWN = "C1_Unknown"
PLACES = f"{EU}place/"


class Licences:
    """The national vocabulary of licences, as the extension loads it."""

    def __init__(self, vocabulary: Path) -> None:
        self.graph = Graph().parse(vocabulary)

    def find(self, catalogue: Graph, licence: Node) -> str:
        """By its IRI, the address of its text, one of its names, or its kind, in this order."""
        names = {str(name) for name in catalogue.objects(licence, FOAF.name)}
        kind = catalogue.value(licence, DCTERMS.type)
        concepts = sorted(set(self.graph.subjects(RDF.type, SKOS.Concept)), key=str)
        tests = (
            lambda c: c == licence,
            lambda c: str(self.graph.value(c, URIRef(f"{DCATAPIT}referenceDoc"))) == str(licence),
            lambda c: names & {str(label) for label in self.graph.objects(c, SKOS.prefLabel)},
            lambda c: (c, SKOS.exactMatch, kind) in self.graph,
        )
        for test in tests:
            for concept in concepts:
                if test(concept):
                    return str(concept).rsplit("/", 1)[1]
        return UNKNOWN


def records(path: Path, licences: Licences) -> Iterator[dict[str, object]]:
    """A record a data set, in the order of their IRIs."""
    graph = Graph().parse(path)
    for dataset in sorted(graph.subjects(RDF.type, DCATAPIT.Dataset), key=str):
        yield _record(graph, dataset, licences)


def _record(graph: Graph, dataset: Node, licences: Licences) -> dict[str, object]:
    def value(predicate: URIRef) -> str:
        return str(graph.value(dataset, predicate) or "")

    resources = [
        _resource(graph, r, licences) for r in sorted(graph.objects(dataset, DCAT.distribution), key=str)
    ]
    kinds = {str(r["license_type"]) for r in resources}
    return {
        "title": _texts(graph, dataset, DCTERMS.title),
        "notes": _texts(graph, dataset, DCTERMS.description),
        "identifier": value(DCTERMS.identifier),
        "issued": value(DCTERMS.issued),
        "modified": value(DCTERMS.modified),
        "frequency": _code(graph.value(dataset, DCTERMS.accrualPeriodicity), "frequency"),
        "language": sorted(_code(o, "language") for o in graph.objects(dataset, DCTERMS.language)),
        "theme": sorted(str(o).rsplit("/", 1)[1] for o in graph.objects(dataset, DCAT.theme)),
        "alternate_identifier": sorted(map(str, graph.objects(dataset, ADMS.identifier))),
        "conforms_to": [
            _standard(graph, o) for o in sorted(graph.objects(dataset, DCTERMS.conformsTo), key=str)
        ],
        "temporal_coverage": [
            {
                "temporal_start": str(graph.value(o, SCHEMA.startDate)),
                "temporal_end": str(graph.value(o, SCHEMA.endDate)),
            }
            for o in graph.objects(dataset, DCTERMS.temporal)
        ],
        **_places(graph, dataset),
        "publisher": _agents(graph, dataset, DCTERMS.publisher),
        "holder": _agents(graph, dataset, DCTERMS.rightsHolder),
        "creator": _agents(graph, dataset, DCTERMS.creator),
        "license_id": kinds.pop() if len(kinds) == 1 else "notspecified",
        "resources": resources,
    }


def _resource(graph: Graph, node: Node, licences: Licences) -> dict[str, object]:
    licence = graph.value(node, DCTERMS.license)
    return {
        "uri": str(node),
        "url": str(graph.value(node, DCAT.downloadURL) or graph.value(node, DCAT.accessURL)),
        "name": _texts(graph, node, DCTERMS.title),
        "description": _texts(graph, node, DCTERMS.description),
        "format": _code(graph.value(node, DCTERMS["format"]), "file-type"),
        "license_type": licences.find(graph, licence) if licence else UNKNOWN,
        "license_version": str(graph.value(licence, OWL.versionInfo) or "") if licence else "",
    }


def _places(graph: Graph, dataset: Node) -> dict[str, object]:
    """One address of GeoNames, and codes of the EU's places."""
    found = {
        str(i)
        for o in graph.objects(dataset, DCTERMS.spatial)
        for i in graph.objects(o, DCATAPIT.geographicalIdentifier)
    }
    codes = sorted(i.removeprefix(PLACES) for i in found if i.startswith(PLACES))
    return {
        "geographical_name": codes,
        "geographical_geonames_url": sorted(i for i in found if not i.startswith(PLACES)),
    }


def _standard(graph: Graph, node: Node) -> dict[str, object]:
    return {
        "uri": str(node),
        "identifier": str(graph.value(node, DCTERMS.identifier)),
        "title": _texts(graph, node, DCTERMS.title),
        "referenceDocumentation": sorted(map(str, graph.objects(node, DCATAPIT.referenceDocumentation))),
    }


def _agents(graph: Graph, dataset: Node, predicate: URIRef) -> list[dict[str, str]]:
    return [
        {"identifier": str(graph.value(a, DCTERMS.identifier)), "name": str(graph.value(a, FOAF.name))}
        for a in sorted(graph.objects(dataset, predicate), key=str)
    ]


def _texts(graph: Graph, node: Node, predicate: URIRef) -> dict[str, str]:
    return {
        str(o.language or ""): str(o)
        for o in sorted(graph.objects(node, predicate))
        if isinstance(o, Literal)
    }


def _code(value: Node | None, vocabulary: str) -> str:
    return str(value or "").removeprefix(f"{EU}{vocabulary}/")
