"""Twenty decisions about links by keys, in Chromium; and who may not decide."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from reviewing import Reviewing

ROWS = 400


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def place(tmp_path: Path, reference: Path) -> Path:
    """Two lists of real bodies, and data that decisions go to: of before, with the columns of then."""
    for side in ("left", "right"):
        lines = (reference / "organizations" / f"{side}.csv").read_text("utf-8").splitlines()[: ROWS + 1]
        (tmp_path / f"{side}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "data" / "providers").mkdir(parents=True)
    old = "left,right,decision,reason,evidence\nurn:z:1,urn:z:2,accept,before,a list\n"
    (tmp_path / "data" / "providers" / "decisions.csv").write_text(old, "utf-8")
    return tmp_path


def start(place: Path) -> Reviewing:
    return Reviewing(place, "left.csv", "right.csv", "--data", "data")


@pytest.fixture
def running(place: Path) -> Iterator[Reviewing]:
    one = start(place)
    yield one
    one.kill()


def test_twenty_decisions_by_keys(place: Path, running: Reviewing, browser: Browser) -> None:
    page = browser.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(running.address)
    state = page.locator("#state")
    expect(state).to_contain_text(f"{running.open} open")
    # The words of both names stand side by side, and what a pair rests on is drawn when asked for.
    expect(page.locator("#words tr").first).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("#drawing img")).to_be_visible()
    assert page.evaluate("document.querySelector('#drawing img').decode().then(() => true)")
    path = place / "data" / "providers" / "decisions.csv"
    seen, pressed = list[str](), list[str]()
    while len([key for key in pressed if key != "s"]) < 20:
        before = page.locator("#rows tr").last.inner_text()
        left, right = re.findall(r"urn:x:[LR](\w+)", before)
        # The ids of these lists tell who is the same; now and then a reviewer is not sure, or goes on.
        usual = "y" if left == right else "n"
        key = {4: "u", 9: "s", 15: "u"}.get(len(pressed), usual)
        page.keyboard.press(key)
        seen.append(before)
        pressed.append(key)
        decided = len([key for key in pressed if key != "s"])
        expect(page.locator("#error")).to_have_text("")
        expect(state).to_contain_text(f"{running.open - decided} open", timeout=30_000)  # it is written first
        expect(page.locator("#rows tr").last).not_to_have_text(before)
    assert len(set(seen)) == len(pressed)
    assert {"y", "n"} <= set(pressed)
    assert problems == []
    page.close()
    running.kill()  # what was decided is on the disk
    first, *rows = rows_of(path)
    assert (first["left"], first["decision"], first["certainty"]) == ("urn:z:1", "accept", "certain")
    words = {"y": "accept", "n": "reject", "u": "unsure"}
    assert [row["decision"] for row in rows] == [words[key] for key in pressed if key != "s"]
    assert len(rows) == 20
    for row in rows:
        assert (row["reviewer"], row["decided"]) == ("A. Reviewer", date.today().isoformat())
        assert row["left"].startswith("urn:x:L")
        assert row["right"].startswith("urn:x:R")
        assert "probability" in row["evidence"]
    again = start(place)
    try:
        assert again.open == running.open - 20
    finally:
        again.kill()


def test_nobody_else_decides(place: Path, running: Reviewing) -> None:
    host, token, body = running.host, running.token, {"at": 0, "verdict": "accept"}
    before = (place / "data" / "providers" / "decisions.csv").read_bytes()
    assert httpx.get(f"{host}/").status_code == 403
    assert httpx.get(f"{host}/pair", params={"token": "x"}).status_code == 403
    assert httpx.post(f"{host}/decide", json=body).status_code == 403
    # The token in the address is not enough: a form of another site can send one, a header it cannot.
    assert httpx.post(f"{host}/decide", params={"token": token}, json=body).status_code == 403
    other = {"host": f"evil.example:{running.port}", "x-review-token": token}
    assert httpx.post(f"{host}/decide", headers=other, json=body).status_code == 403
    good = {"x-review-token": token}
    assert httpx.post(f"{host}/decide", headers=good, json={"at": 0, "verdict": "x"}).status_code == 400
    assert httpx.post(f"{host}/decide", headers=good, content=b"{").status_code == 400
    assert httpx.post(f"{host}/decide", headers=good, json={**body, "at": 10**6}).status_code == 409
    assert (place / "data" / "providers" / "decisions.csv").read_bytes() == before
    assert httpx.get(f"{host}/", params={"token": token}).status_code == 200
    assert httpx.options(f"{host}/decide", headers={"origin": "https://evil.example"}).status_code in (
        403,
        405,
    )
