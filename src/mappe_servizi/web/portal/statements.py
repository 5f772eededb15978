"""What figures say, on pages: the statements of a municipality, a service or a row, each with its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from mappe_servizi.insights import ServiceInsights, Statement, TableFigure, predicate
from mappe_servizi.web.portal import figures
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.figures import last
from mappe_servizi.web.portal.page import Ref
from mappe_servizi.web.served.results import Row, Term, best_label

ALIKE = "OPTIONAL { ?i mds:periodKind ?kind } OPTIONAL { ?i mds:repeats ?repeats }"
PRINTED = "OPTIONAL { ?_entry mds:printedName ?printed } OPTIONAL { ?_entry mds:printedGroup ?heading }"
PARTS = "?i mds:totalOf ?part"
DOUBT = "GRAPH <BASE/graph/quality> { ?finding mds:restsOn ?f }"
PLACE = "?f mds:sourceAnchor ?anchor"
LINE = "OPTIONAL { ?f mds:sourceLine ?line }"

FIGURE = f"{PLACE} . {figures.FIGURE} {LINE}"
"""What is read of the figures of ?i for a table and for statements."""


def indicators(anchor: str) -> str:
    """The same of ?i itself, which a pattern binds."""
    return f"{figures.indicators(anchor, PRINTED)} {ALIKE}"


def patterns(of_figures: str, of_rows: str) -> dict[str, str]:
    """The patterns of what statements are made of, where no table asks for it.

    Args:
        of_figures: a pattern that tells whose ?f are.
        of_rows: a pattern that tells whose ?i are, and the ?service that has them.
    """
    return {
        "said-figure": f"""{of_figures} . ?f mds:isCurrent true ; mds:ofIndicator ?i ; mds:year ?year ;
            mds:unitCode ?unit ; sdmx-attribute:obsStatus ?status . {PLACE}
            OPTIONAL {{ ?f sdmx-measure:obsValue ?value }} {LINE}""",
        "said-row": f"""{of_rows} . ?service l0:name ?title . ?i mds:indicatorRole ?role ;
            mds:hasEntry ?_entry . ?_entry mds:statedIn/mds:isCurrent true {PRINTED}
            OPTIONAL {{ ?i mds:counts ?counts }} {ALIKE}""",
        "said-part": f"{of_rows} . {PARTS}",
        "said-doubt": f"{DOUBT} {of_figures}",
    }


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


def patterns_of(service: str) -> dict[str, str]:
    """The same of one service.

    Args:
        service: its IRI.
    """
    return patterns(
        f"?f mds:ofService <{service}>", f"VALUES ?service {{ <{service}> }} ?service mds:hasIndicator ?i"
    )


def of_rows(found: Mapping[str, Sequence[Row]]) -> ServiceInsights:
    """What the figures say that were read by ``patterns``."""
    rows = {row["i"].value: row for row in found["said-row"]}
    figures = _figures(rows, found["said-figure"], found["said-part"])
    return ServiceInsights.of(figures, {row["f"].value for row in found["said-doubt"]})


async def of_service(context: PageContext, iri: str) -> ServiceInsights:
    """What the figures of a service say: kept since its page was prepared, or asked now.

    Raises:
        Problem: it could not be asked.
    """
    kept = context.snapshot.insights.get(iri)
    if kept is None:
        kept = of_rows(await context.blocks(patterns_of(iri), labelled=False))
        if context.snapshot.immutable:
            context.snapshot.insights.put(iri, kept)
    return kept


def of_page(iri: str, found: Mapping[str, Sequence[Row]]) -> ServiceInsights:
    """The same from the rows of the service's page.

    Args:
        iri: the service's.
        found: by ``indicators``, ``FIGURE``, ``PARTS`` and ``DOUBT``, under their names on a service's page.
    """
    title = best_label([row["label"] for row in found["self"]], "it") or found["self"][0]["label"]
    service = {"service": Term("uri", iri), "title": title}
    rows = {row["i"].value: {**row, **service} for row in found["indicator"] if "position" in row}
    doubted = {row["f"].value for row in found["doubt"]}
    return ServiceInsights.of(_figures(rows, found["figure"], found["part"]), doubted)


def _figures(rows: Mapping[str, Row], cells: Sequence[Row], its_parts: Sequence[Row]) -> list[TableFigure]:
    """The figures of the rows that the documents still have, in the order in which they are printed."""
    parts: dict[str, list[str]] = defaultdict(list)
    for row in its_parts:
        parts[row["i"].value].append(row["part"].value)
    alike = {iri: _of_indicator(row, parts.get(iri, ())) for iri, row in rows.items()}
    return [
        _figure({**rows[figure["i"].value], **figure}, alike[figure["i"].value])
        for figure in sorted(cells, key=lambda row: (_line(row) or 0, row["f"].value))
        if figure["i"].value in rows
    ]


class _OfIndicator(TypedDict):
    """What the figures of an indicator have in common."""

    label: str
    group: str
    counted: str
    role: str
    total_of: tuple[str, ...]
    repeats: str
    period_kind: str


def _of_indicator(row: Row, parts: Iterable[str]) -> _OfIndicator:
    def line(name: str) -> str:
        return row[name].value.replace("\n", " ") if name in row else ""

    return {
        "label": line("printed"),
        "group": line("heading"),
        "counted": _end(row, "counts"),
        "role": _end(row, "role"),
        "total_of": tuple(sorted(parts)),
        "repeats": row["repeats"].value if "repeats" in row else "",
        "period_kind": _end(row, "kind"),
    }


def _end(row: Row, name: str) -> str:
    return last(row[name].value) if name in row else ""


def _figure(found: Row, alike: _OfIndicator) -> TableFigure:
    """That of a row of a figure together with those of its indicator and its service."""
    document, _, source = found["anchor"].value.partition("#")
    return TableFigure(
        **alike,
        municipality=found["service"].value.rsplit("/", 2)[-2],
        service=found["service"].value,
        title=found["title"].value,
        table="users" if "/user-indicator/" in found["i"].value else "outputs",
        indicator=found["i"].value,
        unit=_end(found, "unit"),
        year=int(_end(found, "year")),
        value=float(found["value"].value) if "value" in found else None,
        status=_end(found, "status"),
        observation=found["f"].value,
        source_document=document,
        source=source,
        source_line=_line(found),
    )


def _line(figure: Row) -> int | None:
    return int(figure["line"].value) if "line" in figure else None


def entry(context: PageContext, statement: Statement) -> StatementEntry:
    """A statement in the words of the page's language."""
    language: Literal["it", "en"] = "it" if context.language == "it" else "en"
    about = statement.about
    names = sorted({figure.name for figure in statement.figures if figure.name}, key=len, reverse=True)
    places = dict.fromkeys(
        f"{context.translate('riga')} {figure.source_line}" if figure.source_line else figure.source
        for figure in statement.figures
    )
    return StatementEntry(
        service=context.ref(Term("uri", about.service), Term("literal", about.title, "it")),
        row=context.link(about.indicator),
        parts=_parts(predicate(statement, language), names),
        places=[*places],
    )


def _parts(text: str, names: Sequence[str]) -> list[tuple[str, bool]]:
    """A sentence in pieces, and of each whether it is one of the names, the longest first.

    >>> _parts("Nido A, più di Nido", ["Nido A", "Nido"])
    [('Nido A', True), (', più di ', False), ('Nido', True)]
    """
    for place, name in enumerate(names):
        before, found, after = text.partition(name)
        if found:
            return [*_parts(before, names[place + 1 :]), (name, True), *_parts(after, names[place:])]
    return [(text, False)] if text else []
