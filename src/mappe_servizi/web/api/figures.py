"""``/api/figures``: questions about figures, answered from columns."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from mappe_servizi import formats as files
from mappe_servizi.query.columnar.engine import Columnar
from mappe_servizi.query.columnar.question import GROUPS, LISTS, MEASURES, THINGS, VALUES, FiguresQuestion
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import CSV, PARQUET, ROWS, TSV
from mappe_servizi.query.formats import FIGURES as OFFERED
from mappe_servizi.web.api.queries import Streamed, link_field
from mappe_servizi.web.http.clients import WhileConnected, client_key
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import offered
from mappe_servizi.web.http.paging import Paged, PagePlace, place_of
from mappe_servizi.web.http.parameters import Whole, not_allowed, said
from mappe_servizi.web.http.problems import Problem, from_query_error, not_found
from mappe_servizi.web.http.routes import TypedRoute, answers
from mappe_servizi.web.served.snapshot import Snapshot
from mappe_servizi.web.served.state import ApplicationState

MOST, LONGEST, MAX_WORDS = 50, 300, 8
"""Values of a filter at most, their characters, and words that are looked for."""
FILTERS: Final = (*VALUES, *THINGS, *LISTS)
YEAR: Final = (1000, 9999)


def _several(text: object) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(one.strip() for one in str(text).split(",") if one.strip()))
    if not values or len(values) > MOST or any(len(one) > LONGEST for one in values):
        raise not_allowed(f"up to {MOST} values with commas between them")
    return values


def _years(text: object) -> tuple[int, ...]:
    values = _several(text)
    if not all(one.isascii() and one.isdecimal() and YEAR[0] <= int(one[:5]) <= YEAR[1] for one in values):
        raise not_allowed("years with commas between them")
    return tuple(map(int, values))


def _groups(text: object) -> tuple[str, ...]:
    values = _several(text)
    if unknown := [one for one in values if one not in GROUPS]:
        raise said(f"by must be some of {', '.join(GROUPS)}, not {unknown[0]!r}")
    return values


def _sort(text: object) -> tuple[tuple[str, bool], ...]:
    return tuple((one.removeprefix("-"), one.startswith("-")) for one in _several(text))


def _flag(text: object) -> bool:
    if text not in {"true", "false"}:
        raise not_allowed("true or false")
    return text == "true"


def _words(text: object) -> tuple[str, ...]:
    words = tuple(str(text).split())
    if len(words) > MAX_WORDS or len(str(text)) > LONGEST:
        raise not_allowed(f"up to {MAX_WORDS} words")
    return words


TEXT: Final = {"type": "string"}
EITHER: Final = f"({'|'.join(GROUPS)})"
Several = Annotated[tuple[str, ...] | None, PlainValidator(_several), WithJsonSchema(TEXT)]
Years = Annotated[
    tuple[int, ...] | None,
    PlainValidator(_years),
    WithJsonSchema({**TEXT, "pattern": "^[0-9]{4}(,[0-9]{4})*$", "example": "2019,2020"}),
]
Groups = Annotated[
    tuple[str, ...],
    PlainValidator(_groups),
    WithJsonSchema({**TEXT, "pattern": f"^{EITHER}(,{EITHER})*$", "example": "municipality,year"}),
]
Sort = Annotated[
    tuple[tuple[str, bool], ...],
    PlainValidator(_sort),
    WithJsonSchema({**TEXT, "pattern": "^-?[A-Za-z_]+(,-?[A-Za-z_]+)*$", "example": "-value,municipality"}),
]
Words = Annotated[tuple[str, ...], PlainValidator(_words), WithJsonSchema(TEXT)]
Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
Year = Annotated[int, Whole(*YEAR)]
Order = Literal["keys", "largest"]


def filtered(said_of_it: str, alias: str | None = None) -> Any:
    """A filter: nothing where it is not given."""
    return Field(default_factory=lambda: None, alias=alias, description=said_of_it)


class FiguresParameters(Paged):
    """Which figures, and what of them."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    municipality: Several = filtered("Codice IPA del comune; più valori, anche qui sotto, con la virgola.")
    istat: Several = filtered("Codice ISTAT del comune.")
    province: Several = filtered("Provincia.")
    region: Several = filtered("Regione.")
    edition: Several = filtered("Edizione del documento.")
    area: Several = filtered("Area dell'indice.")
    kind: Several = filtered("public o internal.")
    service: Several = filtered("Il servizio: il suo IRI o la fine di esso.")
    service_concept: Several = filtered("Servizio comune a tutti i comuni.", "serviceConcept")
    table: Several = filtered("outputs o users.")
    indicator: Several = filtered("L'indicatore: il suo IRI o la fine di esso.")
    indicator_concept: Several = filtered("Indicatore comune a tutti i comuni.", "indicatorConcept")
    denominator: Several = filtered("Per chi si divide l'indicatore comune, per esempio residents.")
    unit: Several = filtered("Unità di misura.")
    counted: Several = filtered("Che cosa si conta.")
    role: Several = filtered(
        "item, total, subtotal o breakdown. Nei raggruppamenti, se manca: le voci, e i totali senza parti."
    )
    period_kind: Several = filtered("stock, flow o average.", "periodKind")
    status: Several = filtered("Stato del dato.")
    curation: Several = filtered("reviewed o proposed.")
    activity: Several = filtered("Attività.")
    audience: Several = filtered("Gruppo di destinatari.")
    year: Years = filtered("Anni.")
    words: Words = Field(
        default_factory=tuple, description="Parole del titolo, del gruppo o dell'etichetta: tutte."
    )
    every_edition: Flag = Field(
        False, alias="everyEdition", description="Anche i dati che un'edizione più nuova ha sostituito."
    )
    by: Groups = Field(default_factory=tuple, description=f"Per che cosa si raggruppa: {', '.join(GROUPS)}.")
    measure: str | None = Field(
        None,
        json_schema_extra={"enum": list(MEASURES)},
        description="Che cosa si calcola di un gruppo; sum se manca. change: fra il primo e l'ultimo anno "
        "(from, to), dei soli indicatori che li hanno entrambi. perThousand: per 1.000 di coloro per cui si "
        "divide l'indicatore comune (residenti, alunni), nello stesso anno.",
    )
    first: Year | None = Field(None, alias="from", description="Il primo anno di un cambiamento.")
    last: Year | None = Field(None, alias="to", description="L'ultimo anno di un cambiamento.")
    sort: Sort = Field(
        default_factory=tuple,
        description="Le colonne della risposta per cui si ordina, con la virgola; con - davanti, prima i più "
        "grandi. A parità restano l'ordine delle chiavi o dei documenti.",
    )
    order: Order = Field(
        "keys", description="keys, oppure largest: prima i valori più grandi, come sort=-value."
    )
    format: str = Field(
        default_factory=str,
        json_schema_extra={"enum": [format_.name for format_ in OFFERED]},
        description="Il formato; vince sul campo Accept.",
    )

    @model_validator(mode="after")
    def _fits(self) -> FiguresParameters:
        if self.measure is not None and self.measure not in MEASURES:
            raise said(f"measure must be one of {', '.join(MEASURES)}, not {self.measure!r}")
        if (self.first is None) != (self.last is None):
            raise said("from and to are given together")
        if self.measure == "change" and "year" in self.by:
            raise said("a change is between years: by must be without year")
        if self.first is not None and self.measure != "change":
            raise said("from and to are of measure=change; year chooses years")
        if self.first is not None and self.last is not None and self.first >= self.last:
            raise said("from must be a year before to")
        if self.order == "largest" and self.measure is None and not self.by:
            raise said("order=largest is of groups: give by or measure")
        if self.order == "largest" and self.sort:
            raise said("sort and order=largest are not given together")
        sortable = self.answered.sortable
        if unknown := [name for name, _ in self.sort if name not in sortable]:
            raise said(
                f"sort must be some of {', '.join(sortable)}, each with - or without, not {unknown[0]!r}"
            )
        return self

    @property
    def answered(self) -> FiguresQuestion:
        """What is asked, of all figures and in no order."""
        return FiguresQuestion(by=self.by, measure=self.measure)  # type: ignore[arg-type]  # it is validated

    def question(self, *, paged: bool) -> FiguresQuestion:
        """What is asked of the columns."""
        fields = type(self).model_fields.items()
        given = {field.alias or name: getattr(self, name) for name, field in fields}
        filters = {name: given[name] for name in FILTERS if given[name] is not None}
        window = self.window
        largest = (("change" if self.measure == "change" else "value", True),)
        return replace(
            self.answered,
            filters=filters,
            words=self.words,
            years=(self.first, self.last) if self.first is not None and self.last is not None else None,
            every_edition=self.every_edition,
            sort=largest if self.order == "largest" else self.sort,
            limit=window.limit if paged else None,
            offset=window.offset if paged else 0,
        )


