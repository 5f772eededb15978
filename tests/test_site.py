"""The documentation as a site: built strictly, whole, of local parts only, and served at /docs/."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import ROOT
from served import serve, write_release

LINK = re.compile(r'<a [^>]*?href="([^"#]*)')
LOADED = re.compile(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="([^"]+)"|<link\b[^>]*\bhref="([^"]+)"')
CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
PAGES = [p for p in (ROOT / "docs").rglob("*.md") if "examples" not in p.parts]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", place]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert built.returncode == 0, built.stderr
    return place


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        for found in LOADED.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
            address = "".join(found)
            assert not re.match(r"(https?:)?//", address), f"{page}: {address}"
    for style in site.rglob("*.css"):
        assert not re.search(r"url\((?!data:)[\"']?(https?:)?//|@import", style.read_text(encoding="utf-8"))


def test_the_index_leads_to_every_page(site: Path) -> None:
    """By its own links: a page that only the menu names is not found by who reads."""
    reached, waiting = set(), [site / "index.html"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        text = page.read_text(encoding="utf-8")
        body = text[text.index("<article") : text.index("</article>")]
        for link in LINK.findall(body):
            if not re.match(r"[a-z]+:", link):
                target = (page.parent / link).resolve()
                found = target / "index.html" if target.is_dir() else target
                waiting += [found] if found.suffix == ".html" else []
    missing = {p.relative_to(site).as_posix() for p in site.rglob("index.html")} - {
        p.relative_to(site).as_posix() for p in reached
    }
    assert not missing
    assert len(reached) >= len(PAGES)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    link = tmp_path_factory.mktemp("small") / "current"
    write_release(link, b"")
    return link


def test_an_instance_serves_it_with_a_policy_that_lets_its_own_scripts_run(site: Path, small: Path) -> None:
    given = ("--release", small, "--documentation", site, "--path-prefix", "/mappe")
    with serve(*given) as server, server.client() as client:
        assert client.get("/mappe/docs").headers["location"] == "/mappe/docs/"
        assert client.get("/mappe/docs/tutorial").headers["location"] == "/mappe/docs/tutorial/"
        page = client.get("/mappe/docs/it/")
        assert page.status_code == 200
        assert "Per le amministrazioni" in page.text
        policy = page.headers["content-security-policy"]
        assert policy.count("'sha256-") >= 1
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        again = client.get("/mappe/docs/it/", headers={"if-none-match": page.headers["etag"]})
        assert again.status_code == 304
        index = client.get("/mappe/docs/search/search_index.json")
        assert index.headers["content-type"].startswith("application/json")
        assert client.get("/mappe/docs/images/indicator.png").headers["content-type"] == "image/png"
        assert client.get("/mappe/docs/nothing").status_code == 404


def test_an_instance_without_it_says_so(small: Path) -> None:
    with serve("--release", small) as server, server.client() as client:
        answer = client.get("/docs/")
        assert answer.status_code == 404
        assert "this instance has no documentation" in answer.text
