"""OntoPiA, our ontology and the whole graph are consistent under an OWL DL reasoner (HermiT).

HermiT's own command line, on one RDF/XML file: owlready2's call hands it N-Triples that it cannot
parse and reports consistency whatever is in them. So each run here is shown to have parsed its
input, and one seeded contradiction for each kind of axiom that we rely on is found.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from helpers import ROOT, Tell
from mappe_servizi.releases import Release
from rdf import BASE, ONTOPIA, data_triples, triples

MODULES = [
    "l0",
    "CPSV",
    "COV",
    "CLV",
    "CPV",
    "RO",
    "TI",
    "MU",
    "SM",
    "POI",
    "AccessCondition",
    "CPEV",
    "Indicator",
    "PublicContract",
    "Language",
    "IoT",
    "Project",
]
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DECLARING = {f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
MDS_FILE = ROOT / "ontology" / "assets" / "ontologies" / "MDS" / "latest" / "MDS.ttl"
NAMES = ("CPSV", "COV", "CPV", "RO", "SM", "TI", "CPEV", "l0")
PREFIXES = f"""@prefix : <http://example.org/> .
@prefix mds: <{BASE}onto/MDS/> .
@prefix owl: <{OWL}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
""" + "".join(f"@prefix {name.lower()}: <{ONTOPIA}{name}/> .\n" for name in NAMES)
CONTRADICTIONS = {
    "disjoint classes of OntoPiA": ":a a cpsv:PublicService, cpsv:InternalOrganizationService .",
    "disjoint classes of ours": ":a a mds:CentralElement, mds:AccessoryElement .",
    "disjoint superclasses": ":a a mds:UserSegment, cov:Organization .",
    "disjoint upper classes": ":a a mds:ServiceMap, mds:CoProduction .",
    "domain of a property of OntoPiA": ':a a cpsv:PublicService ; cpsv:additionalNoteForService "x" .',
    "range of a property of ours": ":a mds:describesService :b . :b a cpv:Person . :b a mds:ServiceMap .",
    "domain by a superproperty": ":a mds:hasResponsibility :b . :b a cpv:Person .",
    "functional data property": ':a l0:identifier "x", "y" .',
    "functional superproperty": ':a cov:IPAcode "c_d150" ; cov:taxCode "00297960197" .',
    "functional object property": ":a ro:withRole :b, :c . :b owl:differentFrom :c .",
    "inverse property": ":a ro:hasRiT :b . :b a cpv:Person .",
    "universal restriction": ":a a cov:Organization ; cov:participating :b .",
    "maximal cardinality": (":a a cpsv:Service ; cpsv:hasServiceStatus :b, :c . :b owl:differentFrom :c ."),
    "range of a data property": ':a a sm:Email ; sm:emailAddress "x@example.org" .',
    "language where a plain string is required": ':a a cpv:Person ; cpv:givenName "Ada"@it .',
}


@pytest.fixture(scope="module")
def jar() -> Path:
    """The HermiT jar inside owlready2, and a Java to run it."""
    found = importlib.util.find_spec("owlready2")
    if found is None or found.origin is None or shutil.which("java") is None:
        message = "HermiT needs owlready2 and Java (Debian: default-jre-headless)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return Path(found.origin).parent / "hermit" / "HermiT.jar"


@cache
def axioms(reference: Path) -> tuple[Triple, ...]:
    """OntoPiA's modules with their alignments, and our ontology."""
    directory = reference / "ontopia" / "ontologies"
    files = [directory / f"{name}{kind}-AP_IT.ttl" for name in MODULES for kind in ("", "-aligns")]
    return tuple(t for path in [*files, MDS_FILE] if path.exists() for t in triples(path))


def hermit(jar: Path, directory: Path, content: list[Triple]) -> tuple[bool, int]:
    """Whether an ontology is consistent, and how many facts HermiT read."""
    path, clauses = directory / "merged.owl", directory / "clauses.txt"
    content = [t for t in content if t.predicate.value != f"{OWL}imports"]  # nothing is to be fetched
    serialize(content, path, RdfFormat.RDF_XML)
    command = ["java", "-Xmx4g", "-jar", str(jar), "--ignoreUnsupportedDatatypes"]
    run = subprocess.run(
        [*command, f"--dump-clauses={clauses}", "-k", str(path)],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert clauses.exists(), run.stderr
    facts = re.search(r"Number of positive facts: (\d+)", clauses.read_text(encoding="utf-8"))
    assert facts, run.stderr
    if "InconsistentOntologyException" in run.stderr:
        return False, int(facts[1])
    assert "owl#Thing is satisfiable" in run.stdout, run.stdout + run.stderr
    return True, int(facts[1])


def assertions(content: list[Triple]) -> int:
    """How many facts a reasoner must find: types by declared classes, values of declared properties."""
    declared = {
        t.subject for t in content if t.predicate.value == RDF_TYPE and t.object.value in DECLARING
    }  # fmt: skip
    facts = {
        t
        for t in content
        if t.predicate in declared or (t.predicate.value == RDF_TYPE and t.object in declared)
    }
    return len(facts)


def test_the_whole_graph_is_consistent(
    release: Release, reference: Path, jar: Path, tmp_path: Path, tell: Tell
) -> None:
    content = [*axioms(reference), *data_triples(release)]
    consistent, facts = hermit(jar, tmp_path, content)
    expected = assertions(content)
    tell(f"HermiT read {facts} facts of {len(content)} triples ({expected} expected)")
    assert consistent
    assert facts >= 0.95 * expected > 40_000


def test_a_contradiction_hidden_in_the_whole_graph_is_found(
    release: Release, reference: Path, jar: Path, tmp_path: Path
) -> None:
    service = NamedNode(f"{BASE}data/public-service/c_d150/asili-nido")
    seed = Triple(service, NamedNode(f"{ONTOPIA}l0/identifier"), Literal("another"))
    consistent, _ = hermit(jar, tmp_path, [*axioms(reference), *data_triples(release), seed])
    assert not consistent


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_each_kind_of_contradiction_is_found(reference: Path, jar: Path, tmp_path: Path, kind: str) -> None:
    seed = [q.triple for q in parse(PREFIXES + CONTRADICTIONS[kind], format=RdfFormat.TURTLE)]
    consistent, _ = hermit(jar, tmp_path, [*axioms(reference), *seed])
    assert not consistent


def test_the_ontologies_alone_are_consistent(reference: Path, jar: Path, tmp_path: Path) -> None:
    consistent, _ = hermit(jar, tmp_path, list(axioms(reference)))
    assert consistent
