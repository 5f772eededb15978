"""The pages of what municipalities share: a service or activity, and an indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.insights import Language, TownNames, town_sentence
from mappe_servizi.web.api import town_figures
from mappe_servizi.web.portal import delivery, figures
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.multiples import Multiples
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.pictures import Offers, offers, picture_of
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.texts import SITE_NAME, LocalizedText, head_title, sentence
from mappe_servizi.web.portal.town_series import TownSeries, town_series
from mappe_servizi.web.served.results import Row

_OWNER = "?service l0:name ?serviceLabel . ?town mds:providesService ?service ; rdfs:label ?townLabel"
SERVICE = About(
    {
        "self": "<IRI> skos:prefLabel ?label OPTIONAL { <IRI> skos:definition ?definition }",
        "word": "<IRI> skos:altLabel ?word",
        "above": "<IRI> skos:broader ?c",
        "below": "?c skos:broader <IRI>",
        "counted": "?c mds:ofServiceConcept <IRI>",
        "service": f"?service mds:mainConcept <IRI> ; mds:conceptMatch ?match . {_OWNER}",
        "covering": f"?service mds:coversConcept <IRI> . {_OWNER}",
        "element": f"""?e mds:ofActivity <IRI> ; l0:name ?name . OPTIONAL {{ ?e l0:description ?text }}
        ?service mds:hasCentralElement|mds:hasAccessoryElement ?e . {_OWNER}""",
        "segment": f"""?e mds:ofActivity <IRI> ; l0:name ?name . OPTIONAL {{ ?e l0:description ?text }}
        ?service mds:hasUserSegment ?e . {_OWNER}""",
        "indicator": figures.indicators("?i mds:ofActivity <IRI> ."),
        "figure": f"?i mds:ofActivity <IRI> . {figures.FIGURE}",
        "other": "?i mds:ofActivity <IRI>, ?c ; l0:name ?name . FILTER(?c != <IRI>)",
        "repeats": "?i mds:ofActivity <IRI> ; l0:name ?name ; mds:repeats ?of . ?of l0:name ?ofName",
        "provision": f"""?p mds:ofActivity <IRI> ; roapit:forEntity ?service .
        ?service l0:name ?serviceLabel .
        {delivery.PROVISION}""",
    }
)
INDICATOR = About(
    {
        "self": """<IRI> skos:prefLabel ?label ; mds:ofServiceConcept ?of ; mds:counts ?counts ;
        muapit:hasMeasurementUnit ?unit ; mds:denominator ?denominator ; mds:periodKind ?period ;
        mds:aggregation ?aggregation OPTIONAL { <IRI> skos:definition ?definition }""",
        "figure": """?f a mds:ComparableFigure ; mds:indicatorConcept <IRI> ; sdmx-dimension:refArea ?area ;
        sdmx-dimension:refPeriod ?year ; sdmx-measure:obsValue ?value . ?area rdfs:label ?areaLabel""",
        "compared": f"{town_figures.WITH_POPULATION} {town_figures.FIGURE} ?town rdfs:label ?townLabel",
        "row": f"""?i mds:indicatorConcept <IRI> ; mds:conceptMatch ?match ; rdfs:label ?name .
        ?service mds:hasIndicator ?i . {_OWNER}""",
    }
)


DRAWN = About({name: INDICATOR[name] for name in ("self", "compared")})
"""What the picture of a shared indicator asks."""
OwnService = tuple[Ref, Ref]
"""A service and the municipality that provides it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedServicePage(Page):
    """What municipalities share: a service or activity, and what each says of it.

    Attributes:
        words: what it is called too.
        above: what it is a part of; ``below`` are its parts.
        counted: the shared indicators that count it.
        services: each municipality's, and how well it matches; ``covering`` are those that comprise it.
        elements: what is offered, its text, whose it is; so ``segments``.
        tables: "user" and "output", where there are such figures.
        others: rows of figures that speak of other activities too.
        repeats: rows that repeat another one, with that.
    """

    template: ClassVar[str] = "shared_service.html"
    heading: LocalizedText
    definition: LocalizedText
    words: Sequence[str]
    above: Sequence[Ref]
    below: Sequence[Ref]
    counted: Sequence[Ref]
    services: Sequence[tuple[OwnService, Ref]]
    covering: Sequence[OwnService]
    elements: Sequence[tuple[Ref, LocalizedText, OwnService]]
    segments: Sequence[tuple[Ref, LocalizedText, OwnService]]
    tables: Mapping[str, figures.FiguresTable]
    others: Sequence[str]
    repeats: Sequence[tuple[str, str]]
    provisions: Sequence[delivery.Provision]


