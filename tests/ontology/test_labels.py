"""Labels are text, not the bytes of one encoding read as another."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from helpers import ROOT
from mappe_servizi.releases import Release
from rdf import BASE, our_files

MOJIBAKE = re.compile("[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac|\ufffd")
"""The first byte of a UTF-8 letter and a later one, read as Latin-1; or what could not be read."""
FILES = [*our_files(), ROOT / "ontology" / "external.csv", *(ROOT / "data").glob("**/*.csv")]


def test_the_check_can_fail() -> None:
    assert MOJIBAKE.search("biodiversità".encode().decode("latin-1"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_file_has_mojibake(path: Path) -> None:
    assert not MOJIBAKE.findall(path.read_text(encoding="utf-8"))


def test_no_text_of_the_graph_has_mojibake(release: Release) -> None:
    texts = {q.object.value for q in parse(path=release.dump) if isinstance(q.object, Literal)}
    assert not [text for text in texts if MOJIBAKE.search(text)]


def test_measures_of_quality_are_no_findings(release: Release) -> None:
    """A property of both has the domain of neither, or a reasoner takes one for the other."""
    used: dict[str, set[str]] = {}
    for quad in parse(path=release.dump):
        if isinstance(quad.subject, NamedNode) and "/completeness-" in quad.subject.value:
            used.setdefault(quad.predicate.value, set())
    for path in our_files():
        for quad in parse(path.read_text(encoding="utf-8"), format=RdfFormat.TURTLE, base_iri=BASE):
            name = getattr(quad.subject, "value", "")
            if quad.predicate.value.endswith("rdf-schema#domain") and name in used:
                used[name].add(str(quad.object))
    assert f"{BASE}onto/MDS/aboutYear" in used
    assert not [name for name, domains in used.items() if any("QualityFinding" in d for d in domains)]
