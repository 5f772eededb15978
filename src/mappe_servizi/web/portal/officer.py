"""The page for the officer of a service: what is said of it, and what to check in its map, to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.portal import quotes
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.editions import MapNumber, map_number
from mappe_servizi.web.portal.findings import OF_SERVICE, FindingEntry, findings
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.quality import is_code
from mappe_servizi.web.portal.texts import head_title, sentence
from mappe_servizi.web.served.results import Term

OF_MAP = "?map mds:describesService <IRI> ; mds:isCurrent true . "
COUNTED = {
    "elements": "<IRI> mds:hasCentralElement|mds:hasAccessoryElement ?x",
    "segments": "<IRI> mds:hasUserSegment ?x",
    "indicators": "<IRI> mds:hasIndicator ?x",
    "figures": "<IRI> mds:hasIndicator/mds:hasFigure ?x . ?x mds:isCurrent true",
    "provisions": "<IRI> mds:hasProvision ?x",
    "structures": "<IRI> mds:hasDeliveryStructure ?x",
}
CALLED = {
    "elements": "Elementi",
    "segments": "Gruppi di utenti",
    "indicators": "Indicatori",
    "figures": "cifre annuali",
    "provisions": "Attività affidate",
    "structures": "Strutture",
}
PATTERNS = {
    "self": """<IRI> l0:name ?label . ?town covapit:IPAcode "IPA" ; mds:providesService <IRI> ;
        rdfs:label ?townLabel""",
    "map": OF_MAP + "?map mds:indexNumber ?number ; mds:edition ?edition",
    "responsible": """<IRI> mds:hasResponsibility ?r . ?r mds:statedIn/mds:isCurrent true ;
        roapit:isRoleInTimeOf ?person . ?person cpvapit:fullName ?name""",
    "finding": OF_SERVICE,
    "quote": OF_MAP
    + "GRAPH <BASE/graph/quality> { ?finding a mds:QualityFinding ; mds:aboutMap ?map } "
    + quotes.of_finding(),
    **{name: f"{{ SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {what} }} }}" for name, what in COUNTED.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPage(Page):
    """What is said of a service, by name and number, and the findings: open ones, and explained ones."""

    template: ClassVar[str] = "officer.html"
    service: Ref
    town: Ref
    map: MapNumber | None
    responsible: Sequence[str]
    counts: Sequence[tuple[str, int]]
    open: Sequence[FindingEntry]
    explained: Sequence[FindingEntry]
    csv: str


async def page(context: PageContext, ipa: str, slug: str) -> Response:
    """``/quality/{ipa}/{service}``: what the officer of a service can check.

    Raises:
        Problem: there is no such service.
    """
    missing = not_found(f"there is no service {slug!r} of a municipality {ipa!r}")
    if not (is_code(ipa) and is_code(slug.replace("-", ""))):
        raise missing
    iri = f"{context.base}data/public-service/{ipa}/{slug}"
    found = await context.blocks(
        {name: p.replace("<IRI>", f"<{iri}>").replace('"IPA"', f'"{ipa}"') for name, p in PATTERNS.items()}
    )
    if not found["self"]:
        raise missing
    head = found["self"][0]
    every = findings(context, found["finding"], found["quote"])
    name = context.ref(Term("uri", iri), head["label"])
    shown = OfficerPage(
        title=f"{context.translate('Per chi tiene la mappa')}: {name.text}",
        head_title=head_title(
            f"{context.translate('Per chi tiene la mappa')}: {name}", context.text(head["townLabel"])
        ),
        description=sentence(context.translate("Da controllare"), name, context.text(head["townLabel"])),
        heading=name.text,
        section="/quality",
        breadcrumb=[
            Crumb(context.translate("Qualità"), context.href("/quality")),
            Crumb(context.text(head["townLabel"]), context.href(f"/quality/{ipa}")),
        ],
        service=name,
        town=context.ref(head["town"], head["townLabel"]),
        map=map_number(found["map"][0]) if found["map"] else None,
        responsible=sorted({row["name"].value for row in found["responsible"]}),
        counts=[(context.translate(called), int(found[key][0]["n"].value)) for key, called in CALLED.items()],
        open=[finding for finding in every if finding.verdict != "false"],
        explained=[finding for finding in every if finding.verdict == "false"],
        csv=context.csv("quality", service=iri),
        reuse_of=context.reuse(iri, str(name.text)),
    )
    return context.render(shown, iri)
