"""Two providers of ours that are one: a yes on the page, the next release, and who works in both towns.

Of the second town nothing is in the registry; one provider of Cremona is taken out of it.
"""

from __future__ import annotations

import csv
import html
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from helpers import ROOT, mappe
from mappe_servizi.releases import Release
from reviewing import Reviewing
from second_town import IPA, write_town
from served import serve

BASE = "https://w3id.org/mappe-servizi/"
OURS = f"{BASE}data/organization/"
KNOWN, NEITHER = "il-cerchio", "figlie-di-san-camillo"
"""A provider that the registry has, and one that it has not: both work for both towns."""
LOCAL = {KNOWN: "coop-il-cerchio", NEITHER: "casa-di-cura-figlie-di-san-camillo"}
CREMONA = "c_d150"
PERSON = "Eugenia Grossi"
"""Responsible for services of both towns."""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def without(path: Path, column: str, value: str) -> None:
    rows = rows_of(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row[column] != value)


@dataclass(frozen=True)
class Merged:
    """What came of it: the data, what the page said, and where the releases are."""

    place: Path
    said: dict[str, str]

    @property
    def release(self) -> Path:
        return self.place / "releases" / "current"


def run(place: Path, *arguments: str, day: int) -> None:
    done = mappe(*arguments, cwd=place, SOURCE_DATE_EPOCH=str(1795564800 + day * 86400))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def merged(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Merged:
    """A release of two towns, two decisions on the page, and the release after them."""
    place = tmp_path_factory.mktemp("merged")
    shutil.copytree(ROOT / "data", place / "data")
    shutil.copy(ROOT / "mappe.toml", place)
    without(place / "data" / "providers" / "registry.csv", "slug", NEITHER)
    without(place / "data" / "providers" / "aliases.csv", "provider", NEITHER)
    write_town(place / "data" / "municipalities", release.path / "report" / "ledger.csv", 17, 4)
    run(place, "identifiers", day=0)
    run(place, "build", day=0)
    run(place, "release", "--release", "build/current", "--releases", "releases", day=0)
    reviewing = Reviewing(place, "--release", "build/current")
    said = {}
    try:
        for slug, local in LOCAL.items():
            (pair,) = [
                p for p in reviewing.pairs()
                if f"{OURS}{IPA}/{local}" in (p["left"]["id"], p["right"]["id"])
                and (p["left"]["name"] == p["right"]["name"] or slug == KNOWN)
            ]  # fmt: skip
            answer = reviewing.decide(pair["at"], "accept", "the same body")
            assert answer.status_code == 200, answer.text
            said[slug] = answer.json()["said"]
    finally:
        reviewing.kill()
    run(place, "build", day=30)
    run(place, "release", "--release", "build/current", "--releases", "releases", day=30)
    return Merged(place, said)


def test_a_yes_writes_the_registry_and_its_aliases(merged: Merged) -> None:
    assert merged.said[KNOWN] == f"one in the registry: {KNOWN}"
    slug = merged.said[NEITHER].rpartition(" ")[2]
    assert slug == LOCAL[NEITHER]  # a new row, of the name as printed
    providers = merged.place / "data" / "providers"
    before, after = (
        {row["slug"]: row for row in rows_of(path / "registry.csv")}
        for path in (ROOT / "data" / "providers", providers)
    )
    assert set(after) - set(before) == {slug}
    assert (after[slug]["name"], after[slug]["reason"]) == (before[NEITHER]["name"], "the same body")
    aliases = {
        (row["municipality"], row["printed"]): row["provider"] for row in rows_of(providers / "aliases.csv")
    }
    assert aliases[IPA, "Coop. Il Cerchio"] == aliases[IPA, "Il Cerchio Soc. Coop. Soc."] == KNOWN
    assert aliases[IPA, "Casa di Cura Figlie di San Camillo"] == slug
    assert aliases[CREMONA, "Casa di Cura Figlie di San Camillo"] == slug
    assert rows_of(providers / "decisions.csv") == []  # two of our own are one, never a link
    for ipa, local in ((IPA, KNOWN), (IPA, NEITHER), (CREMONA, NEITHER)):
        rows = rows_of(merged.place / "data" / "municipalities" / ipa / "identifiers.csv")
        (row,) = [r for r in rows if (r["kind"], r["slug"]) == ("organization", LOCAL[local])]
        assert row["status"] == f"registered:{KNOWN if local == KNOWN else slug}"


def test_the_old_address_leads_to_the_registry_s(merged: Merged) -> None:
    with serve("--release", merged.release) as server:
        for ipa, local, slug in ((IPA, KNOWN, KNOWN), (IPA, NEITHER, ""), (CREMONA, NEITHER, "")):
            old = f"{server.url}/data/organization/{ipa}/{LOCAL[local]}"
            answer = httpx.get(old)
            assert answer.status_code == 301, old
            assert answer.headers["location"].endswith(f"/data/organization/{slug or LOCAL[local]}")
            assert httpx.get(old, follow_redirects=True).status_code == 200


SERVICES = {"progetti estivi": "Disabilità", "SAAP": "Disabilità", "SEED": "Disabilità",
            "interventi di protezione del minore e della sua famiglia": "Minori e Famiglie",
            "HCP": "Anziani"}  # fmt: skip
BY_HAND = {
    # read in the document by eye: lines 1299, 1421, 1577 and 1561, which both towns print
    ("Il Cerchio Soc. Coop. Soc.", "progetti estivi", "Appalto"),
    ("Il Cerchio Soc. Coop. Soc.", "progetti estivi", "Co-progettazione"),
    ("Il Cerchio Soc. Coop. Soc.", "SAAP", "Appalto"),
    ("Il Cerchio Soc. Coop. Soc.", "SAAP", "Co-progettazione"),
    ("Il Cerchio Soc. Coop. Soc.", "SEED", "Appalto"),
    ("Il Cerchio Soc. Coop. Soc.", "SEED", "Co-progettazione"),
    (
        "Il Cerchio Soc. Coop. Soc.",
        "interventi di protezione del minore e della sua famiglia",
        "Co-progettazione",
    ),
    ("Il Cerchio Soc. Coop. Soc.", "HCP", "Affidamento diretto"),
    ("Casa di Cura Figlie di San Camillo", "HCP", "Affidamento diretto"),
}


def test_who_works_in_both_is_the_list_made_by_hand(merged: Merged) -> None:
    arguments = ("--release", merged.release, "-p", "minimum=2", "--format", "csv")
    asked = mappe("query", "who-works-in-several-municipalities", *arguments, cwd=merged.place)
    found = [
        (row["providerName"], row["municipality"], row["service"], row["activity"], row["instrument"])
        for row in csv.DictReader(asked.stdout.splitlines())
    ]
    assert sorted(found) == sorted(
        (name, town, SERVICES[activity], activity, instrument)
        for name, activity, instrument in BY_HAND
        for town in ("Comune di Cremona", "Comune di Crema")
    )
    # The table says the same: the providers of more than one municipality, a row an instrument.
    rows = rows_of(merged.release / "csv" / "provisions.csv")
    both = {r["provider"] for r in rows if r["municipality"] == IPA} & {
        r["provider"] for r in rows if r["municipality"] == CREMONA
    }
    told = [
        (r["providerName"], r["municipalityName"], r["title"], r["activity"], r["instrument"])
        for r in rows
        if r["provider"] in both
    ]
    assert sorted(told) == sorted(found)


ROW = re.compile(
    r'<tr><td[^>]*><a [^>]*>([^<]*)</a></td><th scope="row"><a [^>]*>([^<]*)</a></th>'
    r"<td[^>]*>([^<]*)</td><td[^>]*>(.*?)</td></tr>"
)


@pytest.mark.parametrize("of", [{}, {"town": IPA}, {"town": CREMONA, "with": IPA}])
def test_the_page_of_who_works_in_both_is_that_list(merged: Merged, of: dict[str, str]) -> None:
    chosen = {name: f"{BASE}data/municipality/{ipa}" for name, ipa in of.items()}
    with serve("--release", merged.release) as server:
        answer = httpx.get(f"{server.url}/explore/providers", params=chosen, timeout=60)
    assert answer.status_code == 200
    found = set()
    for section in re.findall(r'<h2 id="provider-\d+">.*?</section>', answer.text, re.DOTALL):
        provider = html.unescape(re.findall(r"<h2[^>]*><a [^>]*>([^<]*)</a>", section)[0])
        for town, service, activity, instruments in ROW.findall(section):
            for instrument in re.findall(r"<a [^>]*>([^<]*)</a>", instruments):
                found.add((provider, *map(html.unescape, (town, service, activity, instrument))))
    assert found == {
        (name, town, SERVICES[activity], activity, instrument)
        for name, activity, instrument in BY_HAND
        for town in ("Comune di Cremona", "Comune di Crema")
    }


def test_what_is_one_is_proposed_no_more(merged: Merged) -> None:
    proposed = (merged.release / "report" / "link-proposals.csv").read_text("utf-8")
    assert "/organization/" in proposed
    assert not [slug for slug in (*LOCAL.values(), f"organization/{KNOWN},") if slug in proposed]


FILES = (
    "csv/links.csv", "csv/provisions.csv", "csv/engagements.csv", "dump/links.sssom.tsv", "dump/links.ttl",
    "dump/network.graphml", "dump/network.gexf", "report/link-proposals.csv", "dump/mappe-servizi.nq",
)  # fmt: skip


def test_a_redacted_name_is_in_none_of_the_files(merged: Merged) -> None:
    """It is printed as an activity's, an organisation's, and a decision's reason tells it, turned round."""
    place = merged.place
    for ipa in (CREMONA, IPA):
        folder = place / "data" / "municipalities" / ipa
        (folder / "redactions.csv").write_text(
            f"kind,service,table,label,year,reason,decided\nname,,,{PERSON},,request,2026-11-28\n", "utf-8"
        )
    document = folder / "editions" / "2020" / "document.txt"
    text = document.read_text("utf-8")
    printed = "Fondazione Arvedi-Buschini La Pace\tRSA ("
    assert text.count(printed) == 1
    document.write_text(text.replace(printed, printed.replace("RSA", f"RSA di {PERSON}")), "utf-8")
    (place / "data" / "providers" / "decisions.csv").write_text(
        "left,right,decision,reason,evidence\n"
        f"{OURS}{KNOWN},https://example.org/1,accept,GROSSI EUGENIA says so,told by {PERSON}\n",
        "utf-8",
    )
    run(place, "identifiers", day=60)
    run(place, "build", "--output", "redacted", day=60)
    for name in FILES:
        said = (place / "redacted" / name).read_text("utf-8").casefold()
        assert "grossi" not in said, name
    assert "[nome oscurato] says so" in (place / "redacted" / "csv" / "links.csv").read_text("utf-8")
    assert "RSA di [nome oscurato]" in (place / "redacted" / "csv" / "provisions.csv").read_text("utf-8")
