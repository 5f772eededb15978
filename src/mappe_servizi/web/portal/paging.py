"""Long lists on pages for people: a part of one, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

from starlette.requests import Request

from mappe_servizi.web.http.paging import MAX_PAGE
from mappe_servizi.web.http.parameters import Parameters, Whole, read
from mappe_servizi.web.http.problems import not_found

Entry = TypeVar("Entry")
ENTRIES: Final = 100
"""Of a list on a page: what grows with the number of municipalities is read page by page."""
FILES: Final = 1000
"""Of a listing of files, which programs read too."""


class OfPage(Parameters):
    """The page of a long list."""

    page: Annotated[int, Whole(1, MAX_PAGE)] = 1


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Entry]):
    """The entries of one page.

    Attributes:
        number: of the page, from 1.
        last: the number of the last one.
    """

    entries: Sequence[Entry]
    number: int = 1
    last: int = 1


def page_number(request: Request) -> int:
    """The number of the page that is asked for.

    Raises:
        Problem: it is no number from 1.
    """
    return read(OfPage, dict(request.query_params)).page


def last_page(number: int, entries: int, most: int = ENTRIES) -> int:
    """The number of the last page of so many entries.

    Raises:
        Problem: the page that is asked for is beyond it.
    """
    last = max(1, -(-entries // most))
    if number > last:
        raise not_found(f"there is no page {number}; the last one is {last}")
    return last


def part_of(request: Request, entries: Sequence[Entry], most: int = ENTRIES) -> ListPage[Entry]:
    """The part of a list that an address asks for.

    Raises:
        Problem: it is no number, or there is no such page.
    """
    number = page_number(request)
    last = last_page(number, len(entries), most)
    return ListPage(entries[(number - 1) * most : number * most], number, last)
