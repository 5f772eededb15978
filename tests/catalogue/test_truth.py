"""What the catalogue says is true: of assets what they say of themselves, of files all that there are."""

from collections import Counter

import pytest
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from helpers import ROOT
from mappe_servizi.graph.cube import CUBES
from mappe_servizi.model.outputs.lookup import declaration
from mappe_servizi.releases import Release
from rdf import BASE, data_triples

ASSETS = ROOT / "ontology" / "assets"
MDS = URIRef(f"{BASE}onto/MDS")
DATASET = f"{BASE}data/dataset/"
QB = Namespace("http://purl.org/linked-data/cube#")
DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
STAT = Namespace("http://data.europa.eu/s1n/")
AGENTS = (DCTERMS.rightsHolder, DCTERMS.publisher, DCTERMS.creator)
SAME = (
    DCTERMS.identifier, DCTERMS.title, DCTERMS.description, DCTERMS.issued, DCTERMS.modified,
    DCTERMS.language, DCTERMS.conformsTo, DCTERMS.accrualPeriodicity, DCTERMS.subject, DCAT.theme,
    DCAT.keyword, OWL.versionInfo,
)  # fmt: skip
OF_DOCUMENTS = (DCTERMS.spatial, DCTERMS.temporal, DCTERMS.rights, DCTERMS.provenance)


@pytest.fixture(scope="module")
def catalogue(release: Release) -> Graph:
    return Graph().parse(release.path / "catalogue.ttl")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ASSETS / "ontologies" / "MDS" / "latest" / "MDS.ttl")


def agents(graph: Graph, node: Node, predicate: URIRef) -> set[tuple[str, str, str]]:
    return {
        (str(a), str(graph.value(a, DCTERMS.identifier)), str(graph.value(a, FOAF.name)))
        for a in graph.objects(node, predicate)
    }


def test_the_ontology_is_described_as_it_describes_itself(catalogue: Graph, ontology: Graph) -> None:
    node = URIRef(f"{DATASET}ontology")
    for predicate in SAME:
        expected = set(ontology.objects(MDS, predicate))
        assert expected, predicate
        assert set(catalogue.objects(node, predicate)) == expected, predicate
    for predicate in AGENTS:
        assert agents(catalogue, node, predicate) == agents(ontology, MDS, predicate) != set()
    assert str(ontology.value(MDS, OWL.versionIRI)) == f"{MDS}/{catalogue.value(node, DCAT.version)}"
    licences = {
        o for d in catalogue.objects(node, DCAT.distribution) for o in catalogue.objects(d, DCTERMS.license)
    }
    assert licences == set(ontology.objects(MDS, DCTERMS.license))
    downloads = {
        o for d in catalogue.objects(node, DCAT.distribution) for o in catalogue.objects(d, DCAT.downloadURL)
    }
    assert URIRef(f"{MDS}.ttl") in downloads


def test_the_vocabularies_are_described_as_they_describe_themselves(catalogue: Graph) -> None:
    node, files = URIRef(f"{DATASET}vocabularies"), sorted(ASSETS.glob("*/*/latest/*.ttl"))
    graph = Graph()
    for path in files:
        graph.parse(path)
    kinds = (OWL.Ontology, DCATAPIT.Dataset)
    assets = {s for kind in kinds for s in graph.subjects(RDF.type, kind)}
    assert len(assets) == len([p for p in files if "aligns" not in p.name])
    for predicate in AGENTS:
        expected = {agent for asset in assets for agent in agents(graph, asset, predicate)}
        assert agents(catalogue, node, predicate) == expected != set()
    for predicate, pick in ((DCTERMS.issued, min), (DCTERMS.modified, max)):
        assert str(catalogue.value(node, predicate)) == pick(
            str(o) for a in assets for o in graph.objects(a, predicate)
        )


@pytest.mark.parametrize("slug", ["ontology", "vocabularies"])
def test_what_is_no_municipality_s_says_nothing_of_one(slug: str, catalogue: Graph) -> None:
    node = URIRef(DATASET + slug)
    assert not [p for p in OF_DOCUMENTS if catalogue.value(node, p)]
    texts = [
        str(o) for s in (node, *catalogue.objects(node, DCAT.distribution)) for o in catalogue.objects(s)
    ]
    assert not [t for t in texts if "Cremona" in t or "c_d150" in t or "non ufficiale" in t]


def test_what_is_read_from_documents_says_of_whom_where_and_when(catalogue: Graph) -> None:
    found = set(catalogue.subjects(RDF.type, DCAT.Dataset))
    for node in found - {URIRef(f"{DATASET}{slug}") for slug in ("ontology", "vocabularies")}:
        assert {name for _, _, name in agents(catalogue, node, DCTERMS.rightsHolder)} == {"Comune di Cremona"}
        assert all(catalogue.value(node, p) for p in OF_DOCUMENTS), node


