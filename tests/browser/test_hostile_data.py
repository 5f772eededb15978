"""Texts and links of the data that attack, in a real browser: none may act."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect

from hostile_data import PATHS, attacks
from served import Served, serve, write_release

pytestmark = pytest.mark.adversary

WATCH = """window.acted = [];
for (const name of ["alert", "confirm", "prompt"]) window[name] = (said) => window.acted.push(said);"""
HARMLESS = {"http:", "https:", "mailto:", "tel:"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a release whose every text is an attack."""
    link = tmp_path_factory.mktemp("hostile") / "current"
    write_release(link, attacks())
    with serve("--release", link) as served:
        yield served


@pytest.fixture
def said() -> list[str]:
    """What the browser complains of."""
    return []


@pytest.fixture
def visitor(browser: Browser, hostile: Served, said: list[str]) -> Iterator[Page]:
    """A page that notes what acts in it."""
    context = browser.new_context(base_url=hostile.url, locale="it-IT")
    context.add_init_script(WATCH)
    page = context.new_page()

    def dialog(shown: Dialog) -> None:
        said.append(shown.message)
        shown.dismiss()

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and "style" not in message.text:
            said.append(message.text)

    page.on("dialog", dialog)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", console)
    yield page
    context.close()


def acted(page: Page) -> list[str]:
    """What scripts of the data did; there is no image of theirs, and no handler, either."""
    found = page.evaluate(
        """() => [...window.acted, ...[...document.querySelectorAll("img[src=x], [onload], [onerror]")]
        .map((e) => e.outerHTML)]"""
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("path", PATHS)
def test_nothing_of_the_data_acts(visitor: Page, said: list[str], path: str) -> None:
    visitor.goto(path)
    visitor.wait_for_load_state("networkidle")
    assert acted(visitor) == []
    assert said == []
    links = visitor.evaluate("[...document.links].map((a) => a.protocol)")
    assert len(links) > 10
    assert set(links) <= HARMLESS


def test_a_turned_text_turns_nothing_else(visitor: Page) -> None:
    visitor.goto("/page/public-service/x_1/evil")
    title = visitor.locator("h1")
    assert "\u202e" in title.inner_text()
    shown = visitor.evaluate("getComputedStyle(document.querySelector('h1 bdi')).unicodeBidi")
    assert shown == "isolate"


def test_suggestions_are_text(visitor: Page, said: list[str]) -> None:
    visitor.goto("/")
    visitor.get_by_role("combobox").first.fill("script")
    option = visitor.get_by_role("option").first
    expect(option).to_contain_text("<script>")
    assert acted(visitor) == []
    assert said == []


def test_results_in_the_editor_are_text(visitor: Page, said: list[str]) -> None:
    visitor.goto("/sparql")
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    visitor.evaluate(f"document.querySelector('.CodeMirror').CodeMirror.setValue({json.dumps(query)})")
    visitor.locator(".yasqe_queryButton").click()
    expect(visitor.locator(".yasr .yasr_response_chip")).to_contain_text("results")
    expect(visitor.locator(".yasr_results")).to_contain_text("<script>")
    links = visitor.evaluate("[...document.querySelectorAll('.yasr_results a[href]')].map((a) => a.protocol)")
    assert links
    assert set(links) <= HARMLESS
    assert acted(visitor) == []
    assert said == []
