"""A question about several rows of a town's table, answered by keys and ticks, in Chromium."""

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from playwright.sync_api import Browser, expect

from helpers import mappe
from mappe_servizi.rehearsal.entrance import free_port
from six_sheets import IPA, text


def test_an_answer_for_several_rows(tmp_path: Path, browser: Browser) -> None:
    assert mappe("init", tmp_path, "--base-uri", "https://dati.example.it/").returncode == 0
    (tmp_path / "doc.txt").write_text(text(), encoding="utf-8")
    assert mappe("add", IPA, "doc.txt", cwd=tmp_path).returncode == 0
    command = [sys.executable, "-u", "-m", "mappe_servizi", "review", IPA, "--port", str(free_port())]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http\S+", process.stdout.readline())
            assert address is not None
            left, taken = _answer(browser, address[0])
        finally:
            process.terminate()
    with (tmp_path / "data" / "municipalities" / IPA / "indicators.csv").open(encoding="utf-8") as file:
        rows = {f"{row['service']} · {row['label']}": row for row in csv.DictReader(file)}
    assert {name: rows[name]["counted"] for name in taken} == dict.fromkeys(taken, "meals")
    assert {name for name, row in rows.items() if row["curation"] == "reviewed"} == set(taken)
    assert rows[left]["curation"] == "proposed"


def _answer(browser: Browser, address: str) -> tuple[str, list[str]]:
    """Say what some rows of a rule count; returns what one that is left is about, and what they are."""
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    others = page.locator("#others label")
    shown = page.locator("#about")
    expect(shown).not_to_be_empty(timeout=30_000)
    while page.locator("#title").inner_text() != "indicators.csv" or others.count() < 2:
        before = shown.text_content() or ""  # as the expectation below compares it
        page.keyboard.press("s")
        expect(shown).not_to_have_text(before, timeout=30_000)
    page.locator("#fields input[name=counted]").fill("meals")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator("#error")).to_contain_text("rows of several rules: tick those of one", timeout=30_000)
    rules = page.locator("#others label small").all_inner_texts()
    ((rule, count),) = Counter(rules).most_common(1)
    of_rule = [row for row, of in zip(others.all(), rules, strict=True) if of == rule]
    left, *taken = (row.locator("span").inner_text().removesuffix(": ") for row in of_rule)
    page.locator("#none").click()
    for row in of_rule[1:]:
        row.locator("input").check()
    expect(page.locator("#alike")).to_have_text(str(count - 1))
    page.locator("#title").click()
    page.keyboard.press("b")
    expect(page.locator("#said")).to_have_text(
        f"indicators.csv: {count - 1} accepted with changes", timeout=30_000
    )
    assert problems == []
    page.close()
    return left, taken