class FiguresResult(PagePlace):
    """A page of figures, or of groups of figures.

    ``repeated`` figures repeat others of the selection and count once with them; ``missing`` ones are
    printed without a number.
    """

    repeated: int
    missing: int
    rows: list[dict[str, Any]]


def columns_of(snapshot: Snapshot) -> Columnar:
    """What answers questions about figures.

    Raises:
        Problem: there is nothing that does; it says what is missing.
    """
    if snapshot.columns is None:
        raise Problem(501, "not-offered", "a remote endpoint has no table of figures")
    if lacks := snapshot.columns.lacks:
        raise Problem(501, *lacks)
    return snapshot.columns


class Figures:
    """The handler."""

    def __init__(self, state: ApplicationState) -> None:
        self.state = state

    def routes(self) -> list[BaseRoute]:
        """The one address, with and without a suffix."""
        described: dict[str, Any] = {
            "tags": ["figures"],
            "summary": "Dati annuali: sceglierli, raggrupparli, sommarli",
            "description": "I dati di tutte le mappe. Senza by e measure i dati stessi, ciascuno con la riga "
            "da cui è letto; altrimenti una riga per gruppo. Non si sommano unità diverse, né consistenze di "
            "più anni, né medie: la risposta dice perché e che cosa chiedere.",
            "responses": answers(FiguresResult, CSV.media, TSV.media, PARQUET.media),
        }
        return [
            TypedRoute("/api/figures", self.figures, "figures", operation_id="figures", **described),
            TypedRoute("/api/figures.{suffix}", self.suffixed, "figures", include_in_schema=False),
        ]

    async def suffixed(
        self, request: Request, parameters: Annotated[FiguresParameters, Query()], suffix: str
    ) -> Response:
        """``/api/figures.csv`` and the like."""
        if suffix not in {format_.suffix for format_ in OFFERED}:
            raise not_found(f"figures are offered with the suffixes {', '.join(f.suffix for f in OFFERED)}")
        return await self._answer(request, parameters, suffix)

    async def figures(self, request: Request, parameters: Annotated[FiguresParameters, Query()]) -> Response:
        """``/api/figures?...``."""
        return await self._answer(request, parameters, "")

    async def _answer(self, request: Request, parameters: FiguresParameters, suffix: str) -> Response:
        exchange = exchange_of(request.scope)
        snapshot = exchange.snapshot
        columns = columns_of(snapshot)
        format_, media = offered(request, OFFERED, suffix=suffix, what="figures")
        window = parameters.window
        question = parameters.question(paged=format_ is ROWS or window.asked)
        tag = snapshot.tag("figures", format_.name, media, question.job())
        headers = {k.decode(): v.decode() for k, v in caching(tag, self.state.settings.max_age)}
        headers["content-type"] = media
        try:
            async with WhileConnected(request.receive):
                result = await columns.ask(question, format_, client_key(request.scope))
        except QueryError as error:
            raise from_query_error(error) from error
        exchange.cost = result.cost
        if format_ is not ROWS:
            if format_ in {CSV, TSV}:
                headers["content-type"] += files.CSV.parameters if "header" not in media else ""
            headers["content-disposition"] = f'inline; filename="figures.{format_.suffix}"'
            return Streamed(self.state, result, headers, format_)
        found = json.loads(result.body)
        place = place_of(request, window, found["total"])
        document: FiguresResult = {
            **place,
            "repeated": found["repeated"],
            "missing": found["missing"],
            "rows": found["rows"],
        }
        return Response(json.dumps(document, ensure_ascii=False), headers=headers | link_field(place))
