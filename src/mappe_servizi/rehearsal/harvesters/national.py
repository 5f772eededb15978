"""The national catalogue (schema.gov.it) harvests a fresh clone of this repository.

The rules are those of its harvester (teamdigitale/dati-semantic-backend: which folders it scans, which
files it takes, which metadata it refuses an asset without, and of which it only warns), told anew.
"""

import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from helpers import ROOT, Tell
from rdf import BASE, ONTOPIA

ADMS, NDC = Namespace(f"{ONTOPIA}ADMS/"), Namespace(f"{ONTOPIA}NDC/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DATASET = URIRef("http://dati.gov.it/onto/dcatapit#Dataset")
TURTLE = URIRef("http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE")
SKIPPED_FOLDERS = ("scriptr2rml", "sparql", "deprecated")
VERSION = re.compile(r"v?\d+(\.\d+){0,2}|latest")
KEY_CONCEPT = re.compile(r"\w(:?[\w-]+\w)*")


@dataclass(frozen=True)
class Kind:
    """What the harvester looks for: where, which files, of which class, with which distributions."""

    folder: str
    legacy: str
    of: URIRef
    distribution: URIRef
    skipped: tuple[str, ...] = ()
    only_latest: bool = False
    index: bool = False


ONTOLOGY = Kind(
    "assets/ontologies",
    "Ontologie",
    OWL.Ontology,
    ADMS.hasSemanticAssetDistribution,
    ("aligns", "example"),
    True,
)
VOCABULARY = Kind("assets/controlled-vocabularies", "VocabolariControllati", DATASET, DCAT.distribution)
SCHEMA = Kind("assets/schemas", "Schema", DATASET, DCAT.distribution, index=True)


@dataclass
class Asset:
    """An asset as the harvester sees it; without errors, it is in the catalogue."""

    path: Path
    iri: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def scan(clone: Path, kind: Kind) -> list[Path]:
    for name in (kind.folder, kind.legacy):
        if (clone / name).is_dir():
            return list(_leaves(clone / name, kind))
    return []


def _leaves(folder: Path, kind: Kind) -> Iterator[Path]:
    """The files of folders that have no folder below them; of versions, an ontology's newest only."""
    below = [p for p in sorted(folder.iterdir()) if not any(w in p.name.lower() for w in SKIPPED_FOLDERS)]
    folders = [p for p in below if p.is_dir()]
    versions = [p.name for p in folders if VERSION.fullmatch(p.name)]
    newest = "latest" if "latest" in versions else max(versions, key=_number, default=None)
    for one in folders:
        if not (kind.only_latest and one.name in versions and one.name != newest):
            yield from _leaves(one, kind)
    if not folders:
        files = [
            p
            for p in below
            if p.suffix.lower() == ".ttl" and not any(w in p.name.lower() for w in kind.skipped)
        ]
        if kind.index:
            yield from (p for p in files if p.name == "index.ttl")
        elif kind is ONTOLOGY or len(files) == 1:  # a vocabulary's folder with two is skipped
            yield from files


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version))


def harvest(path: Path, kind: Kind) -> Asset:
    asset, graph = Asset(path), Graph().parse(path)
    found = list(graph.subjects(RDF.type, kind.of))
    if len(found) != 1:
        asset.errors.append(f"{len(found)} of {kind.of}, in place of one")
        return asset
    node = found[0]
    asset.iri = str(node)
    asset.errors += list(_errors(graph, node, kind))
    asset.warnings += list(_warnings(graph, node, kind))
    return asset


def _errors(graph: Graph, node: Node, kind: Kind) -> Iterator[str]:
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.modified):
        if not [
            o
            for o in graph.objects(node, predicate)
            if isinstance(o, Literal) and o.language in (None, "it", "en")
        ]:
            yield str(predicate)
    for predicate in (DCAT.theme, DCTERMS.accrualPeriodicity):
        if not [o for o in graph.objects(node, predicate) if isinstance(o, URIRef)]:
            yield str(predicate)
    holder = graph.value(node, DCTERMS.rightsHolder)
    if holder is None or not (graph.value(holder, DCTERMS.identifier) and graph.value(holder, FOAF.name)):
        yield "rightsHolder with identifier and name"
    turtle = [
        d for d in graph.objects(node, kind.distribution) if graph.value(d, DCTERMS["format"]) == TURTLE
    ]
    if not turtle or not all(graph.value(d, DCAT.downloadURL) for d in turtle):
        yield "a distribution in Turtle with downloadURL"
    concepts = [str(o) for o in graph.objects(node, NDC.keyConcept)]
    if kind is VOCABULARY and not (len(concepts) == 1 and KEY_CONCEPT.fullmatch(concepts[0])):
        yield f"keyConcept: {concepts}"
    if any(not isinstance(o, Literal) for o in graph.objects(node, ADMS.status)):
        yield "status is no text"  # the harvester reads it as one, and fails


