"""``/api/towns``: municipalities beside each other, by shared indicator, per 1,000 of whom it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from typing_extensions import TypedDict

from mappe_servizi.insights import Language, TownComparison, TownNames, town_sentence
from mappe_servizi.query.formats import CSV, ROWS, TSV, XLSX
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.web.api import town_figures
from mappe_servizi.web.api.queries import link_field
from mappe_servizi.web.api.town_figures import last, plain, vocabulary
from mappe_servizi.web.api.views import Cell, View, as_file
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import offered
from mappe_servizi.web.http.paging import MAX_LIMIT, Paged, PagePlace, place_of
from mappe_servizi.web.http.parameters import said
from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.http.query_client import ask_rows
from mappe_servizi.web.http.routes import TypedRoute, answers
from mappe_servizi.web.served.results import Row, values
from mappe_servizi.web.served.state import ApplicationState

OFFERED: Final = (ROWS, CSV, TSV, XLSX)
CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
MOST: Final = 50
"""Municipalities that are named at most."""
LABELS: Final = """?concept skos:prefLabel ?it, ?en . ?by skos:prefLabel ?byIt, ?byEn .
    ?town l0:name ?name .
    FILTER(LANG(?it) = "it" && LANG(?en) = "en" && LANG(?byIt) = "it" && LANG(?byEn) = "en")"""


class TownsParameters(Paged):
    """Which municipalities, and which indicator."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    municipality: str = Field(
        "", max_length=1500, description="Codici IPA con virgole fra loro; se manca, tutti i comuni."
    )
    concept: str = Field("", max_length=64, description="Codice dell'indicatore comune; se manca, tutti.")
    format: str = Field(
        default_factory=str,
        json_schema_extra={"enum": [format_.name for format_ in OFFERED]},
        description="Il formato; vince sul campo Accept.",
    )

    @property
    def towns(self) -> Sequence[str]:
        """The codes of the municipalities."""
        return [one.strip().casefold() for one in self.municipality.split(",") if one.strip()]

    @model_validator(mode="after")
    def _codes(self) -> TownsParameters:
        if len(self.towns) > MOST or not all(map(CODE.fullmatch, self.towns)):
            raise said(f"municipality must be up to {MOST} IPA codes with commas between them")
        if self.concept and not CODE.fullmatch(self.concept):
            raise said(f"concept must be the code of a shared indicator, not {self.concept!r}")
        return self


class TownRow(TypedDict):
    """A municipality's figure of a shared indicator and year, against its population."""

    concept: str
    it: str
    en: str
    municipality: str
    municipalityName: str
    year: int
    value: float
    unit: str
    denominator: str
    population: float | None
    perThousand: float | None
    place: int | None
    among: int | None
    figure: str
    populationFigure: str | None


COLUMNS: Final = tuple(TownRow.__annotations__)
"""Of a table of municipalities beside each other, wherever it is to be had."""


class TownsResult(PagePlace):
    """A page of figures of municipalities."""

    rows: list[TownRow]


@dataclass(frozen=True, slots=True)
class TownLabels:
    """What indicators, municipalities and populations are called, by IRI's end and language."""

    names: dict[tuple[str, str, str], str]

    @classmethod
    def of_rows(cls, rows: Sequence[Row]) -> TownLabels:
        """Those of the rows of ``LABELS``."""
        found: dict[tuple[str, str, str], str] = {}
        for row in rows:
            for language, label, by in (("it", "it", "byIt"), ("en", "en", "byEn")):
                found["concept", last(row["concept"].value), language] = row[label].value
                found["population", last(row["by"].value), language] = row[by].value
                found["town", last(row["town"].value), language] = row["name"].value
        return cls(found)

    def of(self, one: TownComparison, language: Language) -> TownNames:
        """Those of a figure."""
        figure = one.figure
        keys = (("concept", figure.concept), ("town", last(figure.town)), ("population", figure.divided_by))
        return TownNames(*(self.names[kind, code, language] for kind, code in keys))


