"""Links in a release: what is decided becomes a graph, a table and SSSOM; what is not decided is proposed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from helpers import ROOT
from mappe_servizi.checks.shacl import read_shape_file, validate
from mappe_servizi.errors import InputErrors, MappeError
from mappe_servizi.graph import links
from mappe_servizi.linking.decisions import load_decisions
from mappe_servizi.linking.mappings import LinkMapping, of_decisions
from mappe_servizi.pipeline.build import build
from mappe_servizi.pipeline.municipality import incomplete_registries
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import Iris
from mappe_servizi.releases import Release
from mappe_servizi.settings import Settings
from second_town import IPA, write_town

BASE = "https://w3id.org/mappe-servizi/"
OURS, OTHERS = f"{BASE}data/organization/", "https://example.org/list/"
WIKIDATA = "http://www.wikidata.org/entity/Q6098"
HEADER = "left,right,decision,reason,evidence,certainty,reviewer,decided"
DECISIONS = (
    f"{OURS}cosper,{OTHERS}1,accept,the same name,a list,,A. Reviewer,2026-11-20",
    f"{OTHERS}2,{OURS}sentiero,accept,a like name,a list,likely,A. Reviewer,2026-11-20",
    f"{OURS}lae,{OTHERS}3,reject,another town,a list,,,",
    f"{OURS}azimut,{OTHERS}4,unsure,too common a name,a list,,,",
    f"{BASE}data/municipality/c_d150,{WIKIDATA},accept,the town,a list,,,",
    "one.csv#row=1,two.csv#row=2,accept,about other lists,a list,,,",
)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def towns(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of Cremona and of a second town that has its social services, with decisions."""
    place = tmp_path_factory.mktemp("links")
    shutil.copytree(ROOT / "data", place / "data")
    write_town(place / "data" / "municipalities", release.path / "report" / "ledger.csv", 17, 4)
    (place / "data" / "providers" / "decisions.csv").write_text(
        "\n".join((HEADER, *DECISIONS)) + "\n", "utf-8"
    )
    settings = Settings(data=place / "data", output=place / "out", jobs=1)
    for registry in incomplete_registries(settings):
        registry.write()
    return build(settings)


def quads(directory: Path) -> list[Triple]:
    graph = NamedNode(f"{BASE}graph/links")
    path = directory / "dump" / "mappe-servizi.nq"
    return [q.triple for q in parse(path=path, format=RdfFormat.N_QUADS) if q.graph_name == graph]


def test_what_is_decided_is_stated_and_nothing_else(towns: Path) -> None:
    stated = {
        (
            t.subject.value.removeprefix(OURS),
            t.predicate.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1],
            t.object.value,
        )
        for t in quads(towns)
        if isinstance(t.object, NamedNode)
        and (t.subject.value.startswith((OURS, OTHERS, f"{BASE}data/muni")))
    }
    assert stated == {
        ("cosper", "sameAs", f"{OTHERS}1"),
        ("sentiero", "linkedTo", f"{OTHERS}2"),
        (f"{OTHERS}2", "linkedTo", f"{OURS}sentiero"),
        (f"{BASE}data/municipality/c_d150", "seeAlso", WIKIDATA),
    }


def test_the_table_has_every_link_and_how_it_stands(towns: Path) -> None:
    found = {
        (row["provider"].rsplit("/", 1)[1], row["other"]): row
        for row in rows_of(towns / "csv" / "links.csv")
        if not row["relation"].endswith("hasAlternativeIdentifier")
    }
    assert {key: row["status"] for key, row in found.items()} == {
        ("cosper", f"{OTHERS}1"): "accepted",
        ("sentiero", f"{OTHERS}2"): "accepted",
        ("lae", f"{OTHERS}3"): "rejected",
        ("azimut", f"{OTHERS}4"): "proposed",
        ("c_d150", WIKIDATA): "accepted",
    }
    one = found["cosper", f"{OTHERS}1"]
    assert (one["municipality"], one["edition"], one["decided"]) == ("c_d150", "2020", "2026-11-20")
    assert one["reason"] == "the same name [a list]"
    assert "A. Reviewer" not in "".join("".join(row.values()) for row in found.values())
    codes = [row for row in rows_of(towns / "csv" / "links.csv") if row["relation"].endswith("Identifier")]
    kept = rows_of(ROOT / "data" / "providers" / "identifiers.csv")
    assert {row["otherName"]: row["status"] for row in codes} == {
        row["value"]: "accepted" if row["certainty"] == "certain" else "proposed" for row in kept
    }