def test_every_data_set_has_a_landing_page_of_its_own(catalogue: Graph) -> None:
    pages = {
        node: list(catalogue.objects(node, DCAT.landingPage))
        for node in catalogue.subjects(RDF.type, DCAT.Dataset)
    }
    for node, found in pages.items():
        assert found == [URIRef(str(node).replace("/data/", "/page/"))]


def test_the_cubes_are_parts_of_a_data_set_of_the_catalogue(release: Release, catalogue: Graph) -> None:
    graph = Graph()
    for t in data_triples(release):
        if "-cube" in str(t.subject) and not hasattr(t.object, "language"):
            graph.add((URIRef(t.subject.value), URIRef(t.predicate.value), URIRef(t.object.value)))  # type: ignore[union-attr]
    cubes = set(graph.subjects(RDF.type, QB.DataSet))
    assert len(cubes) == 3
    for cube in cubes:
        whole = graph.value(cube, DCTERMS.isPartOf)
        assert (whole, RDF.type, DCAT.Dataset) in catalogue
        assert {whole, URIRef(f"{DATASET}figures")} == set(catalogue.subjects(DCTERMS.hasPart, cube))
        distributions = catalogue.objects(whole, DCAT.distribution)
        assert {o for d in distributions for o in catalogue.objects(d, DCTERMS.license)} == {
            graph.value(cube, DCTERMS.license)
        }
        assert (
            catalogue.value(cube, DCTERMS.publisher) == catalogue.value(whole, DCTERMS.publisher) is not None
        )


def test_every_file_is_in_the_catalogue_once_or_left_out_with_a_reason(
    release: Release, catalogue: Graph
) -> None:
    downloads = Counter(str(o).removeprefix(BASE) for o in catalogue.objects(None, DCAT.downloadURL))
    assert max(downloads.values()) == 1
    for name in release.files:
        assert downloads[name] + bool(declaration(name).left_out) == 1, name
    made = {name for name in downloads if not name.startswith("onto/")}
    assert made <= set(release.files)
    assert "dump/network.graphml" in made


def test_a_standard_is_called_by_its_own_title(catalogue: Graph) -> None:
    titles: dict[str, set[str]] = {}
    for node in catalogue.subjects(RDF.type, DCTERMS.Standard):
        for title in catalogue.objects(node, DCTERMS.title):
            if isinstance(title, Literal) and title.language == "en":
                titles.setdefault(str(title), set()).add(str(node))
    assert titles["Frictionless Data Package"] == {"https://specs.frictionlessdata.io/data-package/"}
    assert all(len(nodes) == 1 for nodes in titles.values()), titles
    assert not {"CSV", "XLSX", "Turtle", "RDF/XML", "N-Quads"} & set(titles)
    assert not list(catalogue.objects(URIRef("https://specs.frictionlessdata.io/data-package/"), RDFS.label))


def test_the_figures_are_described_as_the_cubes_are(release: Release, catalogue: Graph) -> None:
    """StatDCAT-AP: dimensions, attributes, units and the number of series, as the graph has them."""
    triples = list(data_triples(release))
    figures = {t.subject for t in triples if t.predicate.value == str(QB.dataSet)}

    def of_figures(predicate: URIRef) -> set[str]:
        return {
            str(getattr(t.object, "value", ""))
            for t in triples
            if t.predicate.value == str(predicate) and t.subject in figures
        }

    cubes = Graph().parse(ROOT / "ontology" / "cubes.ttl")
    yearly = [URIRef(f"{BASE}onto/MDS/{cube.structure}") for cube in CUBES.values()]
    components = [one for structure in yearly for one in cubes.objects(structure, QB.component)]
    sdmx = "http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure"
    described = set(catalogue.subjects(STAT.numSeries))
    assert described == {URIRef(f"{DATASET}figures"), URIRef(f"{DATASET}c_d150/2020/service-maps")}
    for node in described:
        for name, kind in (("dimension", QB.DimensionProperty), ("attribute", QB.AttributeProperty)):
            found = set(catalogue.objects(node, STAT[name]))
            assert found == {value for one in components for value in cubes.objects(one, QB[name])} != set()
            assert all((one, RDF.type, kind) in catalogue for one in found)
        assert {str(o) for o in catalogue.objects(node, STAT.statUnitMeasure)} == of_figures(URIRef(sdmx))
        assert int(str(catalogue.value(node, STAT.numSeries))) == len(
            of_figures(URIRef(f"{MDS}/ofIndicator"))
        )
    assert not [p for p in catalogue.predicates() if "hvdCategory" in str(p)]
