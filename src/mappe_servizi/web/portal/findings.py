"""What does not add up: quality findings, in words that those who keep a map can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Quote, Ref
from mappe_servizi.web.portal.quotes import read as read_quotes
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row, Term

FINDING = """GRAPH <BASE/graph/quality> { ?q a mds:QualityFinding ; mds:aboutMap ?map ;
    ?property ?value }"""
"""All that is said of a finding: planning a dozen optional parts would take longer than reading it."""
OF_SERVICE = "?map mds:describesService <IRI> ; mds:isCurrent true . " + FINDING
SEVERITIES = ("error", "warning", "info")
L0 = "https://w3id.org/italia/onto/l0/"
Said = dict[str, list[Term]]
"""The values of each property."""


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One finding.

    Attributes:
        verdict: its reviewed reading: "real", "false", "undecided"; "" where nobody has read it yet.
        figures: the IRIs of the figures that it rests on.
    """

    ref: Ref
    message: LocalizedText
    severity: str
    rule: Ref
    name: LocalizedText
    year: str
    table: str
    printed: str
    expected: str
    verdict: str
    reason: LocalizedText
    map: str
    figures: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()


def findings(context: PageContext, rows: Iterable[Row], quoted: Iterable[Row] = ()) -> list[FindingEntry]:
    """The findings, the gravest first; those that turned out to be none come last."""
    said: dict[str, Said] = {}
    for row in rows:
        values = said.setdefault(row["q"].value, {}).setdefault(row["property"].value, [])
        values.append(row["value"])
    lines: dict[str, list[Row]] = {}
    for row in quoted:
        lines.setdefault(row["finding"].value, []).append(row)
    found = [_finding(context, iri, values, lines.get(iri, [])) for iri, values in said.items()]
    return sorted(found, key=lambda f: (f.verdict == "false", SEVERITIES.index(f.severity), f.map, f.ref.iri))


def _finding(context: PageContext, iri: str, said: Said, quoted: list[Row]) -> FindingEntry:
    mds = f"{DEFAULT_BASE}onto/MDS/"

    def plain(name: str) -> str:
        return min((term.value for term in said.get(mds + name, ())), default="")

    message = context.best(said.get(f"{L0}description", ()))
    severity = plain("severity")
    return FindingEntry(
        context.ref(Term("uri", iri), Term("literal", message.value, message.language)),
        message,
        severity if severity in SEVERITIES else "info",
        context.concept(plain("foundByRule")),
        context.best(said.get(f"{L0}name", ())),
        plain("aboutYear"),
        plain("inTable"),
        plain("printedText"),
        plain("expectedText"),
        plain("verdict"),
        context.best(said.get(f"{mds}reason", ())),
        plain("aboutMap"),
        tuple(sorted({term.value for term in said.get(f"{mds}restsOn", ())})),
        tuple(read_quotes(context, quoted)),
    )
