"""Segments without users, users without a segment."""

from __future__ import annotations

from collections.abc import Iterator

from mappe_servizi.checks.consistency.finding import Fact, Finding, name_of, record_of
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap


def find(document: Document) -> Iterator[Finding]:
    """All the findings about segments and the rows that count them; a site's page has no figures to miss."""
    for sheet in (sheet for sheet in document.maps if sheet.indicators):
        yield from _segments(sheet)
        yield from _users(sheet)


def _segments(sheet: ServiceMap) -> Iterator[Finding]:
    counted = {position for i in sheet.indicators for position in i.segments}
    for segment in sheet.segments:
        if segment.position in counted:
            continue
        name = segment.name.value
        yield Finding(
            "segment-without-users", "info", sheet.number, "segments", f"segment:{segment.position}",
            name, None, name, None,
            f"Per il segmento «{name}» la mappa non dà alcun numero di utenti seguiti.",
            f"The map gives no figure of users for the segment «{name}».",
            (Fact(sheet.number, "segments", name, None, name, segment.name.lines),),
        )  # fmt: skip


def _users(sheet: ServiceMap) -> Iterator[Finding]:
    for indicator in sheet.indicators:
        if indicator.table != "users" or indicator.segments or indicator.role != "item":
            continue
        name = name_of(indicator)
        yield Finding(
            "users-without-segment", "info", sheet.number, "users", record_of(indicator),
            name, None, name, None,
            f"La voce «{name}» degli utenti seguiti non corrisponde ad alcun segmento della mappa.",
            f"The row «{name}» of the users matches no segment of the map.",
            (Fact(sheet.number, "users", name, None, name, indicator.lines),),
        )  # fmt: skip
