"""The open decisions of a build as a table: what the documents print and nobody has decided."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.records import SLUG, Document

FILE = declared.OPEN_DECISIONS.path
COLUMNS = (
    "municipality", "edition", "number", "section", "record",
    "label", "year", "printed", "sourceLine", "asks",
    "sourceDocument", "source",
)  # fmt: skip


def write_decisions(documents: Iterable[Document], path: Path) -> int:
    """Write the table; returns how many decisions are open."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # its default dialect is RFC 4180's
        writer.writerow(COLUMNS)
        for document in documents:
            key = (document.municipality.ipa, document.municipality.edition)
            for one in open_decisions(document):
                place = (one.number or "", one.section, one.record, one.label, one.year or "")
                [anchor] = document.places(one.lines[:1])
                line = "" if document.anchors else one.lines[0]
                writer.writerow([*key, *place, one.printed, line, one.asks, SLUG, anchor.fragment])
                count += 1
    return count
