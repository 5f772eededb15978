"""The page of an indicator with its series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.web.portal import editions, figures, quotes, statements
from mappe_servizi.web.portal.composed import Composed, composed
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.drawing import on_page
from mappe_servizi.web.portal.page import Crumb, Ref
from mappe_servizi.web.portal.pictures import PARTS, Offers, offers, picture_of
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.schema_org import indicator as schema_org
from mappe_servizi.web.portal.series import Chart
from mappe_servizi.web.portal.texts import LocalizedText, head_title, sentence, town_name
from mappe_servizi.web.served.results import Row

OWNER = """?service mds:hasIndicator ?i ; l0:name ?serviceLabel ; mds:inArea ?area ."""
SERIES = About(
    {
        "self": f"BIND(<IRI> AS ?i) {OWNER}",
        "indicator": figures.indicators("BIND(<IRI> AS ?i)"),
        "figure": f"BIND(<IRI> AS ?i) {figures.FIGURE}",
        "part": "<IRI> mds:totalOf|^mds:breakdownOf ?other . ?other rdfs:label ?label",
        "whole": "<IRI> mds:breakdownOf|^mds:totalOf ?other . ?other rdfs:label ?label",
        "segment": """<IRI> mds:countsSegment ?segment . ?segment rdfs:label ?label . OPTIONAL {
        <IRI> mds:segmentMatch ?match }""",
        "town": f"""?service mds:hasIndicator <IRI> . ?town mds:providesService ?service ;
        rdfs:label ?townLabel . {editions.NUMBER}""",
        "quote": "<IRI> mds:hasEntry ?_entry . ?_entry mds:statedIn/mds:isCurrent true . "
        + quotes.pattern("?_entry"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPage(schema_org.MarkedIndicator):
    """An indicator with its series.

    Attributes:
        users: whether it counts users; else it counts what the service makes.
        offers: how its chart is taken away; ``parts_offers`` the picture of its parts.
        wholes: the rows that comprise it; ``parts`` are those that it comprises.
        picture: of a total, its parts on one scale, each by its place in ``pieces``, where its newest year
            and figure stand beside it.
        segments: those that it counts, and how well they ``match``.
        said: what its figures say beside each other and beside those of like rows.
    """

    template: ClassVar[str] = "indicator.html"
    heading: LocalizedText
    group: LocalizedText
    users: bool
    chart: Markup
    offers: Offers | None
    parts_offers: Offers | None
    wholes: Sequence[Ref]
    parts: Sequence[Ref]
    picture: Markup
    pieces: Sequence[tuple[Ref, int, str]]
    segments: Sequence[Ref]
    match: LocalizedText
    said: Sequence[statements.StatementEntry]
    csv: str


@dataclass(frozen=True, slots=True)
class IndicatorSeries:
    """What is known of an indicator: the rows of the queries, and its table of one row.

    Attributes:
        whole: its name with its group's.
        owner: the row of its service.
    """

    found: Mapping[str, list[Row]]
    table: figures.FiguresTable
    whole: str
    owner: Row

    @property
    def row(self) -> figures.FiguresRow:
        """Its row."""
        return self.table.rows[0]

    def chart(self, context: PageContext, title: str = "") -> Chart | None:
        """Its chart, None where nothing is to be drawn."""
        if not any(f for f in self.row.figures):
            return None
        return figures.chart(context, self.table.years, self.row, title)

    async def composed(self, context: PageContext) -> Composed | None:
        """What it is made of, None where it is no total of parts that are known.

        Raises:
            Problem: its service's figures could not be asked.
        """
        if not self.found["part"]:
            return None
        of = await statements.of_service(context, self.owner["service"].value)
        return composed(context, self.row.iri, self.whole, self.table, of)


async def read(context: PageContext, iri: str) -> IndicatorSeries | None:
    """An indicator's series, None where there is no such indicator."""
    found = await context.about(SERIES, iri)
    if not found["self"] or not found["indicator"]:
        return None
    concept = iri.removeprefix(f"{context.base}data/").split("/", 1)[0]
    told = [edition] if (edition := context.edition_of(iri)) else []
    table = figures.table(context, found["indicator"], found["figure"], concept, told=told)
    group, name = context.text(found["indicator"][0].get("group")), table.rows[0].name
    return IndicatorSeries(found, table, f"{name} ({group})" if group else name.value, found["self"][0])


async def series(context: PageContext, iri: str) -> Response | None:
    """The page of an indicator, None where there is no such one."""
    known = await read(context, iri)
    if known is None:
        return None
    found, table, owner, whole = known.found, known.table, known.owner, known.whole
    row, chart = known.row, known.chart(context)
    made = await known.composed(context)
    said = (await statements.of_service(context, owner["service"].value)).statements
    csv = context.csv("observations", indicator=iri, current="true")
    service = context.ref(owner["service"], owner["serviceLabel"])
    town = town_name(context.best([row["townLabel"] for row in found["town"]]).value)
    users = iri.startswith(f"{context.base}data/user-indicator/")
    kind = context.translate("utenti" if users else "prodotti")
    numbers = [*found["town"][:1], found["indicator"][0]]
    place = ".".join(r[name].value for r in numbers for name in ("number", "position") if name in r)
    values = [f"{year}: {f.shown}" for year, f in zip(table.years, row.figures, strict=True) if f]
    shown = IndicatorPage(
        title=whole,
        image=picture_of(context, iri) if chart else "",
        head_title=head_title(whole, service, town, kind=kind, place=place),
        description=sentence(whole, *values, service, town),
        heading=row.name,
        group=context.text(found["indicator"][0].get("group")),
        section="/services",
        breadcrumb=[
            Crumb(context.word(owner["area"].value), context.link(owner["area"].value)),
            context.crumb(owner["service"], owner["serviceLabel"]),
        ],
        service=service,
        users=users,
        row=row,
        table=table,
        chart=on_page(chart, "series") if chart else Markup(),
        offers=offers(context, iri, whole) if chart else None,
        wholes=context.distinct(found["whole"], "other", "label"),
        parts=context.distinct(found["part"], "other", "label"),
        picture=on_page(made.drawing, "parts") if made else Markup(),
        pieces=made.pieces if made else (),
        parts_offers=offers(context, iri, whole, PARTS) if made else None,
        segments=[context.ref(r["segment"], r["label"]) for r in found["segment"]],
        match=next(
            (context.word(r["match"].value) for r in found["segment"] if "match" in r), LocalizedText("")
        ),
        said=[statements.entry(context, one) for one in said if one.about.indicator == iri],
        csv=csv,
        quotes=quotes.read(context, found["quote"]),
        reuse_of=context.reuse(iri, f"{whole}, {owner['serviceLabel'].value}", csv),
    )
    json_ld = schema_org.indicator(context, iri, shown)
    return context.render(replace(shown, json_ld=json_ld), iri)
