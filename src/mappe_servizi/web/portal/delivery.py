"""Who delivers a service, by which instrument, and through which offices, places and channels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Ref
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row

PROVISION = """?p roapit:isRoleInTimeOf ?agent ; rdfs:label ?printed . ?agent rdfs:label ?agentLabel .
    OPTIONAL { ?p mds:activityName ?activity } OPTIONAL { ?p mds:provisionActivity ?activityKind }
    OPTIONAL { ?p mds:instrumentText ?instrument } OPTIONAL { ?p mds:provisionInstrument ?instrumentKind }
    OPTIONAL { ?p mds:viaGrouping ?via . ?via rdfs:label ?viaLabel }
    OPTIONAL { ?p mds:counterparty ?counterparty . ?counterparty rdfs:label ?counterpartyLabel }
    OPTIONAL { ?p mds:note ?note } OPTIONAL { ?p mds:sourceLine ?line }
    OPTIONAL { ?p mds:decisionCertainty ?certainty }"""
PROVISIONS = f"<IRI> mds:hasProvision ?p . {PROVISION}"
STRUCTURES = """<IRI> mds:hasDeliveryStructure ?d . ?d l0:name ?name ; mds:structureType ?type .
    OPTIONAL { ?d l0:description ?note } OPTIONAL { ?d l0:positionInSequence ?position }
    OPTIONAL { ?d mds:deliveredThrough ?through . ?through rdfs:label ?throughLabel
      OPTIONAL { ?through clvapit:hasAddress ?address . ?address clvapit:fullAddress ?full } }"""


@dataclass(frozen=True, slots=True)
class Provision:
    """One provider doing one activity for one service, under one instrument.

    Attributes:
        certainty: how certain it is that this provider is meant, None where it is certain.
    """

    ref: Ref
    provider: Ref
    activity: LocalizedText
    instrument: LocalizedText
    instruments: tuple[Ref, ...]
    via: Ref | None
    counterparty: Ref | None
    note: LocalizedText
    certainty: Ref | None = None
    service: Ref | None = None


@dataclass(frozen=True, slots=True)
class StructureEntry:
    """A printed row of the delivering structures, and what it leads to."""

    ref: Ref
    kind: LocalizedText
    note: LocalizedText
    through: tuple[tuple[Ref, LocalizedText], ...]


def provisions(context: PageContext, rows: Iterable[Row]) -> list[Provision]:
    """The provisions in the source's order, each once."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["p"].value, []).append(row)
    found = []
    for same in sorted(
        grouped.values(), key=lambda s: (int(s[0]["line"].value) if "line" in s[0] else 0, s[0]["p"].value)
    ):
        row = same[0]
        kinds = sorted({r["instrumentKind"].value for r in same if "instrumentKind" in r})
        activity = context.text(row.get("activity"))
        if not activity.value and "activityKind" in row:
            activity = context.word(row["activityKind"].value)
        found.append(
            Provision(
                context.ref(row["p"], row["printed"]),
                context.ref(row["agent"], row["agentLabel"]),
                activity,
                context.text(row.get("instrument")),
                tuple(context.concept(kind) for kind in kinds),
                context.ref(row["via"], row["viaLabel"]) if "via" in row else None,
                context.ref(row["counterparty"], row["counterpartyLabel"]) if "counterparty" in row else None,
                context.text(row.get("note")),
                _doubt(context, row),
                context.ref(row["service"], row["serviceLabel"]) if "service" in row else None,
            )
        )
    return found


def _doubt(context: PageContext, row: Row) -> Ref | None:
    certain = "certainty" not in row or row["certainty"].value.endswith("/certain")
    return None if certain else context.concept(row["certainty"].value)


def structures(context: PageContext, rows: Iterable[Row]) -> list[StructureEntry]:
    """The structures in the source's order, each once."""
    grouped: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda r: int(r["position"].value) if "position" in r else 0):
        grouped.setdefault(row["d"].value, []).append(row)
    found = []
    for same in grouped.values():
        row = same[0]
        through = {
            r["through"].value: (context.ref(r["through"], r["throughLabel"]), context.text(r.get("full")))
            for r in same
            if "through" in r
        }
        found.append(
            StructureEntry(
                context.ref(row["d"], row["name"]),
                context.word(row["type"].value),
                context.text(row.get("note")),
                tuple(through.values()),
            )
        )
    return found
