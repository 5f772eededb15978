"""The page of an indicator that municipalities share: they beside each other, and the rows that say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.insights import Language, TownNames, town_sentence
from mappe_servizi.web.api import town_figures
from mappe_servizi.web.portal import figures
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.multiples import Multiples
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.paging import ENTRIES, ListPage, last_page, page_number
from mappe_servizi.web.portal.pictures import Offers, offers, picture_of
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.shared import OWNER, OwnService, definition, in_order, own_service
from mappe_servizi.web.portal.texts import SITE_NAME, LocalizedText, head_title, sentence
from mappe_servizi.web.portal.town_series import TownSeries, town_series
from mappe_servizi.web.served.results import Row, values

_OF = """{ ?_i mds:indicatorConcept <IRI> . ?_service mds:hasIndicator ?_i .
    ?town mds:providesService ?_service ; rdfs:label ?_label }
    UNION { ?_f mds:indicatorConcept <IRI> . ?town mds:hasComparableFigure ?_f ; rdfs:label ?_label }"""
INDICATOR = About(
    {
        "self": """<IRI> skos:prefLabel ?label ; mds:ofServiceConcept ?of ; mds:counts ?counts ;
        muapit:hasMeasurementUnit ?unit ; mds:denominator ?denominator ; mds:periodKind ?period ;
        mds:aggregation ?aggregation OPTIONAL { <IRI> skos:definition ?definition }""",
        "count": f"{{ SELECT (COUNT(DISTINCT ?town) AS ?n) {{ {_OF} }} }}",
        "town": f"""{{ SELECT ?town (MIN(?_label) AS ?name) {{ {_OF} }}
        GROUP BY ?town ORDER BY ?name ?town LIMIT ENTRIES OFFSET SKIPPED }}""",
    }
)
SAID = About(
    {
        "figure": """TOWNS ?town mds:hasComparableFigure ?f . ?f mds:indicatorConcept <IRI> ;
        sdmx-dimension:refPeriod ?year ; sdmx-measure:obsValue ?value ; sdmx-dimension:refArea ?area .
        ?area rdfs:label ?areaLabel""",
        "compared": f"TOWNS {town_figures.WITH_POPULATION} {town_figures.FIGURE} ?town rdfs:label ?townLabel",
        "row": f"""TOWNS ?town mds:providesService ?service . ?service mds:hasIndicator ?i .
        ?i mds:indicatorConcept <IRI> ; mds:conceptMatch ?match ; rdfs:label ?name . {OWNER}""",
    }
)
"""What some municipalities say of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedIndicatorPage(Page):
    """An indicator that municipalities share: they beside each other, and the rows that say it.

    Attributes:
        about: the shared service that it counts.
        facts: what it is, by name.
        part: the municipalities of this page, by name, and where it stands; all else is of them.
        towns: each with a figure a year, None where it has none that compares.
        series: the same year by year, and its ``panels``, where all municipalities are on one page; None
            where nothing compares.
        offers: how the picture of it is taken away.
        said: of each its newest figure against its population, in words, with the figure's page.
        rows: each row, whose it is, how well it matches.
    """

    template: ClassVar[str] = "shared_indicator.html"
    paged: ClassVar[bool] = True
    heading: LocalizedText
    definition: LocalizedText
    about: Ref
    facts: Sequence[tuple[str, LocalizedText]]
    part: ListPage[str]
    years: Sequence[str]
    towns: Sequence[tuple[LocalizedText, Sequence[Ref | None]]]
    series: TownSeries | None
    panels: Sequence[tuple[Ref, Markup]]
    offers: Offers | None
    said: Sequence[tuple[str, str]]
    rows: Sequence[tuple[Ref, OwnService, Ref]]


async def _read(context: PageContext, iri: str, number: int) -> tuple[dict[str, list[Row]], ListPage[str]]:
    """What is known of an indicator, and what some municipalities say of it."""
    part = {"ENTRIES": str(ENTRIES), "SKIPPED": str((number - 1) * ENTRIES)}
    found = await context.blocks(INDICATOR.of(iri, **part))
    if not found["self"]:
        return found, ListPage([])
    last = last_page(number, int(found["count"][0]["n"].value))
    towns = [row["town"].value for row in found["town"]]
    found |= await context.blocks(SAID.of(iri, TOWNS=f"VALUES ?town {{ {values(towns)} }}"))
    return found, ListPage(towns, number, last)


