"""What a release refuses, before any work: it says what to set and where, and what is wrong and open."""

import json
import shutil
from pathlib import Path

import pytest

from helpers import ROOT, mappe
from mappe_servizi.releases import Release, open_release

SHAPES = """
@prefix mdsh: <https://w3id.org/mappe-servizi/shapes/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix mds: <https://w3id.org/mappe-servizi/onto/MDS/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

mdsh:StrictShape a sh:NodeShape ;
    sh:targetClass mds:MunicipalService ;
    sh:property [
        sh:path dct:coverage ; sh:minCount 1 ;
        sh:message "Serve un ambito."@it, "State the coverage."@en
    ] ;
    sh:property [
        sh:path dct:valid ; sh:minCount 1 ;
        sh:severity sh:Info ; sh:message "Open: since when."@en
    ] .
"""
SERVICES = 73
PUBLISHER = ("--publisher-name", "Ente di prova", "--publisher-identifier", "c_x000")
DATA = ("--data", ROOT / "data")


@pytest.fixture
def build(release: Release, tmp_path: Path) -> Path:
    """A build that is nobody else's; what is written there is written anew."""
    return Path(shutil.copytree(release.path, tmp_path / "build"))


def test_what_is_not_set_is_told_with_the_file_that_it_belongs_in(build: Path, tmp_path: Path) -> None:
    file = tmp_path / "mappe.toml"
    file.write_text("", encoding="utf-8")
    refused = mappe("release", "--release", build, *DATA, cwd=tmp_path)
    assert refused.returncode == 1
    for name in ("publisher-name", "publisher-identifier", "base-uri"):
        assert f"set '{name}' in {file}" in refused.stderr
    assert not (tmp_path / "build" / "releases").exists()


@pytest.mark.parametrize(
    ("right", "said"), [("holder", "rights holder"), ("basis", "licence basis"), ("licence", "licence")]
)
def test_each_right_is_needed(build: Path, tmp_path: Path, right: str, said: str) -> None:
    path = build / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["municipalities"][0]["rights"][right]
    path.chmod(0o644)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    refused = mappe("release", "--release", build, "--releases", tmp_path / "r", *PUBLISHER, *DATA)
    assert refused.returncode == 1
    file = ROOT / "data" / "municipalities" / "c_d150" / "municipality.toml"
    assert f"the {said} of c_d150: set '{right}' in [rights] of {file}" in refused.stderr
    assert not list((tmp_path / "r").glob("[0-9]*"))


def test_what_is_wrong_and_open_beyond_the_limits_is_counted_and_refused(build: Path, tmp_path: Path) -> None:
    shapes = Path(shutil.copytree(ROOT / "shapes", tmp_path / "shapes"))
    (shapes / "strict.ttl").write_text(SHAPES, encoding="utf-8")
    assert mappe("validate", "--release", build, "--shapes", shapes).returncode == 1
    command = ("release", "--release", build, "--releases", tmp_path / "r")

    refused = mappe(*command, "--max-open-decisions", "72")
    assert refused.returncode == 1
    report = build / "report" / "validation.ttl"
    assert f"{SERVICES} violations of the shapes, {report}" in refused.stderr
    assert (
        f"{SERVICES}  State the coverage. (https://w3id.org/mappe-servizi/data/public-service/"
        in refused.stderr
    )
    assert f"and {SERVICES - 3} more" in refused.stderr
    assert "allowed are 0 (setting max-violations)" in refused.stderr
    assert f"{SERVICES} decisions are open" in refused.stderr
    assert f"{SERVICES}  Open: since when." in refused.stderr
    assert "allowed are 72 (setting max-open-decisions)" in refused.stderr
    assert not list((tmp_path / "r").glob("*"))

    made = mappe(*command, "--max-violations", f"{SERVICES}")
    assert made.returncode == 0, made.stderr
    assert f"{SERVICES} violations, 13 warnings, {SERVICES} open decisions" in made.stderr
    released = open_release(tmp_path / "r" / "1")
    assert released.counts["validation"] == {"Violation": SERVICES, "Warning": 13, "Info": SERVICES}
    assert (released.path / "report" / "validation.ttl").read_text(encoding="utf-8").count(
        "sh:Violation"
    ) == SERVICES
