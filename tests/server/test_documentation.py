"""Every address that is answered is documented, and so is every kind of problem."""

import re

from starlette.applications import Starlette
from starlette.routing import Route

from helpers import ROOT
from mappe_servizi.query import errors
from mappe_servizi.settings import Settings
from mappe_servizi.web.app import create_app
from mappe_servizi.web.http.problems import TYPES

PAGE = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")


def documented() -> list[re.Pattern[str]]:
    """The addresses in the page's table, as patterns; "and below" takes in all below one."""
    found = []
    for code, below in re.findall(r"`(/[^`\s]*)`( and below)?", PAGE):
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+(?:/.*)?" if "path" in code else "[^/]+", re.escape(code))
        found.append(re.compile(pattern + ("(/.*)?" if below else "")))
    return found


def test_every_route_is_documented() -> None:
    inner = create_app(Settings()).app
    assert isinstance(inner, Starlette)
    patterns = documented()
    for route in inner.routes:
        assert isinstance(route, Route)
        path = re.sub(r"\{(\w+)(?::\w+)?\}", r"\1", route.path)
        assert any(pattern.fullmatch(path) for pattern in patterns), f"docs/http.md lacks {route.path}"


def test_every_query_error_has_a_problem_type() -> None:
    kinds = {
        e.kind for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.QueryError)
    }
    assert kinds <= set(TYPES)
