"""What figures say, on pages: the statements of a municipality, a service or a row, each with its lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mappe_servizi.insights import Statement, TableFigure, predicate, statements
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Ref
from mappe_servizi.web.served.results import Row, Term


def patterns(of_figures: str, of_rows: str) -> dict[str, str]:
    """The patterns of what statements are made of.

    Args:
        of_figures: a pattern that tells whose ?f are.
        of_rows: a pattern that tells whose ?i are.
    """
    return {
        "said-figure": f"""{of_figures} . ?f mds:isCurrent true ; mds:ofService ?service ;
            mds:serviceName ?title ; mds:ofIndicator ?i ; mds:year ?year ; mds:unitCode ?unit ;
            mds:municipalityCode ?ipa ; sdmx-attribute:obsStatus ?status ; mds:sourceAnchor ?anchor
            OPTIONAL {{ ?f sdmx-measure:obsValue ?value }} OPTIONAL {{ ?f mds:sourceLine ?line }}""",
        "said-row": f"""{of_rows} . ?i a ?class ; mds:indicatorRole ?role ; mds:hasEntry ?entry .
            VALUES ?class {{ mds:OutputIndicator mds:UserIndicator }}
            ?entry mds:statedIn/mds:isCurrent true OPTIONAL {{ ?entry mds:printedName ?printed }}
            OPTIONAL {{ ?entry mds:printedGroup ?group }} OPTIONAL {{ ?i mds:counts ?counts }}
            OPTIONAL {{ ?i mds:periodKind ?kind }} OPTIONAL {{ ?i mds:repeats ?repeats }}""",
        "said-part": f"{of_rows} . ?i mds:totalOf ?part",
        "said-doubt": f"GRAPH <BASE/graph/quality> {{ ?finding mds:restsOn ?f }} {of_figures}",
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


def read(found: Mapping[str, Sequence[Row]]) -> tuple[int, list[Statement]]:
    """How many figures were read, and all statements that they make."""
    figures = [*_figures(found)]
    return len(figures), statements(figures, {row["f"].value for row in found["said-doubt"]})


def _figures(found: Mapping[str, Sequence[Row]]) -> Iterator[TableFigure]:
    """The figures in the order in which their rows are read."""
    rows = {row["i"].value: row for row in found["said-row"]}
    parts: dict[str, list[str]] = defaultdict(list)
    for row in found["said-part"]:
        parts[row["i"].value].append(row["part"].value)
    for figure in sorted(found["said-figure"], key=lambda row: (_line(row) or 0, row["f"].value)):
        indicator = figure["i"].value
        if indicator in rows:
            yield _figure(figure, rows[indicator], tuple(sorted(parts[indicator])))


def _figure(figure: Row, row: Row, parts: tuple[str, ...]) -> TableFigure:
    def end(name: str) -> str:
        return row[name].value.rpartition("/")[2] if name in row else ""

    def line(name: str) -> str:
        return row[name].value.replace("\n", " ") if name in row else ""

    document, _, source = figure["anchor"].value.partition("#")
    return TableFigure(
        municipality=figure["ipa"].value,
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


def entry(context: PageContext, statement: Statement) -> StatementEntry:
    """A statement in the words of the page's language."""
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
