"""Every fact leads to its lines of the document, and to the corrections that touched it."""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, Store, parse

from helpers import ROOT, mappe
from mappe_servizi.releases import Release, open_release
from rdf import BASE

DIRECTORY = ROOT / "data" / "municipalities" / "c_d150" / "editions" / "2020"
LINES = (DIRECTORY / "document.txt").read_text(encoding="utf-8").split("\n")
PREFIXES = f"""PREFIX mds: <{BASE}onto/MDS/> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX spdx: <http://spdx.org/rdf/terms#> PREFIX dct: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dqv: <http://www.w3.org/ns/dqv#> """
PROVENANCE, QUALITY = f"GRAPH <{BASE}graph/provenance>", f"GRAPH <{BASE}graph/quality>"


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return Store.read_only(str(release.path / "store"))


def rows(store: Store, query: str) -> Iterator[tuple[str | None, ...]]:
    for row in store.query(PREFIXES + query):
        yield tuple(term.value if term else None for term in row)


def test_every_statement_leads_to_lines(store: Store) -> None:
    missing = f"""SELECT ?fact {{ ?fact mds:statedIn ?map FILTER NOT EXISTS {{ {PROVENANCE} {{
      ?fact prov:wasDerivedFrom ?lines . ?lines a mds:SourceLines }} }} }}"""
    assert list(rows(store, missing)) == []
    counted = (
        f"SELECT (COUNT(DISTINCT ?fact) AS ?n) {{ {PROVENANCE} {{ ?fact prov:wasDerivedFrom ?lines }} }}"
    )
    assert int(next(rows(store, counted))[0] or 0) > 4000


def test_lines_are_quoted_as_they_stand(store: Store) -> None:
    """RFC 5147: "line=9,12" is lines 10 to 12."""
    query = f"""SELECT ?lines ?first ?last ?text {{ {PROVENANCE} {{
      ?lines mds:firstLine ?first ; mds:lastLine ?last ; prov:value ?text }} }}"""
    checked = 0
    for iri, first, last, text in rows(store, query):
        assert iri
        assert first
        assert last
        assert iri.endswith(f"/document#line={int(first) - 1},{last}")
        assert text == "\n".join(LINES[int(first) - 1 : int(last)])
        checked += 1
    assert checked > 2000


def test_a_figure_is_on_the_line_it_names(store: Store) -> None:
    query = f"""SELECT ?raw ?text {{ ?figure a mds:YearlyFigure ; mds:rawText ?raw .
      {PROVENANCE} {{ ?figure prov:wasDerivedFrom ?lines . ?lines prov:value ?text }} }}"""
    found = list(rows(store, query))
    assert len(found) == 1968
    assert all(raw in text for raw, text in found if raw and text)


def test_corrections_are_published_and_lead_to_what_they_touched(store: Store) -> None:
    with (DIRECTORY / "corrections.csv").open(encoding="utf-8", newline="") as file:
        corrections = {row["id"]: row for row in csv.DictReader(file)}
    published = f"""SELECT ?c ?kind ?printed ?reason {{ {PROVENANCE} {{ ?c a mds:Correction ;
      mds:correctionKind ?kind ; mds:printedText ?printed ; mds:reason ?reason }} }}"""
    found = {
        str(c).rsplit("/", 1)[1]: (kind, printed, reason)
        for c, kind, printed, reason in rows(store, published)
    }
    expected = {key: (row["kind"], row["printed"], row["reason"]) for key, row in corrections.items()}
    assert found == expected
    query = f"SELECT DISTINCT ?c {{ {PROVENANCE} {{ ?fact mds:correctedBy ?c }} }}"
    touched = {str(c).rsplit("/", 1)[1] for (c,) in rows(store, query)}
    headers = {key for key, row in corrections.items() if row["kind"] == "rows" and not row["reads"]}
    layout = {
        key for key, row in corrections.items() if row["kind"] == "rows" and "Descrizione" in row["reads"]
    }
    assert set(corrections) - touched <= headers | layout


