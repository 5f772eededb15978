"""What a page may not cost: counted, not timed."""

import asyncio
import gc
import re
import subprocess
import sys

import httpx
import pytest
from jinja2.runtime import Macro

from mappe_servizi.releases import Release
from mappe_servizi.settings import Settings
from mappe_servizi.web.app import create_app
from mappe_servizi.web.http.negotiation import LANGUAGES
from mappe_servizi.web.portal import service
from mappe_servizi.web.portal.renderer import PageRenderer
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.run import YOUNG
from served import BASE

SERVICES = "asili-nido", "ciclo-rifiuti", "biblioteche"


def test_a_question_names_its_columns_and_none_that_only_ties_a_pattern() -> None:
    asked = service.CURRENT.question(f"{BASE}data/public-service/c_d150/asili-nido", BASE)
    head = asked.partition("{")[0]
    assert "*" not in head
    assert {"?block", "?position", "?raw"} <= set(re.findall(r"\?\w+", head))
    assert "?_entry" in asked
    assert "?_" not in head


async def garbage(release: Release) -> list[object]:
    """What only the collector frees of the pages of some services: macros, and texts that they show."""
    app = create_app(Settings(release=release.path))
    async with (
        app.started(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
    ):

        async def ask(times: str) -> None:
            for name in SERVICES:
                page = await client.get(
                    f"/page/public-service/c_d150/{name}?times={times}", headers={"accept": "text/html"}
                )
                assert page.status_code == 200

        await ask("first")  # compiles templates
        gc.collect()
        gc.disable()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            await ask("second")
            gc.collect()
            return [thing for thing in gc.garbage if isinstance(thing, (Macro, LocalizedText))]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()


def test_what_a_page_is_made_of_goes_with_it(release: Release) -> None:
    assert asyncio.run(garbage(release)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_compiled_once_whoever_chose_its_language(language: str) -> None:
    environments = PageRenderer(Settings()).environments
    chosen, found = (
        environments[language, explicit].get_template("service.html") for explicit in (True, False)
    )
    assert chosen.root_render_func.__code__ is found.root_render_func.__code__
    assert chosen.globals["explicit"] is not found.globals["explicit"]


def test_a_server_looks_for_cycles_once_in_many_pages(release: Release) -> None:
    program = (
        "import gc, sys; from pathlib import Path; from mappe_servizi.settings import Settings; "
        "from mappe_servizi.web.run import Application; "
        "Application(Settings(release=Path(sys.argv[1])))(); print(gc.get_threshold()[0])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, release.path], capture_output=True, text=True, check=True
    )
    assert int(run.stdout.split()[-1]) == YOUNG
