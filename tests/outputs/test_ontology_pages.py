"""The ontology's documentation: each term in each language, made the same every time."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pylode
import pytest
from pylode import utils
from pyoxigraph import RdfFormat, Triple, parse

from helpers import ROOT
from mappe_servizi.outputs import ontology_pages
from mappe_servizi.outputs.ontology_pages import (
    LANGUAGES,
    keep_pages,
    page_path,
    write_kept_pages,
    write_ontology_pages,
)
from rdf import BASE

ONTOLOGY = ROOT / "ontology"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    directory = tmp_path_factory.mktemp("pages")
    write_ontology_pages(ONTOLOGY, directory, BASE)
    return {
        language: page_path(directory, "MDS", language).read_text(encoding="utf-8")
        for language in ("it", "en")
    }


def test_nothing_is_written_among_the_packages(tmp_path: Path) -> None:
    """Who runs a build may write there as little as the services of systemd and the container."""
    shipped = Path(pylode.__file__).parent / "rdf"
    before = {path: path.stat().st_mtime_ns for path in (shipped, *shipped.iterdir())}
    write_ontology_pages(ONTOLOGY, tmp_path, BASE)
    assert {path: path.stat().st_mtime_ns for path in (shipped, *shipped.iterdir())} == before
    assert shipped == utils.RDF_FOLDER


def test_a_build_says_nothing_of_how_they_are_made(tmp_path: Path) -> None:
    """In a process of its own, where nobody has set up logging."""
    makes = "from pathlib import Path; from mappe_servizi.outputs import ontology_pages as pages;"
    program = (
        f"{makes} pages.write_ontology_pages(Path({str(ONTOLOGY)!r}), Path({str(tmp_path)!r}), {BASE!r})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


def test_every_term_is_documented_in_its_language(pages: dict[str, str]) -> None:
    text = (ONTOLOGY / "assets" / "ontologies" / "MDS" / "latest" / "MDS.ttl").read_text(encoding="utf-8")
    terms = re.findall(r"^mds:(\w+) a owl:(?:Class|ObjectProperty|DatatypeProperty)", text, re.MULTILINE)
    assert len(terms) > 100
    for term in terms:
        assert f"<code>{BASE}onto/MDS/{term}</code>" in pages["it"], term
        assert f"<code>{BASE}onto/MDS/{term}</code>" in pages["en"], term
    assert "Segmento di utenza" in pages["it"]
    assert "Segmento di utenza" not in pages["en"]


def test_a_term_leads_to_ontopia(pages: dict[str, str]) -> None:
    assert 'href="https://w3id.org/italia/onto/CPEV/Audience"' in pages["it"]


def test_nothing_in_it_needs_a_style_or_script(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert not re.search(r"<(script|style|link|iframe)\b| style=| on\w+=", page)


def test_all_that_pylode_knows_would_give_the_same(
    pages: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given what it knows of the terms that are there, a tenth of it."""

    def everything(_: object, path: Path) -> list[Triple]:
        quads = parse(path=path, format=RdfFormat.TURTLE, base_iri=path.as_uri())
        return [quad.triple for quad in quads]

    monkeypatch.setattr(ontology_pages, "_said_of", everything)
    write_ontology_pages(ONTOLOGY, tmp_path, BASE)
    for language, page in pages.items():
        assert page_path(tmp_path, "MDS", language).read_text(encoding="utf-8") == page


def test_it_is_the_same_every_time(pages: dict[str, str], tmp_path: Path) -> None:
    write_ontology_pages(ONTOLOGY, tmp_path, BASE)
    assert {
        language: page_path(tmp_path, "MDS", language).read_text(encoding="utf-8") for language in pages
    } == pages


@pytest.mark.parametrize("base", [BASE, "https://dati.example.it/servizi/"])
def test_what_the_program_brings_along_is_what_would_be_made(
    pages: dict[str, str], tmp_path: Path, base: str
) -> None:
    """Under an instance's own base too: its ontology is the same, and its links to it stay on its host."""
    keep_pages(ONTOLOGY, tmp_path / "assets")
    for name in ("kept", "made"):
        (tmp_path / name).mkdir()
    assert write_kept_pages(ONTOLOGY, tmp_path / "kept", base, tmp_path / "assets")
    write_ontology_pages(ONTOLOGY, tmp_path / "made", base)
    for language in LANGUAGES:
        kept, made = (page_path(tmp_path / name, "MDS", language).read_bytes() for name in ("kept", "made"))
        assert kept == made
        assert (kept == pages[language].encode()) or base != BASE
        assert f"<code>{BASE}onto/MDS</code>".encode() in kept
        assert b'<a href="../onto/MDS/0.1">' in kept


def test_pages_of_another_ontology_are_not_taken(tmp_path: Path) -> None:
    """Somebody edits it, or there are no assets: then pyLODE makes the pages."""
    shutil.copytree(ONTOLOGY, tmp_path / "ontology")
    assert not write_kept_pages(tmp_path / "ontology", tmp_path, BASE, tmp_path / "assets")
    keep_pages(tmp_path / "ontology", tmp_path / "assets")
    with (tmp_path / "ontology/assets/ontologies/MDS/latest/MDS.ttl").open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert not write_kept_pages(tmp_path / "ontology", tmp_path, BASE, tmp_path / "assets")
    assert not (tmp_path / "ontology" / "MDS.it.html").exists()


def test_a_link_within_the_page_leads_to_a_place_on_it(pages: dict[str, str]) -> None:
    for text in pages.values():
        places = set(re.findall(r' id="([^"]+)"', text))
        within = re.findall(r'href="#([^"]+)"', text)
        assert len(within) > 200
        assert set(within) - places == set()
        assert f'<a href="../onto/MDS/0.1">{BASE}onto/MDS/0.1</a>' in text
