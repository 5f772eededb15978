"""The quality pages: what the officers of a municipality can check and mend, map by map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.portal import quotes
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.findings import FINDING, FindingEntry, findings
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.paging import ListPage, part_of
from mappe_servizi.web.portal.territory import MOST
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row

MAPS = """?town covapit:IPAcode "IPA" ; mds:providesService ?s . ?s l0:name ?serviceLabel .
    ?map mds:describesService ?s ; mds:isCurrent true ;
    mds:indexNumber ?number ; mds:isPublished ?published ; mds:edition ?edition"""
OF_TOWN = """?town covapit:IPAcode "IPA" ; mds:providesService ?s .
    ?map mds:describesService ?s ; mds:isCurrent true . """
ONE = {
    "self": '?town covapit:IPAcode "IPA" ; rdfs:label ?label',
    "map": MAPS,
    "finding": OF_TOWN + FINDING,
    "quote": OF_TOWN
    + "GRAPH <BASE/graph/quality> { ?finding a mds:QualityFinding ; mds:aboutMap ?map } "
    + quotes.of_finding(),
    "measure": OF_TOWN
    + "GRAPH <BASE/graph/quality> { ?m a dqv:QualityMeasurement ; dqv:computedOn ?map ; dqv:value ?value ; "
    "mds:aboutYear ?year ; mds:inTable ?table }",
}
EVERY = {
    "town": """?town covapit:IPAcode ?ipa ; rdfs:label ?label
        FILTER EXISTS { ?town mds:providesService ?s . ?map mds:describesService ?s }""",
    "finding": """{ SELECT ?town ?severity (COUNT(DISTINCT ?q) AS ?n) {
        GRAPH <BASE/graph/quality> { ?q a mds:QualityFinding ; mds:aboutMap ?map ; mds:severity ?severity
            FILTER NOT EXISTS { ?q mds:verdict "false" } }
        ?map mds:describesService ?s . ?town mds:providesService ?s } GROUP BY ?town ?severity }""",
}
LOW = Decimal("0.5")


@dataclass(slots=True)
class MapQuality:
    """What is known of one map."""

    service: Ref
    ref: Ref
    number: int
    published: bool
    findings: list[FindingEntry] = field(default_factory=list)
    officer: str = ""
    completeness: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """Findings that were not explained away."""
        return sum(f.verdict != "false" for f in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPage(Page):
    """The quality of a municipality's maps.

    Attributes:
        by_severity: how many open findings there are; ``rules`` has them by rule, the most first.
        explained: how many findings are no errors.
        columns: tables and years; below a share of ``low`` little of a table is filled in.
    """

    template: ClassVar[str] = "quality.html"
    heading: LocalizedText
    maps: Sequence[MapQuality]
    with_findings: Sequence[MapQuality]
    by_severity: Mapping[str, int]
    explained: int
    rules: Sequence[tuple[Ref, int]]
    columns: Sequence[tuple[str, str]]
    low: Decimal
    csv: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitiesPage(Page):
    """The municipalities: name, page, and how many open findings there are of each severity."""

    template: ClassVar[str] = "qualities.html"
    paged: ClassVar[bool] = True
    towns: ListPage[tuple[LocalizedText, str, Mapping[str, int]]]


def is_code(ipa: str) -> bool:
    """Whether something may be the code of a municipality in the public administrations' index.

    >>> is_code("c_d150"), is_code('"')
    (True, False)
    """
    return ipa.isascii() and ipa.replace("_", "").isalnum()


async def one(context: PageContext, ipa: str) -> Response:
    """``/quality/{ipa}``: the quality of a municipality's maps.

    Raises:
        Problem: there is no such municipality.
    """
    if not is_code(ipa):
        raise not_found(f"there is no municipality {ipa!r}")
    found = await context.blocks(
        {name: pattern.replace('"IPA"', f'"{ipa}"') for name, pattern in ONE.items()}
    )
    if not found["self"]:
        raise not_found(f"there is no municipality {ipa!r}")
    label = context.best(row["label"] for row in found["self"])
    maps = _maps(context, found["map"], ipa)
    all_findings = findings(context, found["finding"], found["quote"])
    for finding in all_findings:
        maps[finding.map].findings.append(finding)
    for row in found["measure"]:
        cell = row["table"].value, row["year"].value
        maps[row["map"].value].completeness[cell] = Decimal(row["value"].value)
    ordered = sorted(maps.values(), key=lambda m: m.number)
    open_ones = [f for f in all_findings if f.verdict != "false"]
    shown = QualityPage(
        title=f"{context.translate('Qualità dei dati')}: {label}",
        heading=label,
        section="/quality",
        breadcrumb=[Crumb(context.translate("Qualità"), context.href("/quality"))],
        maps=ordered,
        with_findings=[m for m in ordered if m.findings],
        by_severity=Counter(f.severity for f in open_ones),
        explained=len(all_findings) - len(open_ones),
        rules=Counter(f.rule for f in open_ones).most_common(),
        columns=sorted({cell for m in ordered for cell in m.completeness}),
        low=LOW,
        csv=context.csv("quality", municipality=ipa),
    )
    return context.render(shown, ipa)


def officer_page(context: PageContext, ipa: str, service: str) -> str:
    """Where the officer of a service, by its IRI, finds what to check."""
    return context.href(f"/quality/{ipa}/{service.rsplit('/', 1)[-1]}")


def _maps(context: PageContext, rows: list[Row], ipa: str) -> dict[str, MapQuality]:
    return {
        row["map"].value: MapQuality(
            context.ref(row["s"], row["serviceLabel"]),
            context.ref(row["map"], row["serviceLabel"]),
            int(row["number"].value),
            row["published"].value == "true",
            officer=officer_page(context, ipa, row["s"].value),
        )
        for row in rows
    }


async def every(context: PageContext) -> Response:
    """``/quality``: the municipalities, and how many findings each has."""
    found = await context.blocks(EVERY, limit=MOST)
    towns = {row["town"].value: row for row in found["town"]}
    counts: dict[str, Counter[str]] = {town: Counter() for town in towns}
    for row in found["finding"]:
        counts[row["town"].value][row["severity"].value] = int(row["n"].value)
    listed = [
        (context.text(row["label"]), context.href(f"/quality/{row['ipa'].value}"), counts[town])
        for town, row in sorted(towns.items(), key=lambda item: item[1]["label"].value)
    ]
    shown = QualitiesPage(
        title=context.translate("Qualità dei dati"),
        section="/quality",
        towns=part_of(context.request, listed),
    )
    return context.render(shown)
