"""The lines of the document that a fact was read from, quoted."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Quote
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row

MAX_QUOTES = 40


def pattern(subject: str, more: str = "") -> str:
    """The lines that a subject (``<iri>``, or a bound variable) was derived from.

    ``more`` is asked of them: properties with their objects, each with a semicolon after it.
    """
    return (
        f"GRAPH <BASE/graph/provenance> {{ {subject} prov:wasDerivedFrom ?lines . "
        f"?lines {more} mds:firstLine ?first ; mds:lastLine ?last ; prov:value ?quoted }}"
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
        (int(row["first"].value), int(row["last"].value), _place(context, row)): context.text(row["quoted"])
        for row in rows
        if "quoted" in row
    }
    document = LocalizedText(context.translate("documento delle mappe dei servizi"))
    quotes = [
        Quote(text, first, last, document, place) for (first, last, place), text in sorted(found.items())
    ]
    return quotes[:MAX_QUOTES]


def _place(context: PageContext, row: Row) -> str:
    """A place as people name it: "foglio Nidi, cella C12"; "" for lines, which their numbers tell."""
    fragment = row["lines"].value.partition("#")[2] if "lines" in row else ""
    parts = [part.partition("=") for part in fragment.split("&")]
    names = {
        "page": context.translate("pagina"),
        "sheet": context.translate("foglio"),
        "cell": context.translate("cella"),
    }
    names |= {
        "file": context.translate("pagina del sito"),
        "element": context.translate("elemento"),
        "heading": context.translate("titolo"),
        "key": context.translate("chiave"),
        "item": context.translate("voce"),
    }
    names |= {"table": context.translate("tabella"), "paragraph": context.translate("capoverso")}
    return ", ".join(f"{names[key]} {unquote(value)}" for key, _, value in parts if key in names)
