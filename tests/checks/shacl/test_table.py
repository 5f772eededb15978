"""What `mappe validate` shows and its status, on files of a user."""

import json
import shutil
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph

from helpers import mappe
from mappe_servizi.model.outputs import declared
from mappe_servizi.releases import Release

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.org/> .
e:NamedShape a sh:NodeShape ; sh:targetClass e:Thing ;
  sh:property [ sh:path e:name ; sh:minCount 1 ; sh:message "a thing needs a name" ; sh:severity sh:%s ] .
"""


@pytest.mark.parametrize(("severity", "status"), [("Violation", 1), ("Warning", 0), ("Info", 0)])
@pytest.mark.parametrize("engine", ["shifty", "pyshacl"])
def test_only_violations_make_the_status_1(severity: str, status: int, engine: str, tmp_path: Path) -> None:
    (tmp_path / "named.ttl").write_text(SHAPES % severity)
    data, report = tmp_path / "data.ttl", tmp_path / "report.ttl"
    data.write_text("@prefix e: <http://e.org/> . " + " ".join(f"e:t{n} a e:Thing ." for n in range(5)))
    arguments = ("--shapes", tmp_path, "--engine", engine, "--report", report)
    done = mappe("validate", data, *arguments)
    assert done.returncode == status, done.stderr
    row = next(line for line in done.stdout.splitlines() if "a thing needs a name" in line)
    assert row.split("\t")[:5] == [severity, "5", "", "name", "a thing needs a name"]
    assert f"5 {severity.lower()}s\n" in done.stderr
    told = json.loads(mappe("validate", data, *arguments, "--json").stdout)
    assert told["counts"] == {severity: 5}
    assert {one["focus"] for one in told["results"]} == {f"http://e.org/t{n}" for n in range(5)}
    assert ("5 violations, in" in done.stderr) == (status == 1)
    graph = Graph().parse(report)
    assert len(list(graph.subjects(RDF.type, SH.ValidationResult))) == 5


def test_data_that_conform_say_so(tmp_path: Path) -> None:
    (tmp_path / "named.ttl").write_text(SHAPES % "Violation")
    (tmp_path / "data.nt").write_text("<http://e.org/a> <http://e.org/name> 'n' .".replace("'", '"'))
    done = mappe("validate", tmp_path / "data.nt", "--shapes", tmp_path)
    assert done.returncode == 0
    assert "conforms" in done.stdout


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "named.ttl").write_text(SHAPES % "Violation")
    done = mappe("validate", tmp_path / "nothing.ttl", "--shapes", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "nothing.ttl: the file cannot be read" in done.stderr


def test_a_release_that_was_changed_is_read_as_it_is(release: Release, tmp_path: Path) -> None:
    """The lines of one as it was published are known; whatever it has become is parsed."""
    build = Path(shutil.copytree(release.path, tmp_path / "build"))
    dump = declared.DUMP.at(build)
    (build / "report").chmod(0o755)
    dump.chmod(0o644)
    published, found = dump.read_bytes(), []
    for more in (b"", b"# a comment\n", b"<http://e.org/a>  a <http://e.org/Thing>.", b"<a> <b>\n"):
        dump.write_bytes(published + more.replace(b" a ", b" <%s>\t" % str(RDF.type).encode()))
        done = mappe("validate", "--release", build, "--json")
        found.append((done.returncode, done.stderr, done.stdout and json.loads(done.stdout)["results"]))
    as_published, with_a_comment, unlabelled, broken = found
    assert as_published == with_a_comment
    assert as_published[0] == 0
    assert {r["focus"] for r in unlabelled[2] if r not in as_published[2]} == {"http://e.org/a"}
    assert broken[0] == 1
    assert "not N-Quads" in broken[1]


@pytest.mark.parametrize("name", ["c_d150", "c_d150-2020"])
def test_a_municipality_of_the_release_can_be_named(name: str, release: Release, tmp_path: Path) -> None:
    report = tmp_path / "report.ttl"
    done = mappe("validate", name, "--release", release.path, "--report", report)
    assert done.returncode == 0, done.stderr
    assert Graph().parse(report).value(predicate=RDF.type, object=SH.ValidationReport)


def test_a_name_that_is_nothing_says_what_there_is(release: Release) -> None:
    done = mappe("validate", "h612", "--release", release.path)
    assert done.returncode == 1
    assert "'h612' is no file, and no municipality or edition of the release (c_d150-2020)" in done.stderr
