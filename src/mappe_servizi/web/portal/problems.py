"""The pages of problems: of one that befell a visitor, and of what their kinds mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.http.problems import TYPES, Problem
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage(Page):
    """What a visitor sees where a program gets a problem document."""

    template: ClassVar[str] = "problem.html"
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemsPage(Page):
    """The kinds of problems, and what each means."""

    template: ClassVar[str] = "problems.html"
    types: Mapping[str, str]


async def kinds(context: PageContext) -> Response:
    """``/problems``: what the types of problem documents mean."""
    return context.render(ProblemsPage(types=TYPES))
