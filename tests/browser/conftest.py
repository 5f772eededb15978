"""Real Chromium on a real server of the real release."""

import os
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from helpers import ROOT
from mappe_servizi.releases import Release
from served import Served, serve

ARTEFACTS = ROOT / "tests" / "artefacts"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def site(release: Release) -> Iterator[Served]:
    """A server on the real release, with the built assets."""
    assert (ROOT / "web" / "dist" / "manifest.json").exists(), "run `make setup`: the assets are not built"
    with serve("--release", release.path) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; while it is open an event loop runs here, which tests elsewhere cannot have."""
    path = os.environ.get("MAPPE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium")
        pytest.skip("there is no Chromium; scripts/ci-packages.txt names the package")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, site: Served) -> Iterator[BrowserContext]:
    """A fresh visitor, who reads Italian and has no cache."""
    context = browser.new_context(base_url=site.url, locale="it-IT", viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page; what its console complains of fails the test, and a picture of its end is kept."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if complains(m, page) else None)
    yield page
    if "-en]" not in request.node.name:  # one language is enough to look at
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w-]+", "_", request.node.name)[:120]
        page.screenshot(path=ARTEFACTS / f"{name}.png")
    page.close()
    assert complaints == []


def complains(message: ConsoleMessage, page: Page) -> bool:
    """Whether a word of the console is a fault of ours.

    Only the query page may be told that styles in its elements were refused: the editor sets some.
    An address that is nowhere is told as missing.
    """
    if message.type != "error":
        return False
    styles = "Content Security Policy" in message.text and "style" in message.text
    if styles and urlsplit(page.url).path == "/sparql":
        return False
    return not (" 404 " in message.text and "nowhere" in message.location["url"])


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    return (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
