"""A second SHACL engine, npm's rdf-validate-shacl, finds in the catalogue what ours finds, and no more."""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from helpers import ROOT, Tell
from mappe_servizi.checks.shacl import read_data, read_shape_file, validate
from mappe_servizi.releases import Release

CLIENTS = ROOT / "tests" / "clients"
SH = "http://www.w3.org/ns/shacl#"
Found = Counter[tuple[str, str, str, str]]
EU = ("shapes.ttl", "shapes_recommended.ttl")
MUTATIONS: dict[str, tuple[str, str]] = {
    "as it is": ("", ""),
    "no identifier": ("terms/identifier>", ""),
    "no title": ("terms/title>", ""),
    "no rights holder": ("terms/rightsHolder>", ""),
    "no licence": ("terms/license>", ""),
    "no distribution": ("dcat#distribution>", ""),
    "no address": ("dcat#accessURL>", ""),
    "no theme": ("dcat#theme>", ""),
    "no names of agents": ("foaf/0.1/name>", ""),
    "texts for IRIs": ("terms/accrualPeriodicity> <", 'terms/accrualPeriodicity> "irregolare" .\n# <'),
    "two dates": ("terms/modified>", "twice"),
    "a date that is none": ('"^^<http://www.w3.org/2001/XMLSchema#date>', '-oggi"'),
}


def mutated(text: str, name: str) -> str:
    """N-Triples without some, or with others."""
    old, new = MUTATIONS[name]
    if new == "twice":
        more = [line.replace('"20', '"19', 1) for line in text.splitlines(keepends=True) if old in line]
        return text + "".join(more)
    if old and not new:
        kept = [line for line in text.splitlines(keepends=True) if old not in line.split(" ", 2)[1]]
        return "".join(kept)
    return text.replace(old, new) if old else text


def theirs(shapes: Path, data: list[Path]) -> list[Found]:
    assert (CLIENTS / "node_modules" / ".done").exists(), "run `make tests/clients/node_modules/.done`"
    binaries = f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"  # Node from PyPI, where there is no other
    node = shutil.which("node", path=binaries)
    assert node, "there is no Node"
    done = subprocess.run(
        [node, CLIENTS / "shacl.mjs", shapes, *data], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [Counter((r[0].removeprefix(SH), *r[1:]) for r in report) for report in json.loads(done.stdout)]


def ours(shapes: bytes, data: Path, engine: str) -> Found:
    report = validate(read_data([data]), shapes, engine)
    return Counter((r.severity, r.focus, r.path, SH + r.component.removeprefix(SH)) for r in report.results)


@pytest.fixture(scope="module")
def catalogues(release: Release, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The catalogue as it is, and with something wrong in it."""
    place = tmp_path_factory.mktemp("catalogues")
    text = (release.path / "catalogue.nt").read_text(encoding="utf-8")
    found = {}
    for number, name in enumerate(MUTATIONS):
        found[name] = place / f"{number}.nt"
        found[name].write_text(mutated(text, name), encoding="utf-8")
        assert (mutated(text, name) != text) == (name != "as it is")
    return found


FEWER = {("shapes.ttl", "a date that is none")}
"""Where it finds fewer: of many values that are alike and fail one sh:node (pyshacl and shifty find all)."""


def assert_the_same(shapes: Path, read: bytes, catalogues: dict[str, Path], engine: str) -> int:
    total = 0
    for (name, path), expected in zip(
        catalogues.items(), theirs(shapes, [*catalogues.values()]), strict=True
    ):
        found = ours(read, path, engine)
        if (shapes.name, name) in FEWER:
            assert found == ours(read, path, "shifty")
        else:
            assert not found - expected, (name, "only ours", list((found - expected).items())[:3])
        assert not expected - found, (name, "only theirs", list((expected - found).items())[:3])
        total += found.total()
    return total


def test_the_engines_agree_on_the_rules_of_dcat_ap_it(catalogues: dict[str, Path], tell: Tell) -> None:
    shapes = ROOT / "shapes" / "catalogue.ttl"
    total = assert_the_same(shapes, read_shape_file(shapes), catalogues, "shifty")
    assert total > 500
    tell(f"rdf-validate-shacl and ours: {total} results, {len(catalogues)} catalogues, DCAT-AP_IT")


@pytest.mark.parametrize("shapes", EU)
def test_the_engines_agree_on_the_eu_s_shapes(
    shapes: str, catalogues: dict[str, Path], reference: Path, tell: Tell
) -> None:
    path = reference / "eu" / "dcat-ap-3.0.1" / shapes
    total = assert_the_same(path, read_shape_file(path), catalogues, "pyshacl")
    assert total > 20
    tell(
        f"rdf-validate-shacl and pyshacl: the same {total} results on {len(catalogues)} catalogues, {shapes}"
    )
