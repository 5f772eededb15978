"""The network of providers: the files that others read, against the tables; and the notebook about it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import pyarrow.parquet
import pytest

from helpers import ROOT
from mappe_servizi.outputs.network import read_network, write_gexf, write_graphml
from mappe_servizi.releases import Release

NOTEBOOK = ROOT / "docs" / "examples" / "provider-network.ipynb"
PICTURE = ROOT / "docs" / "images" / "provider-network.png"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def provisions(release: Release) -> list[dict[str, str]]:
    return rows_of(release.path / "csv" / "provisions.csv")


def test_a_provision_s_cell_has_one_value_and_none_is_lost(
    release: Release, provisions: list[dict[str, str]]
) -> None:
    engagements = {row["engagement"]: row for row in rows_of(release.path / "csv" / "engagements.csv")}
    assert not any(" | " in value for row in provisions for value in row.values())
    found: dict[str, set[str]] = {}
    for row in provisions:
        found.setdefault(row["engagement"], set()).add(row["instrument"])
        assert row["provider"] == engagements[row["engagement"]]["provider"]
        assert row["activity"] == engagements[row["engagement"]]["activity"]
    assert {e: set(row["instrument"].split(" | ")) for e, row in engagements.items()} == found
    assert len(provisions) == sum(len(instruments) for instruments in found.values())
    typed = pyarrow.parquet.read_table(release.path / "tables" / "provisions.parquet")
    assert typed.num_rows == len(provisions)


@pytest.fixture(params=["graphml", "gexf"])
def network(request: pytest.FixtureRequest, release: Release) -> nx.MultiDiGraph:
    path = release.path / "dump" / f"network.{request.param}"
    return nx.read_graphml(path, force_multigraph=True) if request.param == "graphml" else nx.read_gexf(path)


def test_networkx_reads_what_the_table_says(
    network: nx.MultiDiGraph, release: Release, provisions: list[dict[str, str]]
) -> None:
    assert Counter(
        (a, b, e.get("activity", ""), e.get("instrument", ""), e["engagement"])
        for a, b, e in network.edges(data=True)
    ) == Counter(
        (row["provider"], row["service"], row["activity"], row["instrument"], row["engagement"])
        for row in provisions
    )
    weight = sum(edge["weight"] for _, _, edge in network.edges(data=True))
    assert weight == pytest.approx(len({row["engagement"] for row in provisions}), abs=0.01)
    for row in rows_of(release.path / "csv" / "providers.csv"):
        node = network.nodes[row["provider"]]
        assert (node["kind"], node["label"]) == ("provider", row["name"])
        assert node.get("form", "") == row["legalForm"]
        assert node.get("seat", "") == row["seat"]
        assert node.get("fiscalCode", "") == row["fiscalCode"]


def test_names_of_any_kind_are_read_as_they_are(tmp_path: Path, provisions: list[dict[str, str]]) -> None:
    odd = 'A & "B" <c> ’ é \t'
    row = {**provisions[0], "providerName": odd, "activity": odd}
    for name, rows in (("provisions", [row]), ("providers", [{"provider": row["provider"]}])):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    found = read_network(tmp_path / "provisions.csv", tmp_path / "providers.csv")
    write_graphml(found, tmp_path / "n.graphml", odd)
    write_gexf(found, tmp_path / "n.gexf", odd)
    for graph in (nx.read_graphml(tmp_path / "n.graphml"), nx.read_gexf(tmp_path / "n.gexf")):
        (edge,) = [e for *_, e in graph.edges(data=True)]
        assert edge["activity"] == odd
        assert graph.nodes[row["provider"]]["label"] == odd


def test_the_notebook_runs_and_its_picture_is_drawn(release: Release, tmp_path: Path) -> None:
    """Its cells as a program, where nothing else is; ``MAPPE_PICTURES=write`` keeps the picture."""
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    program = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    picture = PICTURE if os.environ.get("MAPPE_PICTURES") == "write" else tmp_path / "network.png"
    known = {"MAPPE_RELEASE": str(release.path), "MAPPE_PICTURE": str(picture), "MPLCONFIGDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, env={**os.environ, **known}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "pairs that share a service" in done.stdout
    assert "Cosper s.c.s. Impresa Sociale" in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
