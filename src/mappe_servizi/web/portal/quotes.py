"""The lines of the document that a fact was read from, quoted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row

MAX_QUOTES = 40


@dataclass(frozen=True, slots=True)
class Quote:
    """Consecutive lines of the document."""

    text: LocalizedText
    first: int
    last: int
    document: LocalizedText


def pattern(subject: str) -> str:
    """The lines that a subject (``<iri>``, or a bound variable) was derived from."""
    return (
        f"GRAPH <BASE/graph/provenance> {{ {subject} prov:wasDerivedFrom ?lines . "
        "?lines mds:firstLine ?first ; mds:lastLine ?last ; prov:value ?quoted }"
    )


def of_finding() -> str:
    """The lines that a bound ?finding rests on; it and the lines stand in two graphs."""
    return (
        "GRAPH <BASE/graph/quality> { ?finding prov:wasDerivedFrom ?lines } "
        """GRAPH <BASE/graph/provenance> { ?lines mds:firstLine ?first ; mds:lastLine ?last ;
        prov:value ?quoted }"""
    )


def read(context: PageContext, rows: Iterable[Row]) -> list[Quote]:
    """The quotes in the document's order, each once."""
    found = {
        (int(row["first"].value), int(row["last"].value)): context.text(row["quoted"])
        for row in rows
        if "quoted" in row
    }
    document = LocalizedText(context.translate("documento delle mappe dei servizi"))
    return [Quote(text, *key, document) for key, text in sorted(found.items())][:MAX_QUOTES]
