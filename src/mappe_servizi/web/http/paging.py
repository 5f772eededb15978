"""Pages of a long answer: which one is asked for, and the addresses of those beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from mappe_servizi.web.http.parameters import number

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


def page_of(values: Mapping[str, str]) -> PageWindow:
    """The page that a request asks for.

    Raises:
        Problem: its parameters are no such numbers.
    """
    limit, page = number(values, "limit", LIMIT, MAX_LIMIT), number(values, "page", 1, MAX_PAGE)
    return PageWindow(limit, page, not values.keys().isdisjoint(PARAMETERS))


def address(request: Request, **changes: object) -> str:
    """The address of a request with some parameters changed."""
    query = urlencode({**request.query_params, **{name: str(value) for name, value in changes.items()}})
    return f"{request.scope['mappe'].snapshot.iris.prefix}{request.scope['path']}?{query}"


def beside(request: Request, page: int, last: int) -> dict[str, str | None]:
    """The addresses of the next and the previous page, None where there is none."""
    return {
        "next": address(request, page=page + 1) if page < last else None,
        "previous": address(request, page=page - 1) if page > 1 else None,
    }