def _warnings(graph: Graph, node: Node, kind: Kind) -> Iterator[str]:
    contact = graph.value(node, DCAT.contactPoint)
    if contact is None or graph.value(contact, VCARD.hasEmail) is None:
        yield "contactPoint"
    for predicate in (DCTERMS.publisher, DCTERMS.creator):
        if not [o for o in graph.objects(node, predicate) if graph.value(o, FOAF.name)]:
            yield str(predicate)
    for predicate in (OWL.versionInfo, DCTERMS.issued, DCTERMS.language, DCTERMS.subject, DCTERMS.conformsTo):
        if graph.value(node, predicate) is None:
            yield str(predicate)
    if kind is ONTOLOGY:
        if not all(graph.value(c, RDFS.label) for c in graph.objects(node, ADMS.hasKeyClass)):
            yield "hasKeyClass"
        for predicate in (ADMS.prefix, ADMS.semanticAssetInUse):
            if graph.value(node, predicate) is None:
                yield str(predicate)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, and what is going to be: a harvester clones no working directory."""
    target = tmp_path_factory.mktemp("clone") / "repository"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, target], check=True, timeout=120)
    return target


def test_the_walk_finds_the_ontology_and_every_vocabulary(clone: Path, tell: Tell) -> None:
    assert (clone / "assets").is_symlink()
    ontologies = [harvest(path, ONTOLOGY) for path in scan(clone, ONTOLOGY)]
    vocabularies = [harvest(path, VOCABULARY) for path in scan(clone, VOCABULARY)]
    assert [a.iri for a in ontologies] == [f"{BASE}onto/MDS"]
    folders = sorted(p.name for p in (ROOT / "ontology" / "assets" / "controlled-vocabularies").iterdir())
    assert sorted(a.iri.rsplit("/", 1)[1] for a in vocabularies) == folders
    assert not scan(clone, SCHEMA)
    assert not {str(a.path): a.errors for a in ontologies + vocabularies if a.errors}
    # Nobody gave us an address to publish, and no subject of EuroVoc is proven for the vocabularies;
    # docs/publishing.md says where an instance adds its own.
    assert {w for a in ontologies for w in a.warnings} == {"contactPoint"}
    assert {w for a in vocabularies for w in a.warnings} == {"contactPoint", str(DCTERMS.subject)}
    tell(f"the walk of a clone finds {len(ontologies)} ontology, {len(vocabularies)} vocabularies, no errors")


def test_the_status_is_one_of_the_national_vocabulary_s(clone: Path, reference: Path) -> None:
    adms = Graph().parse(reference / "ontopia" / "ontologies" / "ADMS-AP_IT.ttl")
    known = {
        str(v) for r in adms.objects(ADMS.status, RDFS.range) for v in adms.items(adms.value(r, OWL.oneOf))
    }
    assert "published" in known
    for kind in (ONTOLOGY, VOCABULARY):
        for path in scan(clone, kind):
            assert {str(o) for o in Graph().parse(path).objects(None, ADMS.status)} <= known
    [ontology] = scan(clone, ONTOLOGY)
    assert [str(o) for o in Graph().parse(ontology).objects(None, ADMS.status)] == ["published"]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("dct:accrualPeriodicity", "dct:source", "accrualPeriodicity"),
        ('foaf:name "mappe-servizi"', 'foaf:nick "mappe-servizi"', "rightsHolder"),
        ("dcat:downloadURL", "dcat:accessURL", "distribution"),
        ('admsapit:status "published"', "admsapit:status <http://purl.org/adms/status/Completed>", "status"),
        ("a owl:Ontology, ", "a ", "0 of"),
    ],
)
def test_the_walk_can_fail(clone: Path, tmp_path: Path, old: str, new: str, error: str) -> None:
    [path] = scan(clone, ONTOLOGY)
    text = path.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / path.name
    broken.write_text(text.replace(old, new), encoding="utf-8")
    assert any(error in found for found in harvest(broken, ONTOLOGY).errors)


def test_without_the_link_at_the_root_nothing_is_found(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "ontology").symlink_to(clone / "ontology")
    assert not scan(tmp_path, ONTOLOGY)
    assert not scan(tmp_path, VOCABULARY)


def test_the_link_is_in_no_source_distribution(clone: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=clone, check=True, capture_output=True, timeout=300)
    [archive] = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert "ontology/assets/ontologies/MDS/latest/MDS.ttl" in names
    assert not [name for name in names if name.partition("/")[0] == "assets"]
