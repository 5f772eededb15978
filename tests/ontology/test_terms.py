"""Every term that data, shapes and queries use exists where it claims to come from."""

import csv
import warnings
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import DefinedNamespace
from rdflib.plugins.sparql import prepareQuery

from helpers import ROOT, Tell
from mappe_servizi.releases import Release
from rdf import BASE, ONTOPIA, data_triples, modules, our_files

SDMX = {  # SDMX-RDF is in no package; these are in its published files (sdmx-dimension.ttl, ...)
    "http://purl.org/linked-data/sdmx/2009/attribute#": {"unitMeasure", "obsStatus"},
    "http://purl.org/linked-data/sdmx/2009/code#": {"obsStatus-A", "obsStatus-E", "obsStatus-M"},
    "http://purl.org/linked-data/sdmx/2009/concept#": {
        "obsValue",
        "refArea",
        "refPeriod",
        "unitMeasure",
        "obsStatus",
    },
    "http://purl.org/linked-data/sdmx/2009/dimension#": {"refArea", "refPeriod"},
    "http://purl.org/linked-data/sdmx/2009/measure#": {"obsValue"},
}
OTHER = {  # vocabularies without a machine-readable list here, term by term
    "http://www.w3.org/ns/adms#": {"Asset", "representationTechnique"},
    "http://www.w3.org/ns/dqv#": {
        "Dimension", "Metric", "QualityAnnotation", "QualityMeasurement", "computedOn", "expectedDataType",
        "hasQualityAnnotation", "hasQualityMeasurement", "inDimension", "isMeasurementOf", "value",
    },
    "http://www.w3.org/ns/oa#": {
        "Annotation", "FragmentSelector", "SpecificResource", "TextPositionSelector", "TextQuoteSelector",
        "assessing", "end", "exact", "hasBody", "hasSelector", "hasSource", "hasTarget", "motivatedBy",
        "start",
    },
    "http://schema.org/": {
        "OpeningHoursSpecification", "closes", "dayOfWeek", "endDate", "openingHoursSpecification", "opens",
        "startDate", "DayOfWeek",
    },
    "http://spdx.org/rdf/terms#": {
        "Checksum", "ChecksumAlgorithm", "algorithm", "checksum", "checksumAlgorithm_sha256", "checksumValue",
    },
    "http://www.w3.org/ns/sparql-service-description#": {"Function"},
    "https://w3id.org/sssom/": {
        "Mapping", "MappingSet", "NegatedPredicate", "confidence", "mapping_date", "mapping_justification",
        "object_label", "predicate_modifier",
    },
    "https://w3id.org/semapv/vocab/": {
        "CompositeMatching", "LexicalSimilarityThresholdMatching", "ManualMappingCuration",
    },
    "http://www.w3.org/ns/locn#": {"Address", "fullAddress", "postCode", "postName", "thoroughfare"},
}  # fmt: skip
IGNORED = (
    "http://publications.europa.eu/", "http://qudt.org/", "http://eurovoc.europa.eu/",
    "http://purl.org/adms/", "https://creativecommons.org/", "https://w3id.org/italia/controlled-vocabulary/",
    "https://w3id.org/italia/data/", "https://www.", "http://www.normattiva.it/", "urn:", "mailto:",
    "http://dati.gov.it/onto/dcatapit#",
)  # fmt: skip
"""Not terms: concepts of others (checked below), documents, and DCAT-AP_IT (reference: damaged file)."""


@cache
def declared(reference: Path) -> frozenset[str]:
    """What OntoPiA, the EU's CPSV-AP and our ontology declare."""
    found = {str(s) for s in modules(reference).subjects(RDF.type) if isinstance(s, URIRef)}
    eu = Graph().parse(reference / "eu" / "cpsv-ap.ttl")
    found |= {str(s) for s in eu.subjects() if isinstance(s, URIRef)}
    for path in our_files():
        found |= {str(s) for s in Graph().parse(path).subjects(RDF.type) if isinstance(s, URIRef)}
    return frozenset(found)


@cache
def closed() -> dict[str, type[DefinedNamespace]]:
    """The W3C and DCMI vocabularies that rdflib knows every term of, by namespace."""
    names = [
        "DCAT",
        "DCMITYPE",
        "DCTERMS",
        "FOAF",
        "ORG",
        "OWL",
        "PROV",
        "QB",
        "RDF",
        "RDFS",
        "SH",
        "SKOS",
        "TIME",
        "XSD",
        "VANN",
    ]
    return {str(getattr(rdflib, name)): getattr(rdflib, name) for name in names}


def exists(term: str, reference: Path) -> bool:
    """Whether the vocabulary that a term's namespace names has it."""
    for prefix, namespace in closed().items():
        if term.startswith(prefix):
            return in_closed(namespace, term.removeprefix(prefix))
    for prefix, names in {**SDMX, **OTHER}.items():
        if term.startswith(prefix):
            return term.removeprefix(prefix) in names
    return term in declared(reference)


def in_closed(namespace: type[DefinedNamespace], name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return name in namespace or bool(namespace[name])
        except (AttributeError, KeyError, UserWarning):
            return False


def used_in_data(release: Release) -> set[str]:
    found = set()
    for triple in data_triples(release):
        found.add(triple.predicate.value)
        if triple.predicate.value == str(RDF.type) and isinstance(triple.object, NamedNode):
            found.add(triple.object.value)
        if isinstance(triple.object, Literal):
            found.add(triple.object.datatype.value)
    return found


def used_in_shapes() -> set[str]:
    graph = Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        graph.parse(path)
    nodes = {str(node) for triple in graph for node in triple if isinstance(node, URIRef)}
    return {node for node in nodes if not node.startswith(f"{BASE}shapes/")}


def used_in_queries() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "queries").glob("*/*.rq"):
        walk(prepareQuery(path.read_text(encoding="utf-8")).algebra, found)
    return found