class TownsApi:
    """The handler."""

    def __init__(self, state: ApplicationState) -> None:
        self.state = state

    def routes(self) -> list[BaseRoute]:
        """The one address."""
        described: dict[str, Any] = {
            "tags": ["figures"],
            "summary": "I comuni a confronto, ogni 1.000 residenti",
            "description": "I dati confrontabili dei comuni per indicatore comune e anno, divisi per la "
            "popolazione che l'indicatore riguarda, con il posto fra i comuni chiesti dove sono almeno tre. "
            "Senza il dato della popolazione non c'è rapporto né posto; mai da stime né da dati che un "
            "riscontro mette in dubbio.",
            "responses": answers(TownsResult, *(format_.media for format_ in OFFERED[1:])),
        }
        return [
            TypedRoute("/api/towns", self.towns, "towns", operation_id="towns", **described),
            TypedRoute("/api/towns.{suffix}", self.suffixed, "towns", include_in_schema=False),
        ]

    async def suffixed(
        self, request: Request, parameters: Annotated[TownsParameters, Query()], suffix: str
    ) -> Response:
        """``/api/towns.csv`` and the like."""
        if suffix not in {format_.suffix for format_ in OFFERED}:
            raise not_found(f"towns are offered with the suffixes {', '.join(f.suffix for f in OFFERED)}")
        return await self._answer(request, parameters, suffix)

    async def towns(self, request: Request, parameters: Annotated[TownsParameters, Query()]) -> Response:
        """``/api/towns?...``."""
        return await self._answer(request, parameters, "")

    async def _answer(self, request: Request, parameters: TownsParameters, suffix: str) -> Response:
        exchange = exchange_of(request.scope)
        format_, media = offered(request, OFFERED, suffix=suffix, what="towns")
        rows = await self._rows(request, parameters)
        window = parameters.window
        place = place_of(request, window, len(rows))
        tag = exchange.snapshot.tag("towns", format_.name, media, str(request.url.query))
        part = rows[window.offset : window.offset + window.limit]
        if format_ is not ROWS:
            view = View("towns", COLUMNS, map(cells, part if window.asked else rows))
            links = link_field(place) if window.asked else {}
            return await as_file(view, (format_, media), tag, self.state.settings.max_age, **links)
        headers = {k.decode(): v.decode() for k, v in caching(tag, self.state.settings.max_age)}
        document: TownsResult = {**place, "rows": part}
        headers |= link_field(place) | {"content-type": media}
        return Response(json.dumps(document, ensure_ascii=False), headers=headers)

    async def _rows(self, request: Request, parameters: TownsParameters) -> list[TownRow]:
        base = exchange_of(request.scope).snapshot.iris.base
        concept = vocabulary("indicator-concept", parameters.concept)
        one = town_figures.WITH_POPULATION.replace("<IRI>", f"<{concept}>") if parameters.concept else ""
        iris = values(f"{base}data/municipality/{code}" for code in parameters.towns)
        these = f"VALUES ?town {{ {iris} }}" if iris else ""
        query = f"SELECT * {{ {one} {these} {town_figures.FIGURE} {LABELS} }} LIMIT {MAX_LIMIT + 1}"
        prologue = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in prefixes(base).items())
        found = await ask_rows(request, f"{prologue} {query}")
        if len(found) > MAX_LIMIT:
            raise said(f"these are more than {MAX_LIMIT} figures: name municipalities or a concept")
        names = TownLabels.of_rows(found)
        told = town_figures.read(found, concept if parameters.concept else "")
        rows = [as_row(one, names) for one in told]
        return sorted(rows, key=lambda row: (row["concept"], row["municipality"], row["year"]))


def as_row(one: TownComparison, names: TownLabels) -> TownRow:
    """A figure as it is answered."""
    figure, population = one.figure, one.population
    return {
        "concept": figure.concept,
        "it": town_sentence(one, names.of(one, "it"), "it"),
        "en": town_sentence(one, names.of(one, "en"), "en"),
        "municipality": last(figure.town),
        "municipalityName": names.of(one, "it").town,
        "year": figure.year,
        "value": plain(figure.value),
        "unit": figure.unit,
        "denominator": figure.divided_by,
        "population": plain(population.value) if population else None,
        "perThousand": one.per_thousand if one.per_thousand is None else round(one.per_thousand, 6),
        "place": one.place or None,
        "among": one.among or None,
        "figure": figure.iri,
        "populationFigure": population.iri if population else None,
    }


def cells(row: TownRow) -> Iterator[Cell]:
    """A row of a table."""
    return (row[name] for name in COLUMNS)  # type: ignore[literal-required]
