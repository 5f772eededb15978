"""The pages of problems: of one that befell a visitor, and of what their kinds mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.model.maintained import OTHERS, TEXT, read_toml
from mappe_servizi.web.http.problems import TYPES, Problem
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page

ITALIAN: Mapping[str, str] = read_toml(Path(__file__).with_suffix(".toml"), {OTHERS: TEXT})
"""What each kind of problem means, in Italian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage(Page):
    """What a visitor sees where a program gets a problem document: its kind's meaning first."""

    template: ClassVar[str] = "problem.html"
    problem: Problem
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemsPage(Page):
    """The kinds of problems, and what each means."""

    template: ClassVar[str] = "problems.html"
    types: Mapping[str, str]


def meanings(language: str) -> Mapping[str, str]:
    """What each kind of problem means, in a language.

    >>> meanings("it")["gone"], meanings("it").keys() == meanings("en").keys()
    ('Ciò che stava qui è stato ritirato.', True)
    """
    return ITALIAN if language == "it" else TYPES


def page_of(problem: Problem, language: str) -> ProblemPage:
    """The page of a problem."""
    return ProblemPage(problem=problem, meaning=meanings(language)[problem.kind])


async def kinds(context: PageContext) -> Response:
    """``/problems``: what the types of problem documents mean."""
    return context.render(ProblemsPage(types=meanings(context.language)))