def walk(node: object, found: set[str]) -> None:
    if isinstance(node, URIRef):
        found.add(str(node))
    elif isinstance(node, dict):
        for value in node.values():
            walk(value, found)
    elif isinstance(node, list | tuple | set | frozenset):
        for value in node:
            walk(value, found)
    elif hasattr(node, "args"):  # a property path
        walk(node.args, found)
    elif hasattr(node, "arg"):
        walk(node.arg, found)
    elif hasattr(node, "path"):
        walk(node.path, found)


def terms(found: set[str]) -> Iterator[str]:
    return (
        term
        for term in sorted(found)
        if not term.startswith(IGNORED)
        and not term.startswith((f"{BASE}data/", f"{BASE}controlled-vocabulary/", f"{BASE}graph/"))
    )


@pytest.mark.parametrize("source", ["data", "shapes", "queries"])
def test_every_term_exists(release: Release, reference: Path, source: str, tell: Tell) -> None:
    used = {"data": lambda: used_in_data(release), "shapes": used_in_shapes, "queries": used_in_queries}[
        source
    ]()
    checked = list(terms(used))
    unknown = [term for term in checked if not exists(term, reference)]
    tell(f"terms used in {source}, each found in its vocabulary: {len(checked)}")
    assert not unknown
    assert len(checked) > 50


@pytest.mark.parametrize(
    "term",
    [f"{ONTOPIA}COV/IPACode", f"{BASE}onto/MDS/hasNothing", str(SKOS) + "prefLable", "http://purl.org/linked-data/cube#dataset",
     "http://data.europa.eu/m8g/PublicServices", "http://purl.org/linked-data/sdmx/2009/measure#value"],
)  # fmt: skip
def test_a_term_that_does_not_exist_is_found_out(reference: Path, term: str) -> None:
    assert not exists(term, reference)


def test_every_national_concept_exists_in_its_vocabulary(reference: Path) -> None:
    known: set[str] = set()
    for path in (reference / "ontopia" / "vocabularies").glob("*.ttl"):
        known |= {str(s) for s in Graph().parse(path).subjects(SKOS.inScheme)}
    with (reference / "ontopia" / "vocabularies" / "cities.csv").open(encoding="utf-8") as file:
        cities = f"{ONTOPIA.replace('onto', 'controlled-vocabulary')}territorial-classifications/cities/"
        known |= {
            cities + row["ID_COMUNE"]
            for row in csv.DictReader(file)
            if row["DATA_FINE_VALIDITA"] == "31-12-9999"
        }
    named = set()
    for path in [
        *our_files(),
        ROOT / "ontology" / "external.csv",
        *(ROOT / "data").glob("**/municipality.toml"),
    ]:
        for piece in (
            path.read_text(encoding="utf-8")
            .replace(",", " ")
            .replace("<", " ")
            .replace(">", " ")
            .replace('"', " ")
            .split()
        ):
            if (
                piece.startswith("https://w3id.org/italia/controlled-vocabulary/")
                and "/licences/" not in piece
            ):
                named.add(piece)
    schemes = {concept.rsplit("/", 1)[0] for concept in known}
    assert not sorted(n for n in named if n not in known and n not in schemes)
    assert len(named) > 90


FREE = {str(OWL.Thing), str(RDFS.Resource), str(RDFS.Literal), str(RDF.PlainLiteral), f"{ONTOPIA}l0/Entity"}


def members(graph: Graph, class_: object) -> set[str]:
    """The named classes of a domain or range, a union's among them; none if it is some other expression."""
    union = graph.value(class_, OWL.unionOf)
    if union is not None:
        return {str(c) for c in graph.items(union)}
    return {str(class_)} if isinstance(class_, URIRef) else set()


def test_domains_and_ranges_are_respected(release: Release, reference: Path) -> None:
    """Closed world: the subject and object have the type, so that nothing is left to inference."""
    graph = Graph() + modules(reference)
    for path in our_files():
        graph.parse(path)
    data = data_triples(release)
    types: dict[str, set[str]] = defaultdict(set)
    for t in data:
        if t.predicate.value == str(RDF.type):
            types[t.subject.value].add(t.object.value)

    @cache
    def allowed(term: str, property_: URIRef) -> list[set[str]]:
        named = [members(graph, class_) for class_ in graph.objects(URIRef(term), property_)]
        return [names for names in named if names and not names & FREE]

    wrong: dict[tuple[str, str], str] = {}
    checked = 0
    for t in data:
        term = t.predicate.value
        if not term.startswith((ONTOPIA, f"{BASE}onto/")):
            continue
        checked += 1
        kinds = {t.object.datatype.value} if isinstance(t.object, Literal) else types[t.object.value]
        if not all(names & types[t.subject.value] for names in allowed(term, RDFS.domain)):
            wrong[term, "domain"] = t.subject.value
        if not all(names & kinds for names in allowed(term, RDFS.range)):
            wrong[term, "range"] = t.object.value
    assert not wrong
    assert checked > 30_000
