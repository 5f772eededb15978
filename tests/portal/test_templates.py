"""A template reads the fields of its page, those of the frame, and what its environment has: no more."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

import mappe_servizi.web.linked_data
import mappe_servizi.web.portal
from mappe_servizi.settings import Settings
from mappe_servizi.web.portal.page import Frame, Page
from mappe_servizi.web.portal.renderer import TEMPLATES, PageRenderer

SHARED = {"base.html", "macros.html"}
TOLD = {"title", "quotes", "reuse_of", "template"}
"""What a page has for the report of an error too (contact.py), or for its renderer."""
ENVIRONMENT = next(iter(PageRenderer(Settings()).environments.values()))


@cache
def pages() -> dict[str, type[Page]]:
    """The dataclasses of pages, by the module and name that they are to be imported by."""
    found = {}
    for room in (mappe_servizi.web.portal, mappe_servizi.web.linked_data):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            for name, thing in vars(importlib.import_module(module.name)).items():
                if isinstance(thing, type) and issubclass(thing, Page) and thing.__module__ == module.name:
                    found[f"{module.name}.{name}"] = thing
    return found


PAGES = {page.template: page for page in pages().values() if hasattr(page, "template")}


def parts(template: str) -> set[str]:
    """A template with those that it extends, includes and imports."""
    loader = ENVIRONMENT.loader
    assert loader is not None
    found, left = set[str](), {template}
    while left:
        name = left.pop()
        found.add(name)
        referenced = find_referenced_templates(syntax(name))
        left |= {one for one in referenced if one is not None} - found
    return found


@cache
def syntax(template: str) -> nodes.Template:
    loader = ENVIRONMENT.loader
    assert loader is not None
    return ENVIRONMENT.parse(loader.get_source(ENVIRONMENT, template)[0])


def own_names(template: str) -> Iterator[str]:
    """What a template names itself: values that it sets, macros that it has or imports."""
    tree = syntax(template)
    yield from (name.name for name in tree.find_all(nodes.Name) if name.ctx in {"store", "param"})
    yield from (macro.name for macro in tree.find_all(nodes.Macro))
    for imported in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in imported.names)


@cache
def read_in(template: str) -> set[str]:
    """The names that a template is given from outside."""
    return find_undeclared_variables(syntax(template)) - set(own_names(template))


def fields(of: type[Page] | type[Frame]) -> set[str]:
    return {field.name for field in dataclasses.fields(of)}


def test_every_template_is_a_page_s_and_every_page_has_one() -> None:
    files = {file.name for file in Path(TEMPLATES).glob("*.html")}
    assert {name for name in files if not name.startswith("part_")} - SHARED == set(PAGES)


@pytest.mark.parametrize("template", sorted(PAGES))
def test_what_a_template_reads_its_page_has_and_nothing_that_it_does_not(template: str) -> None:
    page, made_of = PAGES[template], parts(template)
    there = fields(page) | fields(Frame) | set(ENVIRONMENT.globals)
    assert read_in(template) <= there
    read = set().union(*map(read_in, made_of))
    given = set(own_names(template))  # to what it includes
    assert read <= there | given
    marked = (base for base in page.__mro__ if base is Page or ".schema_org." in base.__module__)
    assert fields(page) - set().union(*map(fields, marked)) <= read, "a field that nothing shows"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_is_frozen_and_has_no_name_of_the_frame_s(name: str) -> None:
    page = pages()[name]
    assert page.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert not fields(page) & (fields(Frame) | set(ENVIRONMENT.globals))


def test_the_frame_shows_all_that_every_page_has() -> None:
    assert fields(Page) - TOLD <= read_in("base.html") | read_in("part_head.html")
    assert fields(Frame) <= {name for template in PAGES for part in parts(template) for name in read_in(part)}
