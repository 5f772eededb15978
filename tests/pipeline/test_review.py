"""The open decisions of a municipality, taken as the page takes them: over HTTP, into the CSV files."""

import csv
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpers import mappe
from reviewing import reviewing
from six_sheets import IPA, text

BASE = "https://dati.castelverde.example.it/mappe/"


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("added")
    assert mappe("init", place, "--base-uri", BASE).returncode == 0
    (place / "doc.txt").write_text(text(), encoding="utf-8")
    added = mappe("add", IPA, place / "doc.txt", cwd=place)
    assert added.returncode == 0, added.stdout + added.stderr
    return place


@pytest.fixture
def place(added: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(added, tmp_path / "i"))


def rows(place: Path, name: str) -> list[dict[str, str]]:
    with (place / "data" / "municipalities" / IPA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_ten_minutes_of_review_close_what_is_open(place: Path) -> None:
    with reviewing(place) as client:
        page = client.get("/", params={"token": client.headers["x-review-token"]})
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["content-security-policy"]
        shown: dict[str, Any] = client.get("/item").json()
        assert shown["item"]["table"] == "corrections.csv"  # what is printed and nobody can read comes first
        assert any("> 9.500" in line for line in shown["item"]["printed"])
        fields = {one["name"]: one["value"] for one in shown["item"]["fields"]}
        assert (fields["kind"], fields["reads"]) == ("number", "9.500")
        decided = client.post(
            "/decide", json={"name": shown["item"]["name"], "verdict": "accept", "cells": fields}
        )
        assert decided.status_code == 200, decided.text
        wrong = decided.json()["item"]
        refused = client.post(
            "/decide",
            json={"name": wrong["name"], "verdict": "accept",
                  "cells": {one["name"]: "nothing of the kind" for one in wrong["fields"] if one["allowed"]}},
        )  # fmt: skip
        assert refused.status_code == 400
        assert "must be" in refused.json()["error"]
        rejected = client.post(
            "/decide", json={"name": wrong["name"], "verdict": "reject", "cells": {}}
        ).json()
        steps = 0
        while rejected.get("item"):
            answer = client.post("/bulk", json={"name": rejected["item"]["name"]})
            assert answer.status_code == 200, answer.text
            rejected = answer.json()
            steps += 1
        assert 0 < steps < 40  # of a quarter of a minute each
    correction = rows(place, "editions/2023/corrections.csv")[-1]
    assert correction["printed"] == "> 9.500"
    assert (correction["reviewer"], correction["decided"]) == ("A. Reviewer", date.today().isoformat())
    for row in rows(place, "indicators.csv"):
        assert row["reviewer"] == "A. Reviewer"
        assert row["curation"] == "reviewed" or row["probability"] == "0"
    built = mappe("build", cwd=place)
    assert built.returncode == 0, built.stderr
    with (place / "build/current/csv/observations.csv").open(encoding="utf-8", newline="") as file:
        found = {(r["label"], r["year"]): r["value"] for r in csv.DictReader(file)}
    assert found["Prestiti", "2023"] == "9500"


def unsure(place: Path) -> None:
    """The rule that proposes most indicators is a question."""
    path = place / "data" / "municipalities" / IPA / "indicators.csv"
    found = rows(place, "indicators.csv")
    [(method, count)] = Counter(row["method"] for row in found).most_common(1)
    assert count > 2
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(row | ({"probability": "0.5"} if row["method"] == method else {}) for row in found)


def test_an_answer_is_given_to_the_rows_that_are_ticked(place: Path) -> None:
    unsure(place)
    with reviewing(place) as client:
        start, at = client.get("/item").json(), 0
        shown = start
        while len(shown["item"]["alike"]) < 2 or shown["item"]["table"] != "indicators.csv":
            at += 1
            shown = client.get("/item", params={"from": at}).json()
        first, *others = shown["item"]["alike"]
        fields = {one["name"]: one["value"] for one in shown["item"]["fields"]}
        body = {"name": shown["item"]["name"], "cells": fields | {"counted": "meals"}}
        refused = client.post("/bulk", json=body | {"leave": [first["name"], *(o["name"] for o in others)]})
        assert (refused.status_code, refused.json()) == (400, {"error": "none of them is chosen"})
        for wrong in ({"leave": "x"}, {"leave": [1]}, {"cells": []}, {"cells": {"counted": 1}}):
            assert client.post("/bulk", json=body | wrong).status_code == 400
        refused = client.post("/bulk", json=body | {"cells": {"counted": "moonbeams"}})
        assert refused.status_code == 400
        assert "must be" in refused.json()["error"]
        answer = client.post("/bulk", json=body | {"leave": [first["name"]]}).json()
        assert answer["said"] == f"indicators.csv: {len(others)} accepted with changes"
        assert answer["open"] == start["open"] - len(others)
    taken = [row for row in rows(place, "indicators.csv") if row["reviewer"]]
    assert [row["counted"] for row in taken] == ["meals"] * len(others)
    assert {f"{row['service']} · {row['label']}" for row in taken} == {one["about"] for one in others}


def test_nobody_else_decides(place: Path) -> None:
    with reviewing(place) as client:
        address = client.base_url
        assert client.get("/item").status_code == 200
        assert httpx.get(f"{address}/item").status_code == 403
        foreign = {"host": "evil.example", "x-review-token": client.headers["x-review-token"]}
        assert httpx.get(f"{address}/item", headers=foreign).status_code == 403
        token = client.headers["x-review-token"]
        assert httpx.post(f"{address}/bulk", params={"token": token}, json={"name": "x"}).status_code == 403
        for body in (b"", b"[1]", b"{", b'{"name": 1, "verdict": "accept"}', b"x" * 100_000):
            assert client.post("/decide", content=body).status_code == 400


def test_what_is_no_municipality_is_told(place: Path) -> None:
    for arguments in (("c_zzzz",), ()):
        refused = mappe("review", *arguments, cwd=place)
        assert refused.returncode == 1
        assert "`mappe review IPA` or `mappe review --links`" in refused.stderr
