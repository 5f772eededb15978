"""WCAG 2.1 A and AA, and narrow screens, on the pages of several municipalities with some of them chosen."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext

from browser.axe import NARROW, PHONE, WIDE, assert_accessible
from served import Served, serve
from three_towns import IPAS

DATA = "https://example.org/synthetic/data/municipality/"
FIRST, SECOND, _ = (f"{DATA}{ipa}" for ipa in IPAS)
CHOSEN = {
    "two towns": ("/explore/towns", {"town": FIRST, "with": SECOND}),
    "two towns, none chosen": ("/explore/towns", {}),
    "users of one": ("/explore/users", {"town": FIRST, "sort": "growth"}),
    "users by words": ("/explore/users", {"filter": "sinistri"}),
    "personnel of all": ("/explore/personnel", {}),
    "personnel of one": ("/explore/personnel", {"town": FIRST, "sort": "staff"}),
    "in common": ("/explore/providers", {"town": FIRST, "with": SECOND}),
    "shared indicator": ("/controlled-vocabulary/indicator-concept/road-accidents-attended", {}),
    "shared service": ("/controlled-vocabulary/service-concept/traffic-police", {}),
    "home": ("/", {}),
    "services": ("/services", {}),
    "qualities": ("/quality", {}),
}

LETTERS = "e => [...e.querySelectorAll('text')].map(t => t.getBoundingClientRect().height)"


@pytest.fixture(scope="module")
def towns(three_towns: Path) -> Iterator[Served]:
    with serve("--release", three_towns) as server:
        yield server


@pytest.fixture(scope="module")
def visitor(browser: Browser, towns: Served) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=towns.url, locale="it-IT", viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("name", CHOSEN)
def test_axe_finds_nothing_and_nothing_sticks_out(
    visitor: BrowserContext, axe: str, name: str, language: str
) -> None:
    path, query = CHOSEN[name]
    page = visitor.new_page()
    answer = page.goto(f"{path}?{urlencode({**query, 'lang': language})}")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == language
    assert_accessible(page, axe, (WIDE, PHONE, NARROW))
    page.close()


def test_both_towns_figures_are_on_a_phone_s_screen(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    path, query = CHOSEN["two towns"]
    page.goto(f"{path}?{urlencode(query)}")
    row = page.locator("table.sides tbody tr").first
    for cell in row.locator("td").all():
        box = cell.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= NARROW["width"]
        assert cell.inner_text().strip()
    page.close()


@pytest.mark.parametrize("name", ["two towns", "shared indicator", "users by words"])
def test_small_charts_are_whole_and_read_on_a_phone(visitor: BrowserContext, name: str) -> None:
    page = visitor.new_page()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    path, query = CHOSEN[name]
    page.goto(f"{path}?{urlencode(query)}")
    charts = page.locator("main svg.chart").all()
    assert len(charts) > 1
    for chart in charts:
        box = chart.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= NARROW["width"]
        letters = (
            "e => Math.min(...[...e.querySelectorAll('text')].map(t => t.getBoundingClientRect().height))"
        )
        assert chart.evaluate(letters) >= 12, "the box of a letter of some 10 pixels"
    page.close()
