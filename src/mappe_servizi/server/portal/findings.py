"""What does not add up: quality findings, in words that those who keep a map can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mappe_servizi.server.portal.quotes import Quote
from mappe_servizi.server.portal.quotes import read as read_quotes
from mappe_servizi.server.portal.texts import Text
from mappe_servizi.server.portal.visit import Ref, Visit
from mappe_servizi.server.reading import Row, Term

FINDING = """GRAPH <BASE/graph/quality> { ?q a mds:QualityFinding ; mds:aboutMap ?map ;
    mds:severity ?severity ;
      mds:foundByRule ?rule ; l0:description ?message .
      OPTIONAL { ?q mds:printedText ?printed } OPTIONAL { ?q mds:expectedText ?expected }
      OPTIONAL { ?q mds:aboutYear ?year } OPTIONAL { ?q l0:name ?name } OPTIONAL { ?q mds:inTable ?table }
      OPTIONAL { ?q mds:verdict ?verdict } OPTIONAL { ?q mds:reason ?reason } OPTIONAL {
      ?q mds:restsOn ?figure } }"""
OF_SERVICE = "?map mds:describesService <IRI> . " + FINDING
SEVERITIES = ("error", "warning", "info")
TABLES = ("outputs", "users")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        verdict: its reviewed reading: "real", "false", "undecided"; "" where nobody has read it yet.
        figures: the IRIs of the figures that it rests on.
    """

    ref: Ref
    message: Text
    severity: str
    rule: Ref
    name: Text
    year: str
    table: str
    printed: str
    expected: str
    verdict: str
    reason: Text
    map: str
    figures: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()


def findings(visit: Visit, rows: Iterable[Row], quoted: Iterable[Row] = ()) -> list[Finding]:
    """The findings, the gravest first; those that turned out to be none come last."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["q"].value, []).append(row)
    lines: dict[str, list[Row]] = {}
    for row in quoted:
        lines.setdefault(row["finding"].value, []).append(row)
    found = [_finding(visit, iri, same, lines.get(iri, [])) for iri, same in grouped.items()]
    return sorted(found, key=lambda f: (f.verdict == "false", SEVERITIES.index(f.severity), f.map, f.ref.iri))


def _finding(visit: Visit, iri: str, same: list[Row], quoted: list[Row]) -> Finding:
    row = same[0]
    message = visit.best({r["message"].language: r["message"] for r in same}.values())
    severity = row["severity"].value

    def plain(name: str) -> str:
        return row[name].value if name in row else ""

    return Finding(
        visit.ref(Term("uri", iri), Term("literal", message.value, message.language)),
        message,
        severity if severity in SEVERITIES else "info",
        visit.concept(row["rule"].value),
        visit.text(row.get("name")),
        plain("year"),
        plain("table"),
        plain("printed"),
        plain("expected"),
        plain("verdict"),
        visit.text(row.get("reason")),
        row["map"].value,
        tuple(sorted({r["figure"].value for r in same if "figure" in r})),
        tuple(read_quotes(visit, quoted)),
    )
