"""``/api/insights``: what the figures of a service or a municipality say, with the figures that say it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Query
from pydantic import ConfigDict, Field, model_validator
from pyoxigraph import Literal as Text
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from typing_extensions import TypedDict

from mappe_servizi.insights import KINDS, Statement, TableFigure, sentence, statements
from mappe_servizi.query.columnar.engine import Columnar
from mappe_servizi.query.columnar.question import FiguresQuestion
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import CSV, ROWS, TSV, XLSX
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.web.api.figures import LONGEST, columns_of
from mappe_servizi.web.api.queries import link_field
from mappe_servizi.web.api.views import Cell, View, as_file
from mappe_servizi.web.http.clients import WhileConnected, client_key
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import offered
from mappe_servizi.web.http.paging import MAX_LIMIT, Paged, PagePlace, place_of
from mappe_servizi.web.http.parameters import said
from mappe_servizi.web.http.problems import from_query_error, not_found
from mappe_servizi.web.http.query_client import ask_rows
from mappe_servizi.web.http.routes import TypedRoute, answers
from mappe_servizi.web.served.state import ApplicationState

DOUBTED: Final = """SELECT DISTINCT ?figure {{ {values}
  GRAPH <{base}graph/quality> {{ ?finding mds:restsOn ?figure }}
  ?figure mds:municipalityCode ?municipality }}"""
"""The figures, of a municipality or of all, that a finding rests on."""


OFFERED: Final = (ROWS, CSV, TSV, XLSX)


class InsightsParameters(Paged):
    """Whose figures."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    municipality: str = Field("", max_length=LONGEST, description="Codice IPA del comune.")
    service: str = Field("", max_length=LONGEST, description="Il servizio: il suo IRI o la fine di esso.")
    kind: str = Field("", json_schema_extra={"enum": ["", *KINDS]}, description="Solo: change, share o rank.")
    format: str = Field(
        default_factory=str,
        json_schema_extra={"enum": [format_.name for format_ in OFFERED]},
        description="Il formato; vince sul campo Accept.",
    )

    @model_validator(mode="after")
    def _narrow(self) -> InsightsParameters:
        if self.kind and self.kind not in KINDS:
            raise said(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}")
        return self


class Ground(TypedDict):
    """A figure that a statement rests on, and where the document prints it."""

    observation: str
    indicator: str
    label: str
    year: int
    value: float
    unit: str
    sourceDocument: str
    source: str
    sourceLine: int | None


class Insight(TypedDict):
    """A statement: its words, its numbers, what it rests on, and the question that gives that."""

    kind: str
    municipality: str
    service: str
    title: str
    indicator: str
    it: str
    en: str
    value: float
    percent: float | None
    among: int | None
    figures: list[Ground]
    query: str


class InsightsResult(PagePlace):
    """A page of statements."""

    rows: list[Insight]


COLUMNS: Final = (*Insight.__annotations__, "sources")
"""Of a table of statements."""


