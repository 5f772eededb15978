"""WCAG 2.1 A and AA on every page type in both languages; keyboard, 320 pixels, print."""

import re

import pytest
from playwright.sync_api import Page

from browser.axe import NARROW, PHONE, WIDE, assert_accessible
from browser.places import NAMES, NIDI, place
from served import Served

SIZES = {"it": (WIDE, PHONE, NARROW), "en": (WIDE, NARROW)}
"""The English pages have the same parts, with other words in them."""


def address(site: Served, name: str, language: str) -> str:
    """The page in a language."""
    path = place(site, name)
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    page: Page, site: Served, axe: str, name: str, language: str
) -> None:
    page.goto(address(site, name, language))
    assert page.locator("html").get_attribute("lang") == language
    if name == "query":
        page.locator(".CodeMirror").wait_for()  # the editor is read like everything else
    assert_accessible(page, axe, SIZES[language])


def test_the_editor_lets_the_keyboard_in_and_out(page: Page, site: Served) -> None:
    page.goto("/sparql")
    page.locator(".CodeMirror").wait_for()
    assert page.evaluate("document.activeElement === document.body"), "it takes no focus by itself"
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.focus()")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Interrogazione"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a, button')"), "on to the next control"


@pytest.mark.parametrize("name", ["home", "service", "users", "search"])
def test_the_keyboard_reaches_everything_and_is_seen(page: Page, site: Served, name: str) -> None:
    page.goto(place(site, name))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("document.activeElement.getBoundingClientRect().height") > 10
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(place(site, name))
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, '"
        "+ '[tabindex=\"0\"]')].filter(e => e.checkVisibility()).length"
    )
    seen, unseen = set(), []
    for _ in range(min(wanted, 60)):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            e.dataset.seen ??= String(Math.random());
            return [e.dataset.seen, s.outlineStyle !== 'none', e.outerHTML.slice(0, 90)]; }"""
        )
        seen.add(at[0])
        if not at[1]:
            unseen.append(at[2])
    assert len(seen) == min(wanted, 60)
    assert unseen == []


def test_print_leaves_the_navigation_out(page: Page, site: Served) -> None:
    page.goto(NIDI)
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    assert page.locator("h1").is_visible()
    assert page.locator("table.figures").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.table-scroll')).overflowX") == "visible"


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_brief_is_printed_on_one_page(page: Page, site: Served, language: str) -> None:
    page.goto(f"/brief/c_d150?lang={language}")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_what_is_folded_is_printed(page: Page, site: Served) -> None:
    page.goto(NIDI)
    folded = page.locator(".offered details").first
    assert folded.evaluate("e => e.getBoundingClientRect().height") < 100
    shown = folded.evaluate("e => e.getBoundingClientRect().height")
    page.emulate_media(media="print")
    assert folded.evaluate("e => e.getBoundingClientRect().height") > shown


def test_without_javascript_everything_is_there(browser, site: Served) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Cerca un servizio, un gruppo").fill("asili nido")
    page.get_by_role("button", name="Cerca").click()
    page.get_by_role("link", name="Asili nido", exact=True).first.click()
    assert page.locator("svg.chart").count() >= 1
    assert page.locator("table.figures").count() >= 1
    page.goto("/sparql")
    page.get_by_role("button", name="Esegui").click()
    assert "Asili nido" in page.content()
    context.close()
