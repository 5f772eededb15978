"""What a build publishes of the providers: tables, network, page of documentation, redirects."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from mappe_servizi.model.identifiers import RegisteredSlug
from mappe_servizi.providers.model import Network
from mappe_servizi.releases import Release
from mappe_servizi.releases.retired import renamed

ROOT = Path(__file__).resolve().parents[2]
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def rows(release: Release, table: str) -> list[dict[str, str]]:
    with (release.path / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_say_what_was_resolved(release: Release, network: Network) -> None:
    engagements = rows(release, "engagements")
    assert len(engagements) == len(network.engagements) == 133
    assert len({(row["number"], row["provider"]) for row in engagements}) == 90
    assert len(rows(release, "providers")) == 71
    aem = next(row for row in rows(release, "providers") if row["name"] == "AEM Cremona spa")
    assert (aem["legalForm"], aem["inHouse"], aem["services"]) == ("Società per azioni", "true", "3")


def test_a_row_of_each_kind_as_printed(release: Release) -> None:
    engagements = {(row["mention"], row["activity"]): row for row in rows(release, "engagements")}
    row = engagements["Fondazione Istituto Ospedaliero di Sospiro", "RSD"]
    assert row["instrument"] == "Accreditamento con compartecipazione | Convenzione"
    assert row["counterparty"] == "Azienda Speciale Comunale Cremona Solidale"
    assert row["sourceLine"] == "1301"
    member = engagements["Coop. Il Cerchio", "SEED"]
    assert member["via"].startswith("Rete temporanea d'impresa per la co-progettazione del SAAP")
    direct = engagements["Altana Società Coop. Soc.", "HCP"]
    assert (direct["instrument"], direct["counterparty"]) == ("Affidamento diretto", "INPS")


def test_places_stand_in_the_order_of_the_document(release: Release) -> None:
    schools = [row["name"] for row in rows(release, "places") if row["sourceLine"] == "3490"]
    assert schools == ["Lancetti", "Navaroli", "San Francesco", "Sacchi"]
    hours = [row["hours"] for row in rows(release, "places") if row["hours"]]
    assert hours == ["aperto il mercoledì ed il sabato mattina dalle ore 10 alle ore 13"]


def test_references_are_links(release: Release) -> None:
    found = {row["citation"]: row for row in rows(release, "references")}
    assert found["Legge 47/2017"]["uri"] == "urn:nir:stato:legge:2017;47"
    assert found["Legge 47/2017"]["url"].startswith("https://www.normattiva.it/uri-res/N2Ls?urn:nir:")


def test_the_network_as_graphml_and_csv_agree(release: Release) -> None:
    graph = ElementTree.parse(release.path / "dump" / "network.graphml").getroot().find(f"{GRAPHML}graph")
    assert graph is not None
    nodes = {node.get("id") for node in graph.iter(f"{GRAPHML}node")}
    edges = {(edge.get("source"), edge.get("target")) for edge in graph.iter(f"{GRAPHML}edge")}
    assert edges == {(row["provider"], row["service"]) for row in rows(release, "network")}
    assert len(edges) == 90
    assert {end for edge in edges for end in edge} == nodes


def test_the_page_of_documentation_is_up_to_date() -> None:
    command = [sys.executable, "scripts/generate_docs.py", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_entering_the_registry_redirects() -> None:
    base = "https://w3id.org/mappe-servizi/"
    row = RegisteredSlug("organization", "", "ATS", "ats", "registered:ats-val-padana", "2020")
    registries = {"c_d150": [row]}
    old = f"{base}data/organization/c_d150/ats"
    assert renamed(old, base, registries) == f"{base}data/organization/ats-val-padana"
    assert renamed(f"{base}data/organization/ats", base, registries) is None
