"""What tools answer with: rows as objects, the places that they were read from, addresses of pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from mappe_servizi.web.api.tabular import as_objects
from mappe_servizi.web.mcp.inside import Answer, Inside
from mappe_servizi.web.mcp.questions import sources
from mappe_servizi.web.served.iris import IriMap

MOST_SOURCES = 100
LONGEST_TEXT = 2_000


class ToolError(Exception):
    """Why a tool has no answer, for who asked to do better."""

    def __init__(self, said: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(said)
        self.problem = dict(problem or {})


@dataclass(frozen=True, slots=True)
class Desk:
    """What a tool works with.

    Attributes:
        inside: asks the application.
        iris: the IRIs of the release that answers.
        root: the server's address as clients see it.
    """

    inside: Inside
    iris: IriMap
    root: str

    async def document(self, path: str, **parameters: str) -> Any:
        """The JSON at an address.

        Raises:
            ToolError: there is none.
        """
        return checked(await self.inside.get(path, **parameters))

    async def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query.

        Raises:
            ToolError: it is refused, stopped or wrong.
        """
        return as_rows(checked(await self.inside.query(query)))

    async def read_from(self, found: Iterable[object]) -> list[dict[str, Any]]:
        """Where those of some values were read from that are IRIs of the data: source, line, page."""
        data = f"{self.iris.base}data/"
        things = dict.fromkeys(v for v in found if isinstance(v, str) and v.startswith(data) and is_iri(v))
        if not things:
            return []
        asked = [NamedNode(thing) for thing in list(things)[:MOST_SOURCES]]
        return [
            row | {"page": self.page(row["thing"])} for row in await self.rows(sources(self.iris.base, asked))
        ]

    def page(self, iri: str) -> str | None:
        """The address of a thing's page, None for what is elsewhere."""
        link = self.iris.link(iri)
        return None if link is None else f"{self.root}{link[len(self.iris.prefix) :]}"


def checked(answer: Answer) -> Any:
    """The document of a good answer.

    Raises:
        ToolError: it is a problem; the words are the problem's.
    """
    if answer.status == 200:
        return answer.document
    problem = answer.document if isinstance(answer.document, dict) else {}
    told = [problem.get(name) for name in ("title", "detail", "excerpt", "hint")]
    said = "\n".join(dict.fromkeys(part for part in told if isinstance(part, str)))
    raise ToolError(said or f"the server answered with status {answer.status}", problem)


def as_rows(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of SPARQL results; one row for a truth value.

    >>> as_rows({"head": {}, "boolean": True})
    [{'boolean': True}]
    """
    if "boolean" in result:
        return [{"boolean": result["boolean"]}]
    return as_objects(result["head"]["vars"], result["results"]["bindings"])


def values_of(rows: Iterable[Mapping[str, Any]]) -> Iterable[object]:
    """Every value of some rows."""
    return (value for row in rows for value in row.values())


def shortened(text: object) -> object:
    """A value as it is, or the beginning of a long text, marked as such."""
    if isinstance(text, str) and len(text) > LONGEST_TEXT:
        return f"{text[:LONGEST_TEXT]}… [{len(text)} characters]"
    return text


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return ":" in text
