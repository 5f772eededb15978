"""`mappe query` on a release, as a user at a terminal meets it."""

import csv
import json
from pathlib import Path

import pytest

from helpers import mappe, on_terminal
from mappe_servizi.releases import Release

BY_LABEL = """#+ title: Per etichetta
#+ title@en: By label
#+ param label string: L'etichetta.
PREFIX l0: <https://w3id.org/italia/onto/l0/>
SELECT ?label ?thing { ?thing a <https://w3id.org/mappe-servizi/onto/MDS/MunicipalService> ; l0:name ?name
  BIND(STR(?name) AS ?label) } ORDER BY ?thing
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_published_query_gives_the_table_of_the_release(release: Release) -> None:
    done = mappe("query", "services", "--release", release.path, "--format", "csv")
    assert done.returncode == 0, done.stderr
    published = (release.path / "csv" / "services.csv").read_text(encoding="utf-8")
    assert list(csv.reader(done.stdout.splitlines())) == list(csv.reader(published.splitlines()))


def test_a_file_with_a_parameter(release: Release, tmp_path: Path) -> None:
    query = write(tmp_path / "by-label.rq", BY_LABEL)
    arguments = ("--release", release.path, "--format", "json")
    every = json.loads(mappe("query", query, *arguments).stdout)["results"]["bindings"]
    assert len(every) == 73
    label = every[0]["label"]["value"]
    one = json.loads(mappe("query", query, "-p", f"label={label}", *arguments).stdout)["results"]["bindings"]
    assert one == [row for row in every if row["label"]["value"] == label]
    injected = mappe("query", query, "-p", 'label=x" } #', *arguments)
    assert json.loads(injected.stdout)["results"]["bindings"] == []


@pytest.mark.parametrize(
    ("text", "shape", "shown"),
    [
        ("ASK { ?s ?p ?o }", "table", "true\n"),
        ("SELECT ?x { VALUES ?x { 'uno' UNDEF } }", "table", "x\nuno\n\n"),
        ("SELECT ?x { VALUES ?x { 'a\\tb\\nc\\u001b[31m [b]' } }", "table", "x\na b c [31m [b]\n"),
        ("SELECT ?x { VALUES ?x { 'uno' UNDEF } }", "csv", "x\nuno\n\n"),
        ("CONSTRUCT { <http://e.org/a> a <http://e.org/b> } {}", "table", "a <http://e.org/b> .\n"),
        ("CONSTRUCT { <http://e.org/a> a <http://e.org/b> } {}", "json", '"@id":"http://e.org/a"'),
    ],
)
def test_every_kind_of_result_is_shown(
    text: str, shape: str, shown: str, release: Release, tmp_path: Path
) -> None:
    query = write(tmp_path / "query.rq", text)
    done = mappe("query", query, "--release", release.path, "--format", shape)
    assert done.returncode == 0, done.stderr
    assert shown in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nothing"], "no published query 'nothing'; published: "),
        (["service"], "no published query 'service' (did you mean 'services'?); published: "),
        (["services", "-p", "year"], "a parameter reads NAME=VALUE, not 'year'"),
        (["services", "-p", "x=y"], "the query services has no parameter 'x'"),
        (["{tmp}/bad.rq"], "the query is wrong: "),
        (["{tmp}/graph.rq", "--format", "csv"], "has no CSV"),
        (["services", "--release", "{tmp}"], "is not a build's output"),
        (
            ["services", "--endpoint", "http://127.0.0.1:9/sparql"],
            "http://127.0.0.1:9/sparql gives no answer",
        ),
    ],
)
def test_errors_are_one_sentence(arguments: list[str], reason: str, release: Release, tmp_path: Path) -> None:
    write(tmp_path / "bad.rq", "SELEKT * {}")
    write(tmp_path / "graph.rq", "CONSTRUCT WHERE { ?s ?p ?o }")
    given = [argument.replace("{tmp}", str(tmp_path)) for argument in arguments]
    done = mappe("query", *given, MAPPE_RELEASE=str(release.path))
    assert done.returncode == 1
    assert reason in done.stderr
    assert done.stderr.startswith("mappe: ")
    shown = 3 if reason == "the query is wrong: " else 1  # the line of the query, and a caret below it
    assert done.stderr.count("\n") == shown
    assert done.stdout == ""


def test_a_table_in_a_pipe_is_plain_text(release: Release) -> None:
    done = mappe("query", "services", "--release", release.path)
    published = (release.path / "csv" / "services.csv").read_text(encoding="utf-8")
    assert [line.split("\t") for line in done.stdout.splitlines()] == list(csv.reader(published.splitlines()))
    assert done.stderr == ""


@pytest.mark.parametrize("columns", [60, 100, 400])
def test_a_table_on_a_terminal_fits_it(release: Release, columns: int) -> None:
    shown = on_terminal(columns, "query", "services", "--release", release.path)
    lines = shown.splitlines()
    assert lines[0] == "municipality: c_d150"  # what is the same in every row is told once
    assert all(len(line) <= columns for line in lines if "http" not in line)  # an address stays whole
    assert "Sicurezza stradale e infortunistica" in shown
    assert lines[-1] == "73 rows"
    assert ("│" in shown) == (columns == 400)
