"""A municipality on a page: ten statements that its figures make, each with its lines, to be printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from starlette.responses import Response

from mappe_servizi.insights import Statement, TableFigure, brief, predicate, statements
from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.quality import is_code
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row, Term

ROW = '?town covapit:IPAcode "IPA" ; mds:providesService/mds:hasIndicator ?i . '
PATTERNS = {
    "self": '?town covapit:IPAcode "IPA" ; rdfs:label ?label',
    "figure": """?f mds:municipalityCode "IPA" ; mds:isCurrent true ; mds:ofService ?service ;
        mds:serviceName ?title ; mds:ofIndicator ?i ; mds:year ?year ; mds:unitCode ?unit ;
        sdmx-attribute:obsStatus ?status ; mds:sourceAnchor ?anchor
        OPTIONAL { ?f sdmx-measure:obsValue ?value } OPTIONAL { ?f mds:sourceLine ?line }""",
    "row": ROW
    + """?i a ?class ; mds:indicatorRole ?role ; mds:hasEntry ?entry .
        VALUES ?class { mds:OutputIndicator mds:UserIndicator }
        ?entry mds:statedIn/mds:isCurrent true OPTIONAL { ?entry mds:printedName ?printed }
        OPTIONAL { ?entry mds:printedGroup ?group } OPTIONAL { ?i mds:counts ?counts }
        OPTIONAL { ?i mds:periodKind ?kind } OPTIONAL { ?i mds:repeats ?repeats }""",
    "part": ROW + "?i mds:totalOf ?part",
    "doubt": 'GRAPH <BASE/graph/quality> { ?finding mds:restsOn ?f } ?f mds:municipalityCode "IPA"',
}
MOST = 50_000
"""Rows that a page is made of at most."""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """A statement on the page.

    Attributes:
        parts: its sentence in pieces, and of each whether it is quoted from the document.
        row: the page of the row that it is about.
        places: where the document prints its figures.
    """

    service: Ref
    row: str
    parts: Sequence[tuple[str, bool]]
    places: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefPage(Page):
    """A municipality's statements, how many figures they were chosen from, and where all of them are."""

    template: ClassVar[str] = "brief.html"
    heading: LocalizedText
    town: Ref
    said: Sequence[StatementEntry]
    figures: int
    every: int
    api: str


async def page(context: PageContext, ipa: str) -> Response:
    """``/brief/{ipa}``.

    Raises:
        Problem: there is no such municipality.
    """
    missing = not_found(f"there is no municipality {ipa!r}")
    if not is_code(ipa):
        raise missing
    found = await context.blocks({n: p.replace('"IPA"', f'"{ipa}"') for n, p in PATTERNS.items()}, MOST)
    if not found["self"]:
        raise missing
    town = found["self"][0]["town"]
    label = context.best(row["label"] for row in found["self"])
    figures = [*_figures(found, ipa)]
    every = statements(figures, {row["f"].value for row in found["doubt"]})
    shown = BriefPage(
        title=f"{context.translate('In breve')}: {label}",
        heading=label,
        section="/services",
        breadcrumb=[Crumb(label, context.link(town.value))],
        town=context.ref(town),
        said=[_said(context, one) for one in brief(every)],
        figures=len(figures),
        every=len(every),
        api=context.href(f"/api/insights?municipality={ipa}"),
        description=context.translate(
            "Dieci frasi ricavate dai dati delle mappe, con le righe del documento."
        ),
    )
    return context.render(shown, ipa)


def _figures(found: Mapping[str, Sequence[Row]], ipa: str) -> Iterator[TableFigure]:
    """The figures in the order in which their rows are read."""
    rows = {row["i"].value: row for row in found["row"]}
    parts: dict[str, list[str]] = defaultdict(list)
    for row in found["part"]:
        parts[row["i"].value].append(row["part"].value)
    for figure in sorted(found["figure"], key=lambda row: (_line(row) or 0, row["f"].value)):
        indicator = figure["i"].value
        if indicator in rows:
            yield _figure(figure, rows[indicator], tuple(sorted(parts[indicator])), ipa)


def _figure(figure: Row, row: Row, parts: tuple[str, ...], ipa: str) -> TableFigure:
    def end(name: str) -> str:
        return row[name].value.rpartition("/")[2] if name in row else ""

    def line(name: str) -> str:
        return row[name].value.replace("\n", " ") if name in row else ""

    document, _, source = figure["anchor"].value.partition("#")
    return TableFigure(
        municipality=ipa,
        service=figure["service"].value,
        title=figure["title"].value,
        table="users" if end("class") == "UserIndicator" else "outputs",
        indicator=figure["i"].value,
        label=line("printed"),
        group=line("group"),
        unit=figure["unit"].value,
        counted=end("counts"),
        role=end("role"),
        total_of=parts,
        repeats=row["repeats"].value if "repeats" in row else "",
        period_kind=end("kind"),
        year=int(figure["year"].value),
        value=float(figure["value"].value) if "value" in figure else None,
        status=figure["status"].value.rpartition("/")[2],
        observation=figure["f"].value,
        source_document=document,
        source=source,
        source_line=_line(figure),
    )


def _line(figure: Row) -> int | None:
    return int(figure["line"].value) if "line" in figure else None


def _said(context: PageContext, statement: Statement) -> StatementEntry:
    language: Literal["it", "en"] = "it" if context.language == "it" else "en"
    about = statement.about
    names = sorted({figure.name for figure in statement.figures if figure.name}, key=len, reverse=True)
    text = predicate(statement, language)
    pieces = re.split(f"({'|'.join(map(re.escape, names))})", text) if names else [text]
    places = dict.fromkeys(
        f"{context.translate('riga')} {figure.source_line}" if figure.source_line else figure.source
        for figure in statement.figures
    )
    return StatementEntry(
        service=context.ref(Term("uri", about.service), Term("literal", about.title, "it")),
        row=context.link(about.indicator),
        parts=[(piece, bool(number % 2)) for number, piece in enumerate(pieces) if piece],
        places=[*places],
    )
