"""Pages of a long answer: which one is asked for, and the addresses of those beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field
from starlette.requests import Request
from typing_extensions import TypedDict

from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.parameters import Parameters, Whole
from mappe_servizi.web.http.problems import not_found

LIMIT, MAX_LIMIT, MAX_PAGE = 1000, 10_000, 1_000_000
PARAMETERS = ("limit", "page")


@dataclass(frozen=True, slots=True)
class PageWindow:
    """A page.

    Attributes:
        limit: of its members.
        number: from 1.
        asked: whether the client asked for a page; it gets the whole otherwise, where the format
            cannot tell that there is more.
    """

    limit: int
    number: int
    asked: bool

    @property
    def offset(self) -> int:
        """The members before it."""
        return (self.number - 1) * self.limit

    def last(self, total: int) -> int:
        """The number of the last page of so many members, 1 where there are none.

        >>> [PageWindow(10, 1, True).last(total) for total in (20, 21, 0)]
        [2, 3, 1]
        """
        return max(1, -(-total // self.limit))


class Paged(Parameters):
    """The parameters of what comes in pages."""

    limit: Annotated[int, Whole(1, MAX_LIMIT)] = Field(
        LIMIT,
        description="Righe di una pagina. In JSON l'assenza vale il predefinito; gli altri formati sono "
        "interi se non si chiede una pagina.",
    )
    page: Annotated[int, Whole(1, MAX_PAGE)] = Field(1, description="Numero della pagina, da 1.")

    @property
    def window(self) -> PageWindow:
        """The page that is asked for."""
        return PageWindow(self.limit, self.page, not self.model_fields_set.isdisjoint(PARAMETERS))


def address(request: Request, **changes: object) -> str:
    """The address of a request with some parameters changed."""
    query = urlencode({**request.query_params, **{name: str(value) for name, value in changes.items()}})
    return f"{exchange_of(request.scope).snapshot.iris.prefix}{request.scope['path']}?{query}"


class PagePlace(TypedDict):
    """Where a page stands among those of an answer, as JSON tells it."""

    total: int
    limit: int
    page: int
    pages: int
    next: str | None
    previous: str | None


def place_of(request: Request, window: PageWindow, total: int) -> PagePlace:
    """The place of the page that is asked for, of ``total`` members.

    Raises:
        Problem: there are not so many pages (404).
    """
    last = window.last(total)
    if window.number > last:
        raise not_found(f"there is no page {window.number}; the last one is {last}")
    around = beside(request, window.number, last)
    return {
        "total": total,
        "limit": window.limit,
        "page": window.number,
        "pages": last,
        "next": around["next"],
        "previous": around["previous"],
    }


def beside(request: Request, page: int, last: int) -> dict[str, str | None]:
    """The addresses of the next and the previous page, None where there is none."""
    return {
        "next": address(request, page=page + 1) if page < last else None,
        "previous": address(request, page=page - 1) if page > 1 else None,
    }