def read_sssom(path: Path) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The head and the rows of an SSSOM/TSV file, read as the standard says."""
    lines = path.read_text("utf-8").splitlines()
    head = [line[1:] for line in lines if line.startswith("#")]
    known = dict(line.strip().split(": ", 1) for line in head if ": " in line)
    return known, list(csv.DictReader([x for x in lines if not x.startswith("#")], delimiter="\t"))


def test_the_sssom_file_keeps_the_rules_of_the_standard(towns: Path) -> None:
    head, rows = read_sssom(towns / "dump" / "links.sssom.tsv")
    assert head["mapping_set_id"] == f"{BASE}graph/links"
    assert head["license"].startswith("https://")
    prefixes = {key for key in head if not key.startswith(("mapping", "license"))}
    assert len(rows) == len({row["link"] for row in rows_of(towns / "csv" / "links.csv")}) == 38 + 5
    for row in rows:
        assert row["mapping_justification"].startswith("semapv:")
        assert row["predicate_modifier"] in ("", "Not")
        for slot in ("subject_id", "predicate_id", "object_id"):
            prefix, _, rest = row[slot].partition(":")
            assert prefix in {*prefixes, "http", "https"}
            assert rest
        assert row["confidence"] == "" or 0 <= float(row["confidence"]) <= 1
        assert row["mapping_date"] == "" or date.fromisoformat(row["mapping_date"])
    (rejected,) = [row for row in rows if row["predicate_modifier"]]
    assert (rejected["subject_id"], rejected["object_id"]) == ("organization:lae", f"{OTHERS}3")


def test_a_data_set_of_the_catalogue_has_all_three(towns: Path) -> None:
    catalogue = (towns / "catalogue.ttl").read_text("utf-8")
    for file in ("dump/links.ttl", "dump/links.sssom.tsv", "csv/links.csv"):
        assert f"<{BASE}{file}>" in catalogue


def test_providers_of_two_towns_are_proposed_by_the_build(towns: Path) -> None:
    found = rows_of(towns / "report" / "link-proposals.csv")
    pairs = {frozenset((row["left"].removeprefix(OURS), row["right"].removeprefix(OURS))) for row in found}
    names = {row["provider"]: row["name"] for row in rows_of(towns / "csv" / "providers.csv")}
    own = [iri for iri in names if f"/{IPA}/" in iri]
    assert len(own) > 40
    # The towns print the same names: nearly every provider of the second may be one of the registry.
    proposed = {iri for iri in own for pair in pairs if iri.removeprefix(OURS) in pair}
    assert len(proposed) > 0.9 * len(own)
    same = [row for row in found if row["leftName"] == row["rightName"]]
    assert len(same) > 0.6 * len(found)
    assert all(row["leftMunicipalities"] != row["rightMunicipalities"] for row in found)
    scores = [float(row["score"]) for row in found]
    assert all(one > other - 0.02 for one, other in pairwise(scores))  # best first, in steps of the odds


def test_a_build_of_one_town_proposes_nothing(release: Release) -> None:
    assert rows_of(release.path / "report" / "link-proposals.csv") == []


NAMES = {f"{OURS}a": "Alfa", f"{OURS}b": "Beta"}


def decided(tmp_path: Path, rows: Sequence[str], names: Mapping[str, str] = NAMES) -> list[LinkMapping]:
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", "utf-8")
    return of_decisions(load_decisions(path), names, [f"{OURS}c"], f"{BASE}data/", path)[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([f"{OURS}x,{OTHERS}1,accept,r,e,,,"], "decisions.csv:2: there is no .*organization/x"),
        ([f"{OURS}a,{OURS}b,accept,r,e,,,"], "decisions.csv:2: .* are both our own"),
        (
            [f"{OURS}a,{OTHERS}1,accept,r,e,,,", f"{OTHERS}1,{OURS}b,accept,r,e,,,"],
            "decisions.csv:3: .*/1 is accepted for .*/b, and for .*/a on line 2",
        ),
        ([f"{OURS}a,{OTHERS}1,maybe,r,e,,,"], "decisions.csv:2: decision must be"),
        ([f"{OURS}a,{OTHERS}1,accept,r,e,sure,,"], "decisions.csv:2: certainty must be"),
        ([f"{OURS}a,{OTHERS}1,accept,r,e,,,yesterday"], "decisions.csv:2: decided must be"),
    ],
)
def test_a_decision_that_cannot_be_is_told(tmp_path: Path, rows: list[str], said: str) -> None:
    with pytest.raises((InputErrors, MappeError), match=said):
        decided(tmp_path, rows)


def test_an_unsure_row_may_be_decided_later(tmp_path: Path) -> None:
    rows = [f"{OURS}a,{OTHERS}1,unsure,r,e,,,", f"{OURS}a,{OTHERS}1,accept,r,e,,,"]
    assert [m.status for m in decided(tmp_path, rows)] == ["accepted"]


def test_a_table_of_before_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(f"left,right,decision,reason,evidence\n{OURS}a,{OTHERS}1,accept,r,e\n", "utf-8")
    (found,) = load_decisions(path)
    assert (found.certainty, found.reviewer, found.decided) == ("certain", "", None)


def test_of_the_registry_but_not_of_this_release_is_no_mistake(tmp_path: Path) -> None:
    assert decided(tmp_path, [f"{OURS}c,{OTHERS}1,accept,r,e,,,"]) == []


@pytest.mark.parametrize("engine", ["shifty", "pyshacl"])
def test_seeded_faults_are_found(engine: str) -> None:
    def mapping(own: str, other: str) -> LinkMapping:
        return LinkMapping(f"{OURS}{own}", own, "sameAs", other, "", "accepted", "ManualMappingCuration")

    shapes = read_shape_file(ROOT / "shapes" / "links.ttl")

    def faults(*mappings: LinkMapping, add: Sequence[Triple] = (), without: str = "") -> int:
        part = links.build(mappings, Iris(), Hierarchy(()))
        triples = [t for t in [*part.triples, *add] if t.predicate.value != without]
        data = serialize(triples, format=RdfFormat.N_TRIPLES)
        return len(validate(data, shapes, engine).results)

    good = mapping("a", f"{OTHERS}1")
    assert faults(good, mapping("b", f"{OTHERS}2")) == 0
    assert faults(good, mapping("b", f"{OTHERS}1")) == 1  # something of others is two of ours
    assert faults(mapping("a", f"{OURS}b")) >= 1  # two of ours are one by a link
    assert faults(good, without=f"{BASE}onto/MDS/linkStatus") == 1
    assert faults(good, without="https://w3id.org/sssom/mapping_justification") == 1