class Insights:
    """The handler."""

    def __init__(self, state: ApplicationState) -> None:
        self.state = state

    def routes(self) -> list[BaseRoute]:
        """The one address."""
        described: dict[str, Any] = {
            "tags": ["figures"],
            "summary": "Che cosa dicono i dati annuali: cambiamenti, quote, posizioni",
            "description": "Frasi ricavate dai dati di un comune o di un suo servizio: il cambiamento dal "
            "primo all'ultimo anno, la quota di un totale stampato, la posizione fra righe simili. Ciascuna "
            "con i dati da cui viene, le loro righe nel documento e l'interrogazione che li dà. Mai fra "
            "unità diverse, né da dati che un riscontro mette in dubbio, da stime o da righe ripetute.",
            "responses": answers(InsightsResult, *(format_.media for format_ in OFFERED[1:])),
        }
        return [
            TypedRoute("/api/insights", self.insights, "insights", operation_id="insights", **described),
            TypedRoute("/api/insights.{suffix}", self.suffixed, "insights", include_in_schema=False),
        ]

    async def suffixed(
        self, request: Request, parameters: Annotated[InsightsParameters, Query()], suffix: str
    ) -> Response:
        """``/api/insights.csv`` and the like."""
        if suffix not in {format_.suffix for format_ in OFFERED}:
            raise not_found(f"insights are offered with the suffixes {', '.join(f.suffix for f in OFFERED)}")
        return await self._answer(request, parameters, suffix)

    async def insights(
        self, request: Request, parameters: Annotated[InsightsParameters, Query()]
    ) -> Response:
        """``/api/insights?...``."""
        return await self._answer(request, parameters, "")

    async def _answer(self, request: Request, parameters: InsightsParameters, suffix: str) -> Response:
        exchange = exchange_of(request.scope)
        format_, media = offered(request, OFFERED, suffix=suffix, what="insights")
        columns = columns_of(exchange.snapshot)
        found = statements(
            await self._figures(request, columns, parameters), await self._doubted(request, parameters)
        )
        told = [one for one in found if parameters.kind in {"", one.kind}]
        window = parameters.window
        place = place_of(request, window, len(told))
        tag = exchange.snapshot.tag("insights", format_.name, media, str(request.url.query))
        part = told[window.offset : window.offset + window.limit]
        if format_ is not ROWS:
            view = View("insights", COLUMNS, map(_cells, part if window.asked else told))
            links = link_field(place) if window.asked else {}
            return await as_file(view, (format_, media), tag, self.state.settings.max_age, **links)
        headers = {k.decode(): v.decode() for k, v in caching(tag, self.state.settings.max_age)}
        document: InsightsResult = {**place, "rows": list(map(as_row, part))}
        headers |= link_field(place) | {"content-type": media}
        return Response(json.dumps(document, ensure_ascii=False), headers=headers)

    async def _figures(
        self, request: Request, columns: Columnar, parameters: InsightsParameters
    ) -> list[TableFigure]:
        given = {"municipality": parameters.municipality.casefold(), "service": parameters.service}
        filters = {name: (value,) for name, value in given.items() if value}
        try:
            async with WhileConnected(request.receive):
                question = FiguresQuestion(filters=filters, limit=MAX_LIMIT)
                result = await columns.ask(question, ROWS, client_key(request.scope))
        except QueryError as error:
            raise from_query_error(error) from error
        exchange_of(request.scope).cost = result.cost
        found = json.loads(result.body)
        if found["total"] > MAX_LIMIT:
            raise said(
                f"these are {found['total']} figures, more than {MAX_LIMIT}: name a municipality or a service"
            )
        return [TableFigure.of_row(row) for row in found["rows"]]

    async def _doubted(self, request: Request, parameters: InsightsParameters) -> set[str]:
        base = exchange_of(request.scope).snapshot.iris.base
        one = f"VALUES ?municipality {{ {Text(parameters.municipality.casefold())} }}"
        query = DOUBTED.format(base=base, values=one if parameters.municipality else "")
        rows = await ask_rows(request, f"PREFIX mds: <{prefixes(base)['mds']}>\n{query}")
        return {row["figure"].value for row in rows}


def as_row(statement: Statement) -> Insight:
    """A statement as it is answered."""
    about = statement.about
    asked = {
        "municipality": about.municipality,
        "indicator": ",".join(dict.fromkeys(figure.indicator for figure in statement.figures)),
        "year": ",".join(dict.fromkeys(str(figure.year) for figure in statement.figures)),
    }
    return {
        "kind": statement.kind,
        "municipality": about.municipality,
        "service": about.service,
        "title": about.title,
        "indicator": about.indicator,
        "it": sentence(statement, "it"),
        "en": sentence(statement, "en"),
        "value": statement.value,
        "percent": statement.percent,
        "among": statement.among or None,
        "figures": [_ground(figure) for figure in statement.figures],
        "query": f"/api/figures?{urlencode(asked, safe=':/,')}",
    }


def _cells(statement: Statement) -> Iterator[Cell]:
    """A row of a table: of the figures the IRIs and the places, with " | " between them."""
    row = as_row(statement)
    grounds = row["figures"]
    several = {"figures": [one["observation"] for one in grounds], "sources": [*map(_place, grounds)]}
    told = {**row, **{name: " | ".join(values) for name, values in several.items()}}
    return (told[name] for name in COLUMNS)


def _place(ground: Ground) -> str:
    return f"{ground['sourceDocument']}#{ground['source']}"


def _ground(figure: TableFigure) -> Ground:
    return {
        "observation": figure.observation,
        "indicator": figure.indicator,
        "label": figure.name,
        "year": figure.year,
        "value": figure.number,
        "unit": figure.unit,
        "sourceDocument": figure.source_document,
        "source": figure.source,
        "sourceLine": figure.source_line,
    }
