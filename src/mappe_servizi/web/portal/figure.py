"""The page of one figure: its number and how it changed, the line that prints it, and who doubts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from starlette.responses import Response

from mappe_servizi.insights import relative
from mappe_servizi.insights.words import number
from mappe_servizi.web.portal import editions, figures, quotes
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.findings import FINDING, FindingEntry, findings
from mappe_servizi.web.portal.indicator import OWNER
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.texts import LocalizedText, head_title, sentence, town_name
from mappe_servizi.web.served.results import Row

FIGURE = About(
    {
        "self": f"BIND(<IRI> AS ?f) ?f mds:ofIndicator ?i . {OWNER}",
        "indicator": """<IRI> mds:ofIndicator ?i . ?i l0:name ?name ; mds:indicatorRole ?role ;
        muapit:hasMeasurementUnit ?unit
        OPTIONAL { ?i mds:counts ?counts } OPTIONAL { ?i mds:groupName ?group } """
        + editions.position_of("?i", "<IRI> mds:ofIndicator ?i ."),
        "figure": f"BIND(<IRI> AS ?f) {figures.VALUE}",
        "town": f"""<IRI> mds:ofIndicator ?i . ?service mds:hasIndicator ?i .
        ?town mds:providesService ?service ; rdfs:label ?townLabel . {editions.NUMBER}""",
        "before": f"<IRI> mds:ofIndicator/mds:hasFigure ?f . ?f mds:isCurrent true . {figures.VALUE}",
        "doubted": "<IRI> mds:ofIndicator/mds:hasFigure ?f . "
        "GRAPH <BASE/graph/quality> { ?finding mds:restsOn ?f }",
        "current": "<IRI> mds:isCurrent ?current",
        "other": """<IRI> mds:ofIndicator/mds:hasFigure ?other ; sdmx-dimension:refPeriod ?period .
        ?other sdmx-dimension:refPeriod ?period ; mds:edition ?edition ; mds:rawText ?raw ;
        mds:isCurrent ?current . FILTER(?other != <IRI>)""",
        "stated": "<IRI> mds:statedIn ?map ; mds:edition ?edition . ?map rdfs:label ?label",
        "finding": f"GRAPH <BASE/graph/quality> {{ ?q mds:restsOn <IRI> }} {FINDING}",
        "correction": """GRAPH <BASE/graph/provenance> { <IRI> mds:correctedBy ?c .
        ?c mds:printedText ?printed ; mds:reason ?reason
        OPTIONAL { ?c mds:readsAs ?reads } }""",
        "quote": quotes.pattern("<IRI>"),
    }
)


@dataclass(frozen=True, slots=True)
class OtherFigure:
    """What another edition says of the same indicator and year."""

    href: str
    edition: str
    raw: str
    current: bool


@dataclass(frozen=True, slots=True)
class CorrectionEntry:
    """A correction of a printed text; ``reads`` is "" where nothing is read in its place."""

    href: str
    printed: str
    reads: str
    reason: LocalizedText


@dataclass(frozen=True, slots=True)
class FigureChange:
    """How a figure differs from the one before it; ``percent`` is "" where that is nothing, or a share."""

    since: Ref
    difference: str
    percent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage(Page):
    """One figure of one year.

    Attributes:
        raw: as printed.
        role_code: of its indicator in its table; ``role`` in words.
        change: since the year before, None where either of the two is doubted or no plain number.
        stated: the maps that state it.
        superseded: whether another edition's figure holds in its place.
    """

    template: ClassVar[str] = "figure.html"
    group: LocalizedText
    name: Ref
    year: str
    figure: figures.FigureCell
    raw: str
    change: FigureChange | None
    unit: Ref
    counts: LocalizedText
    role: Ref
    role_code: str
    service: Ref
    stated: Sequence[Ref]
    superseded: bool
    others: Sequence[OtherFigure]
    findings: Sequence[FindingEntry]
    corrections: Sequence[CorrectionEntry]


async def page(context: PageContext, iri: str) -> Response | None:
    """The page of a figure, None where there is no such one."""
    found = await context.about(FIGURE, iri)
    same = found["figure"]
    if not found["self"] or not same:
        return None
    owner, year = found["self"][0], figures.last(same[0]["year"].value)
    one, indicator = figures.figure(context, same[0]), found["indicator"][0]
    name, group = context.text(indicator["name"]), context.text(indicator.get("group"))
    whole = f"{name} ({group})" if group else name.value
    doubted = {row["f"].value for row in found["doubted"]}
    service = context.ref(owner["service"], owner["serviceLabel"])
    town = town_name(context.best([row["townLabel"] for row in found["town"]]).value)
    kind = context.translate("utenti" if "/user-indicator/" in owner["i"].value else "prodotti")
    place = ".".join(r[name].value for r in (*found["town"][:1], indicator) for name in ("number", "position")
        if name in r)  # fmt: skip
    shown = FigurePage(
        title=f"{whole}, {year}",
        head_title=head_title(f"{whole}, {year}", service, town, kind=kind, place=place),
        description=sentence(f"{whole}, {year}: {one.shown}", service, town),
        group=group,
        section="/services",
        breadcrumb=[
            Crumb(context.word(owner["area"].value), context.link(owner["area"].value)),
            context.crumb(owner["service"], owner["serviceLabel"]),
            Crumb(name, context.link(owner["i"].value)),
        ],
        crumb_title=year,
        name=context.ref(owner["i"], indicator["name"]),
        year=year,
        figure=one,
        raw=same[0]["raw"].value,
        change=_change(context, same[0] | {"unit": indicator["unit"]}, found["before"], doubted),
        unit=context.concept(indicator["unit"].value),
        counts=figures.counted(context, indicator.get("counts")),
        role=context.concept(indicator["role"].value),
        role_code=figures.last(indicator["role"].value),
        service=service,
        stated=[context.ref(r["map"], r["label"]) for r in found["stated"]],
        superseded=any(r["current"].value == "false" for r in found["current"]),
        others=[
            OtherFigure(
                context.link(r["other"].value),
                r["edition"].value,
                r["raw"].value,
                r["current"].value == "true",
            )
            for r in sorted(found["other"], key=lambda r: r["edition"].value, reverse=True)
        ],
        findings=findings(context, found["finding"]),
        corrections=[
            CorrectionEntry(
                context.link(r["c"].value),
                r["printed"].value,
                r["reads"].value if "reads" in r else "",
                context.text(r["reason"]),
            )
            for r in found["correction"]
        ],
        quotes=quotes.read(context, found["quote"]),
        reuse_of=context.reuse(iri, f"{whole}, {year}, {owner['serviceLabel'].value}"),
    )
    return context.render(shown, iri)


def _change(context: PageContext, row: Row, series: Sequence[Row], doubted: set[str]) -> FigureChange | None:
    """The change since the year before."""

    def plain(row: Row) -> Decimal | None:
        sure = row["status"].value.endswith("/normal") and row["f"].value not in doubted
        return Decimal(row["value"].value) if sure and "value" in row else None

    year = int(figures.last(row["year"].value))
    before = next((one for one in series if figures.last(one["year"].value) == str(year - 1)), None)
    new, old = plain(row), None if before is None else plain(before)
    if before is None or new is None or old is None:
        return None
    language: Literal["it", "en"] = "it" if context.language == "it" else "en"
    difference = float(new - old)
    told = relative(difference, float(old), figures.last(row["unit"].value))
    percent = "" if told is None else f"{number(told, language, sign=True, places=1)}%"
    since = Ref(LocalizedText(str(year - 1)), context.link(before["f"].value))
    return FigureChange(since, number(difference, language, sign=True), percent)
