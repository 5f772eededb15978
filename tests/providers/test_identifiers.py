"""The numbers that others know providers by: each checked against its list, its scheme and the others."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from helpers import ROOT
from mappe_servizi.checks.shacl import read_shapes, validate
from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.instance import knowledge
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.query.reconciliation import Condition, Matcher
from mappe_servizi.releases import Release

PROVIDERS = ROOT / "data" / "providers"
TOWNS = ROOT / "data" / "knowledge" / "municipalities.csv"
REST = "A NAME,A TOWN,certain,a reason,a list"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("added", "message"),
    [
        (["aem-cremona,vat,12345678901," + REST], "check digit"),
        (["aem-cremona,fiscal-code,0992920199," + REST], "check digit"),
        (["aem-cremona,passport,1," + REST], "must be one of fiscal-code, vat, runts, rea, ipa"),
        (["aem-cremona,rea,123456," + REST], "is no rea"),
        (["aem-cremona,runts,012," + REST], "is no runts"),
        (["nobody,vat,00743110157," + REST], "the registry has no 'nobody'"),
        (["aem-cremona,fiscal-code,00992920199," + REST], "is the number of 'cosper' (line"),
        (["aem-cremona,vat,00992920199," + REST], "is the number of 'cosper' (line"),
        (["cosper,fiscal-code,00743110157," + REST], "'cosper, fiscal-code' stands in line"),
        (
            ["aem-cremona,vat,00743110157,A NAME,A TOWN,perhaps,a reason,a list"],
            "must be one of certain, likely",
        ),
    ],
)
def test_a_slip_is_told_with_its_line(tmp_path: Path, added: list[str], message: str) -> None:
    tables = Path(shutil.copytree(PROVIDERS, tmp_path / "providers"))
    path = tables / "identifiers.csv"
    path.write_text(path.read_text("utf-8") + "\n".join(added) + "\n", "utf-8")
    with pytest.raises(InputError) as error:
        ProviderRegistry.load(tables, TOWNS)
    assert message in str(error.value)
    assert error.value.line == len(path.read_text("utf-8").splitlines())
    assert "identifiers.csv" in str(error.value)


def test_every_slip_is_told_at_once(tmp_path: Path) -> None:
    tables = Path(shutil.copytree(PROVIDERS, tmp_path / "providers"))
    with (tables / "identifiers.csv").open("a", encoding="utf-8") as file:
        file.write(f"aem-cremona,vat,1,{REST}\nlae,rea,x,{REST}\nnobody,ipa,c_x,{REST}\n")
    with pytest.raises(InputErrors) as error:
        ProviderRegistry.load(tables, TOWNS)
    assert len(error.value.errors) == 3


def test_a_body_may_have_its_fiscal_code_as_its_vat_number(tmp_path: Path) -> None:
    tables = Path(shutil.copytree(PROVIDERS, tmp_path / "providers"))
    with (tables / "identifiers.csv").open("a", encoding="utf-8") as file:
        file.write(f"cosper,vat,00992920199,{REST}\n")
    found = ProviderRegistry.load(tables, TOWNS).providers["cosper"].identifiers
    assert [(i.scheme, i.value) for i in found] == [("fiscal-code", "00992920199"), ("vat", "00992920199")]


def test_every_row_is_a_row_of_its_list(reference: Path) -> None:
    listed = {row["value"]: row for row in rows(reference / "identifiers.csv")}
    kept = rows(PROVIDERS / "identifiers.csv")
    for row in kept:
        source = listed[row["value"]]
        assert (row["provider"], row["listedName"], row["listedTown"]) == (
            source["provider"],
            source["listedName"],
            source["listedTown"],
        )
        assert row["certainty"] == source["certainty"]
        assert row["evidence"].endswith(source["sourceDocument"])
    certain = {row["value"] for row in listed.values() if row["certainty"] == "certain"}
    assert certain <= {row["value"] for row in kept}


def test_the_listed_town_is_a_town_and_never_another_than_the_printed_seat() -> None:
    towns = {r["name"].casefold() for r in rows(ROOT / "data" / "knowledge" / "municipalities.csv")}
    seats = {r["slug"]: r["seat"].casefold() for r in rows(PROVIDERS / "registry.csv")}
    for row in rows(PROVIDERS / "identifiers.csv"):
        assert row["listedTown"].casefold() in towns
        assert seats[row["provider"]] in ("", row["listedTown"].casefold()), row


def test_a_certain_number_stands_beside_a_name_that_the_scorer_knows() -> None:
    """No name of a certain row is unlike the provider's; where a word more is listed, a reason says so."""
    scorer = Scorer.load(knowledge("knowledge"))
    names: dict[str, list[str]] = {}
    for row in rows(PROVIDERS / "registry.csv"):
        names[row["slug"]] = [row["name"]]
    for row in rows(PROVIDERS / "aliases.csv"):
        names[row["provider"]].append(row["printed"])
    usual = "the same name and town, and the check digit is right"
    for row in rows(PROVIDERS / "identifiers.csv"):
        asked = scorer.reader.read(scorer.reader.core(row["listedName"]), row["listedTown"])
        pairs = [
            scorer.pair(scorer.reader.read(scorer.reader.core(name), row["listedTown"]), asked)
            for name in names[row["provider"]]
        ]
        best = max((pair.probability for pair in pairs if pair), default=0.0)
        if row["certainty"] == "certain":
            assert best > (0.9 if row["reason"] == usual else 0.25), row
        assert row["certainty"] == "certain" or row["reason"] != usual, row


