"""The national catalogue (schema.gov.it) harvests a fresh clone of this repository."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from rdflib import OWL, RDFS, Graph, Namespace

from helpers import ROOT, Tell
from mappe_servizi.rehearsal.harvesters.national import ONTOLOGY, SCHEMA, VOCABULARY, look, scan
from rdf import BASE, ONTOPIA

ADMS = Namespace(f"{ONTOPIA}ADMS/")
CONTACT, SUBJECT = "contactPoint with hasEmail is missing", "subject is missing"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, and what is going to be: a harvester clones no working directory."""
    target = tmp_path_factory.mktemp("clone") / "repository"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, target], check=True, timeout=120)
    return target


def test_the_walk_finds_the_ontology_and_every_vocabulary(clone: Path, tell: Tell) -> None:
    assert (clone / "assets").is_symlink()
    ontologies = [look(path, ONTOLOGY) for path in scan(clone, ONTOLOGY)]
    vocabularies = [look(path, VOCABULARY) for path in scan(clone, VOCABULARY)]
    assert [a.iri for a in ontologies] == [f"{BASE}onto/MDS"]
    folders = sorted(p.name for p in (ROOT / "ontology" / "assets" / "controlled-vocabularies").iterdir())
    assert sorted(a.iri.rsplit("/", 1)[1] for a in vocabularies) == folders
    assert not scan(clone, SCHEMA)
    assert not {str(a.path): a.errors for a in ontologies + vocabularies if a.errors}
    # Nobody gave us an address to publish, and no subject of EuroVoc is proven for the vocabularies;
    # docs/publishing.md says where an instance adds its own.
    assert {w for a in ontologies for w in a.warnings} == {CONTACT}
    assert {w for a in vocabularies for w in a.warnings} == {CONTACT, SUBJECT}
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
    assert any(error in found for found in look(broken, ONTOLOGY).errors)


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
