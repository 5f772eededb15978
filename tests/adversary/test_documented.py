"""docs/security.md and the adversary suite say the same."""

import re
from pathlib import Path

import pytest

from helpers import ROOT

pytestmark = pytest.mark.adversary

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
MARKED = sorted(
    path for path in (ROOT / "tests").rglob("test_*.py") if "mark.adversary" in path.read_text("utf-8")
)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_test_that_the_page_names_is_there(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_every_promise_has_a_test() -> None:
    rows = PAGE.partition("## What is promised")[2].partition("## The adversary suite")[0].splitlines()
    promises = [row for row in rows if row.startswith("| ") and not row.startswith("| promise")]
    assert len(promises) >= 18
    assert [row for row in promises if "::test_" not in row] == []


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_every_suite_of_adversaries_is_named_on_the_page(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    assert place in PAGE or path == Path(__file__), "docs/security.md does not name it"
