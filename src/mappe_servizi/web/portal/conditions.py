"""What whoever wants a service pays, has to be, bring and do, as the model of municipal sites orders it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.editions import HOLDS
from mappe_servizi.web.portal.page import NamedPart
from mappe_servizi.web.served.results import Row

PATTERN = f"""VALUES ?how {{ cv:hasCost cv:holdsRequirement cpsv:hasInput cpsv:follows }}
    <IRI> ?how ?c . ?c {HOLDS} ; l0:name ?name ; mds:sourceLine ?position
    OPTIONAL {{ ?c dct:description ?description }} OPTIONAL {{ ?c dct:type ?type }}
    OPTIONAL {{ ?c mds:costKind ?type }}"""
_PERIOD = "period"


def read(context: PageContext, rows: Sequence[Row]) -> list[tuple[str, Sequence[NamedPart]]]:
    """The parts that the page has anything of, each with its heading."""
    requirements = [row for row in rows if _of([row], "holdsRequirement")]
    times = [row for row in requirements if "type" in row and row["type"].value.endswith(f"/{_PERIOD}")]
    named = {
        "Come fare": _of(rows, "follows"),
        "Cosa serve": _of(rows, "hasInput"),
        "Requisiti": [row for row in requirements if row not in times],
        "Tempi e scadenze": times,
        "Quanto costa": _of(rows, "hasCost"),
    }
    return [(context.translate(heading), _parts(context, found)) for heading, found in named.items() if found]


def _of(rows: Iterable[Row], how: str) -> list[Row]:
    return [row for row in rows if row["how"].value.rpartition("/")[2].rpartition("#")[2] == how]


def _parts(context: PageContext, rows: Iterable[Row]) -> list[NamedPart]:
    """Each once, in the document's order; a text that is its own name is said once."""
    found: dict[str, NamedPart] = {}
    for row in sorted(rows, key=lambda row: (int(row["position"].value), row["c"].value)):
        said = context.text(row.get("description"))
        said = context.text(None) if said.value == row["name"].value else said
        notes = (context.concept(row["type"].value),) if "type" in row else ()
        found.setdefault(row["c"].value, NamedPart(context.ref(row["c"], row["name"]), said, notes))
    return list(found.values())