def test_the_build_says_what_it_used(store: Store) -> None:
    query = f"""SELECT ?name ?sum {{ {PROVENANCE} {{ ?build a prov:Activity ; prov:used ?used .
      ?used spdx:checksum/spdx:checksumValue ?sum . BIND(REPLACE(STR(?used), "^.*/", "") AS ?name) }} }}"""
    sums = dict(rows(store, query))
    assert sums["document"] == hashlib.sha256((DIRECTORY / "document.txt").read_bytes()).hexdigest()
    assert sums["corrections"] == hashlib.sha256((DIRECTORY / "corrections.csv").read_bytes()).hexdigest()
    software = f"""SELECT ?version {{ {PROVENANCE} {{ ?build prov:wasAssociatedWith ?agent .
      ?agent a prov:SoftwareAgent ; dct:hasVersion ?version }} }}"""
    assert [version for (version,) in rows(store, software)]


def test_findings_lead_to_their_figures_and_lines(store: Store, release: Release) -> None:
    query = f"""SELECT ?finding (COUNT(DISTINCT ?figure) AS ?figures) (COUNT(DISTINCT ?lines) AS ?n) {{
      {QUALITY} {{ ?finding a mds:QualityFinding ; prov:wasDerivedFrom ?lines
        OPTIONAL {{ ?finding mds:restsOn ?figure }} }}
      {PROVENANCE} {{ ?lines prov:value ?text }} }} GROUP BY ?finding"""
    found = {str(finding): (int(figures or 0), int(n or 0)) for finding, figures, n in rows(store, query)}
    with (release.path / "csv" / "quality.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert {row["finding"] for row in table} == set(found)
    school = f"{BASE}data/finding/c_d150/2020/total-of-parts-34-users-2-2018"
    assert found[school] == (5, 2)
    assert next(row["lines"] for row in table if row["finding"] == school) == "2850-2852 | 2854-2855"
    assert all(row["verdict"] and row["why"] for row in table)


def test_completeness_is_the_share_of_figures(store: Store, release: Release) -> None:
    """Asili nido has no figure for 2020."""
    query = f"""SELECT ?table ?year ?value {{ {QUALITY} {{ ?m dqv:computedOn
      <{BASE}data/service-map/c_d150/2020/asili-nido> ;
      mds:inTable ?table ; mds:aboutYear ?year ; dqv:value ?value }} }}"""
    shares = {(table, year): float(value or 0) for table, year, value in rows(store, query)}
    assert shares["outputs", "2018"] == 1
    assert shares["outputs", "2020"] == 0
    assert shares["users", "2020"] == 0


@pytest.fixture(scope="module")
def suppressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    link = tmp_path_factory.mktemp("suppressed") / "current"
    built = mappe("build", "--output", link, "--suppress-small-counts")
    assert built.returncode == 0, built.stderr
    return open_release(link).path


def test_a_release_without_small_counts_tells_none(suppressed: Path, release: Release) -> None:
    """Neither the figure, nor its raw text, nor the quoted line is in any file."""
    line = LINES[1400]
    assert line.startswith("Minori collocati in famiglie affidatarie di pronto intervento\t2\t2\t3")
    quoted = line.replace("\t", "\\t")
    files = [path for path in suppressed.rglob("*") if path.is_file() and "store" not in path.parts]
    dump = (suppressed / "dump" / "mappe-servizi.nq").read_text(encoding="utf-8")
    assert quoted not in dump
    assert quoted in (release.path / "dump" / "mappe-servizi.nq").read_text(encoding="utf-8")
    assert len(files) > 20
    with (suppressed / "csv" / "observations.csv").open(encoding="utf-8", newline="") as file:
        hidden = [row for row in csv.DictReader(file) if row["status"] == "suppressed"]
    assert len(hidden) >= 9
    assert all((row["raw"], row["value"], row["note"]) == ("[dato oscurato]", "", "") for row in hidden)


def test_reasons_and_evidence_say_their_language(release: Release) -> None:
    """Corrections are reasoned in English, the readings of findings in Italian."""
    found = {
        (
            quad.predicate.value.rsplit("/", 1)[-1],
            "/data/finding/" in quad.subject.value,
            quad.object.language,
        )  # type: ignore[union-attr]
        for quad in parse(path=release.dump)
        if quad.predicate.value.endswith(("onto/MDS/reason", "onto/MDS/evidence"))
        and isinstance(quad.object, Literal)
    }
    stated = {f for f in found if f[0] in {"reason", "evidence"}}
    assert stated == {("reason", False, "en"), ("evidence", False, "en"), ("reason", True, "it")}
