"""From an address and its fields to a page: eight files, each handing on to a later one."""

import asyncio
import re
import sys
from pathlib import Path
from types import FrameType

import httpx
import pytest

import mappe_servizi
from helpers import ROOT
from mappe_servizi.releases import Release
from mappe_servizi.settings import Settings
from mappe_servizi.web.app import create_app

ROOM = Path(mappe_servizi.__file__).parent / "web"
SECTION = "## From an address to a page"
MOST = 8
EXAMPLE = "portal/service.py"
"""The page that it is told of."""
PAGES = {
    "/page/public-service/c_d150/asili-nido": "portal/service.py",
    "/page/municipality/c_d150": "portal/territory.py",
    "/page/public-service/c_d150/asili-nido?view=all": "portal/any_resource.py",
    "/controlled-vocabulary/audience-group/families": "portal/audiences.py",
    "/onto/MDS": "portal/ontology.py",
    "/services": "portal/territory.py",
    "/quality/c_d150": "portal/quality.py",
}
"""The module of the page at an address of each kind."""
Call = tuple[str, str]
"""Of two files of web, who calls and who is called."""


def named() -> list[str]:
    """The files that docs/architecture.md names, in its order."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text.partition(SECTION)[2].partition("\n## ")[0]
    return re.findall(r"^\d\. `src/mappe_servizi/web/([\w/]+\.py)`", section, re.MULTILINE)


def file_of(frame: FrameType | None) -> str:
    """The file of web that a function stands in, or whoever called it through others.

    "" for a template, which reads what it was given, and for nobody.
    """
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOM):
            return path.relative_to(ROOM).as_posix() if path.suffix == ".py" else ""
        frame = frame.f_back
    return ""


async def calls(release: Release) -> dict[str, list[Call]]:
    """The calls from file to file that answer each address, for one who wants HTML."""
    found: dict[str, list[Call]] = {}
    app = create_app(Settings(release=release.path))
    transport = httpx.ASGITransport(app=app)
    headers = {"accept": "text/html", "accept-language": "en"}
    async with app.started(), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for address in PAGES:
            made = found.setdefault(address, [])

            def profile(frame: FrameType, event: str, arg: object, made: list[Call] = made) -> None:
                # An expression of a file that another one goes through is no call back to it.
                if event == "call" and not frame.f_code.co_name.startswith("<"):
                    called = Path(frame.f_code.co_filename)
                    if called.is_relative_to(ROOM) and called.suffix == ".py":
                        made.append((file_of(frame.f_back), called.relative_to(ROOM).as_posix()))

            sys.setprofile(profile)
            try:
                answer = await client.get(address, headers=headers)
            finally:
                sys.setprofile(None)
            assert answer.status_code == 200, address
    return found


@pytest.fixture(scope="module")
def walked(release: Release) -> dict[str, list[Call]]:
    return asyncio.run(calls(release))


def test_the_walk_that_is_told_is_gone(walked: dict[str, list[Call]]) -> None:
    address, walk = next(iter(PAGES)), named()
    assert PAGES[address] in walk
    assert set(walk) <= {called for _, called in walked[address]}
    assert len(walk) <= MOST


@pytest.mark.parametrize("address", PAGES)
def test_no_file_hands_back(walked: dict[str, list[Call]], address: str) -> None:
    walk, made = [PAGES[address] if file == EXAMPLE else file for file in named()], walked[address]
    assert PAGES[address] in {called for _, called in made}
    rank = {file: place for place, file in enumerate(walk)}
    asked = {file for file in walk if file.startswith("http/")}
    back = {
        (caller, called)
        for caller, called in made
        if {caller, called} <= set(walk) and called not in asked and rank[called] < rank[caller]
    }
    assert not back