async def service_page(context: PageContext, iri: str) -> Response | None:
    """The page of a service or activity: what, for whom, how many and by whom the towns say of it."""
    found = await context.about(SERVICE, iri)
    if not found["self"]:
        return None
    label = context.best(row["label"] for row in found["self"])
    definition = _definition(context, found["self"])
    shown = SharedServicePage(
        title=label.value,
        heading=label,
        section="/services",
        breadcrumb=[Crumb(context.translate("Servizi"), context.href("/services"))],
        definition=definition,
        words=sorted(
            {row["word"].value for row in found["word"] if row["word"].language == context.language}
        ),
        above=_concepts(context, found["above"]),
        below=_concepts(context, found["below"]),
        counted=_concepts(context, found["counted"]),
        description=sentence(
            context.translate("Servizio o attività dei comuni"),
            definition or label,
            *(r["serviceLabel"].value for r in _sorted(found["service"])),
        ),
        services=[
            (_owner(context, row), context.concept(row["match"].value)) for row in _sorted(found["service"])
        ],
        covering=[_owner(context, row) for row in _sorted(found["covering"])],
        elements=_things(context, found["element"]),
        segments=_things(context, found["segment"]),
        tables=figures.by_kind(context, found["indicator"], found["figure"]),
        others=sorted({context.text(row["name"]).value for row in found["other"]}),
        repeats=sorted({(row["name"].value, row["ofName"].value) for row in found["repeats"]}),
        provisions=delivery.provisions(context, found["provision"]),
        reuse_of=context.reuse(iri, label.value),
    )
    return context.render(shown, iri)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedIndicatorPage(Page):
    """An indicator that municipalities share: they beside each other, and the rows that say it.

    Attributes:
        about: the shared service that it counts.
        facts: what it is, by name.
        towns: each with a figure a year, None where it has none that compares.
        series: the same year by year, and its ``panels``; None where nothing compares.
        offers: how the picture of it is taken away.
        said: of each its newest figure against its population, in words, with the figure's page.
        rows: each row, whose it is, how well it matches.
    """

    template: ClassVar[str] = "shared_indicator.html"
    heading: LocalizedText
    definition: LocalizedText
    about: Ref
    facts: Sequence[tuple[str, LocalizedText]]
    years: Sequence[str]
    towns: Sequence[tuple[LocalizedText, Sequence[Ref | None]]]
    series: TownSeries | None
    panels: Sequence[tuple[Ref, Markup]]
    offers: Offers | None
    said: Sequence[tuple[str, str]]
    rows: Sequence[tuple[Ref, OwnService, Ref]]


async def indicator_page(context: PageContext, iri: str) -> Response | None:
    """The page of a shared indicator: the towns beside each other, and the rows that say it."""
    found = await context.about(INDICATOR, iri)
    if not found["self"]:
        return None
    label, head = context.best(row["label"] for row in found["self"]), found["self"][0]
    definition = _definition(context, found["self"])
    years = figures.without_gaps({figures.last(row["year"].value) for row in found["figure"]})
    series = _series(context, iri, found["compared"])
    drawn = series is not None and series.several
    cells = {(row["area"].value, figures.last(row["year"].value)): row for row in found["figure"]}
    areas = {row["area"].value: row["areaLabel"] for row in found["figure"]}
    shown = SharedIndicatorPage(
        title=label.value,
        head_title=head_title(label.value, SITE_NAME, kind=context.translate("indicatore")),
        heading=label,
        section="/services",
        breadcrumb=[Crumb(context.translate("Servizi"), context.href("/services"))],
        definition=definition,
        description=sentence(
            context.translate("Indicatore dei comuni"), definition or label, context.word(head["of"].value)
        ),
        about=context.concept(head["of"].value),
        facts=[
            (context.translate("Che cosa conta"), context.word(head["counts"].value)),
            (context.translate("Unità"), context.word(head["unit"].value)),
            (context.translate("Si rapporta a"), context.word(head["denominator"].value)),
            (context.translate("Consistenza o flusso"), context.word(head["period"].value)),
            (context.translate("Come si uniscono i valori"), context.word(head["aggregation"].value)),
        ],
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
            (context.ref(row["i"], row["name"]), _owner(context, row), context.concept(row["match"].value))
            for row in _sorted(found["row"])
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


async def indicator_drawing(context: PageContext, iri: str) -> tuple[Multiples, str] | None:
    """The picture of a shared indicator and what it is about; None where there is none to be drawn."""
    found = await context.about(DRAWN, iri)
    series = _series(context, iri, found["compared"]) if found["self"] else None
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


def _definition(context: PageContext, rows: list[Row]) -> LocalizedText:
    return context.best([row["definition"] for row in rows if "definition" in row])


def _cell(context: PageContext, row: Row | None) -> Ref | None:
    return (
        None
        if row is None
        else Ref(LocalizedText(context.number(row["value"].value)), context.link(row["f"].value))
    )


def _concepts(context: PageContext, rows: list[Row]) -> list[Ref]:
    found = [context.concept(iri) for iri in {row["c"].value for row in rows}]
    return sorted(found, key=lambda ref: ref.text.value.casefold())


def _sorted(rows: list[Row]) -> list[Row]:
    """Each town's services together, each row once."""
    once = {tuple(sorted((k, v.value) for k, v in row.items())): row for row in rows}
    return sorted(once.values(), key=lambda r: (r["townLabel"].value.casefold(), r["serviceLabel"].value))


def _owner(context: PageContext, row: Row) -> OwnService:
    return context.ref(row["service"], row["serviceLabel"]), context.ref(row["town"], row["townLabel"])


def _things(context: PageContext, rows: list[Row]) -> list[tuple[Ref, LocalizedText, OwnService]]:
    return [
        (context.ref(row["e"], row["name"]), context.text(row.get("text")), _owner(context, row))
        for row in _sorted(rows)
    ]