def test_the_table_has_certain_codes_apart_from_likely_ones(release: Release) -> None:
    found = {r["provider"].rsplit("/", 1)[1]: r for r in rows(release.path / "csv" / "providers.csv")}
    assert found["cosper"]["fiscalCode"] == "00992920199"
    assert found["asd-over-limits"]["fiscalCode"] == ""
    assert found["asd-over-limits"]["likelyFiscalCode"] == "91037390191"
    # Two of those with a certain code are only counterparties, or deliver nothing: they have no row.
    certain = [r for r in rows(PROVIDERS / "identifiers.csv") if r["certainty"] == "certain"]
    assert sum(r["fiscalCode"] != "" for r in found.values()) == sum(r["provider"] in found for r in certain)


@pytest.mark.parametrize("engine", ["shifty", "pyshacl"])
def test_one_number_of_two_providers_is_a_violation(release: Release, engine: str) -> None:
    data = (release.path / "dump" / "mappe-servizi.nq").read_bytes()
    lines = [line for line in data.splitlines() if b"/data/organization/" in line and b"/graph/" not in line]
    data = b"\n".join(lines)
    shapes = read_shapes(ROOT / "shapes", "https://w3id.org/mappe-servizi/")
    before = {(r.focus, r.path) for r in validate(data, shapes, engine).results}
    after = validate(data.replace(b'"00923840193"', b'"00688230192"'), shapes, engine).results
    new = [r for r in after if (r.focus, r.path) not in before]
    assert len(new) == 1
    assert "00688230192" in str(new[0].focus)


@pytest.fixture(scope="module")
def matcher(release: Release) -> Matcher:
    return Matcher.load(release.path / "reconcile.json")


def test_a_code_finds_its_provider_whatever_the_name(matcher: Matcher) -> None:
    for asked, conditions in (
        ("00992920199", ()),
        ("IT 00992920199", ()),
        ("Una cooperativa", (Condition("fiscalCode", ("992920199",)),)),
        ("Una cooperativa", (Condition("vatNumber", ("00992920199",), required=True),)),
    ):
        first = matcher.find(asked, ["provider"], conditions, 3)[0]
        assert (first.entity.id.rsplit("/", 1)[1], first.match, first.score) == ("cosper", True, 100.0)


def test_a_likely_code_finds_and_decides_nothing(matcher: Matcher) -> None:
    first = matcher.find("91037390191", ["provider"], (), 3)[0]
    assert (first.entity.id.rsplit("/", 1)[1], first.match) == ("asd-over-limits", False)


def test_another_code_forbids_what_the_name_says(matcher: Matcher) -> None:
    name = "Cosper s.c.s. Impresa Sociale"
    assert matcher.find(name, ["provider"], (), 3)[0].match
    other = (Condition("fiscalCode", ("00743110157",)),)
    assert not any(c.match for c in matcher.find(name, ["provider"], other, 3))
    contradiction = (Condition("fiscalCode", ("01611770197",)),)
    assert not any(c.match for c in matcher.find(name, ["provider"], contradiction, 3))


def test_the_measure_tells_how_many_are_known_by_kind(release: Release) -> None:
    index = json.loads((release.path / "reconcile.json").read_text("utf-8"))
    providers = [e for e in index if e["type"] == "provider"]
    known = [e for e in providers if "fiscalCode" in e["properties"] or "likely" in e]
    quality = (release.path / "dump" / "quality.ttl").read_text("utf-8")
    assert f"Soggetti con codice fiscale noto: {len(known)} di" in quality
    assert "external-identifiers-runts" in quality
