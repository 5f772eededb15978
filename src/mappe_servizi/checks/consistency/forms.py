"""Forms of management that say nothing together: all three of them marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from mappe_servizi.checks.consistency.finding import Fact, Finding
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ManagementForm


def find(document: Document) -> Iterator[Finding]:
    """The maps that mark every form of management: which of them holds cannot be told."""
    for sheet in document.maps:
        if {m.form for m in sheet.management} != set(get_args(ManagementForm)):
            continue
        facts = tuple(
            Fact(sheet.number, "management", m.form, None, m.note.printed if m.note else "X", m.lines)
            for m in sheet.management
        )
        yield Finding(
            "all-forms-marked", "warning", sheet.number, "management", "management:all",
            "Forma gestionale", None, " | ".join(fact.label for fact in facts), None,
            "La mappa segna tutte e tre le forme gestionali: diretta, esternalizzata e mista.",
            "The map marks all three forms of management: direct, outsourced and mixed.",
            facts,
        )  # fmt: skip
