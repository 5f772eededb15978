"""The ledger of reading as a table: what every line of every document is."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from mappe_servizi.model.records import SLUG, Document

COLUMNS = (
    "municipality", "edition", "line", "kind", "number", "section", "records", "sourceDocument", "source",
)  # fmt: skip


def write_ledger(documents: Iterable[Document], path: Path) -> int:
    """Write report/ledger.csv; returns how many lines it accounts for."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # its default dialect is RFC 4180's
        writer.writerow(COLUMNS)
        for document in documents:
            key = (document.municipality.ipa, document.municipality.edition)
            for row in document.ledger:
                number = "" if row.number is None else row.number
                [place] = document.places([row.line])
                line = "" if document.anchors else row.line
                told = (line, row.kind, number, row.section, " | ".join(row.records))
                writer.writerow([*key, *told, SLUG, place.fragment])
                count += 1
    return count