async def page(context: PageContext, iri: str) -> Response | None:
    """The page of a shared indicator: the towns beside each other, and the rows that say it.

    Raises:
        Problem: there is no such part of it.
    """
    found, part = await _read(context, iri, page_number(context.request))
    if not found["self"]:
        return None
    label, head = context.best(row["label"] for row in found["self"]), found["self"][0]
    defined = definition(context, found["self"])
    years = figures.without_gaps({figures.last(row["year"].value) for row in found["figure"]})
    series = _series(context, iri, found["compared"]) if part.last == 1 else None
    drawn = series is not None and series.several
    cells = {(row["area"].value, figures.last(row["year"].value)): row for row in found["figure"]}
    areas = {row["area"].value: row["areaLabel"] for row in found["figure"]}
    shown = SharedIndicatorPage(
        title=label.value,
        head_title=head_title(label.value, SITE_NAME, kind=context.translate("indicatore")),
        heading=label,
        section="/services",
        breadcrumb=[Crumb(context.translate("Servizi"), context.href("/services"))],
        definition=defined,
        description=sentence(
            context.translate("Indicatore dei comuni"), defined or label, context.word(head["of"].value)
        ),
        about=context.concept(head["of"].value),
        facts=[
            (context.translate("Che cosa conta"), context.word(head["counts"].value)),
            (context.translate("Unità"), context.word(head["unit"].value)),
            (context.translate("Si rapporta a"), context.word(head["denominator"].value)),
            (context.translate("Consistenza o flusso"), context.word(head["period"].value)),
            (context.translate("Come si uniscono i valori"), context.word(head["aggregation"].value)),
        ],
        part=part,
        years=years,
        towns=[
            (context.text(areas[area]), [_cell(context, cells.get((area, year))) for year in years])
            for area in sorted(areas, key=lambda area: areas[area].value.casefold())
        ],
        series=series,
        panels=series.panels("town") if series is not None and drawn else (),
        offers=offers(context, iri, label.value) if drawn else None,
        image=picture_of(context, iri) if drawn else "",
        said=list(_said(context, iri, label, found["compared"])),
        rows=[
            (
                context.ref(row["i"], row["name"]),
                own_service(context, row),
                context.concept(row["match"].value),
            )
            for row in in_order(found["row"])
        ],
        reuse_of=context.reuse(iri, label.value),
    )
    return context.render(shown, iri)


def _series(context: PageContext, iri: str, rows: list[Row]) -> TownSeries | None:
    """The municipalities year by year, the one with most first."""
    towns = {row["town"].value: context.ref(row["town"], row["townLabel"]) for row in rows}
    in_order = sorted(towns.values(), key=lambda town: str(town).casefold())
    found = town_series(context, town_figures.read(rows, iri), in_order)
    return found and found.ranked


async def drawing(context: PageContext, iri: str) -> tuple[Multiples, str] | None:
    """The picture of a shared indicator and what it is about; None where there is none to be drawn.

    Of more municipalities than a page has none is drawn: it would be of those whose names come first.
    """
    found, part = await _read(context, iri, 1)
    series = _series(context, iri, found["compared"]) if found["self"] and part.last == 1 else None
    if series is None or not series.several:
        return None
    label = context.best(row["label"] for row in found["self"])
    return series.drawing(label.value), str(context.word(found["self"][0]["of"].value))


def _said(context: PageContext, iri: str, label: LocalizedText, rows: list[Row]) -> Iterator[tuple[str, str]]:
    """The newest figure of each municipality against its population, the largest first."""
    towns = {row["town"].value: row["townLabel"].value for row in rows}
    newest = {
        one.figure.town: one
        for one in sorted(town_figures.read(rows, iri), key=lambda one: one.figure.year)
        if one.per_thousand is not None
    }
    language: Language = "en" if context.language == "en" else "it"
    for one in sorted(newest.values(), key=lambda one: (-(one.measure or 0), one.figure.town)):
        population = context.word(town_figures.vocabulary("denominator", one.figure.divided_by))
        names = TownNames(str(label), towns[one.figure.town], str(population))
        yield context.link(one.figure.iri), town_sentence(one, names, language)


def _cell(context: PageContext, row: Row | None) -> Ref | None:
    return (
        None
        if row is None
        else Ref(LocalizedText(context.number(row["value"].value)), context.link(row["f"].value))
    )
