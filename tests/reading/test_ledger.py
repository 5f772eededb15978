"""The ledger accounts for every line, and every printed word is in a record or stripped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap, Text
from mappe_servizi.reading.form import Form
from mappe_servizi.sources.markup import clean

WORD = re.compile(r"[^\W_]+")
ROWS = {"row", "continuation", "footnote", "heading"}


def texts_of(sheet: ServiceMap) -> Iterator[tuple[str, Text | str | None]]:
    for e in sheet.elements:
        yield from ((f"{e.kind}:{e.position}", e.name), (f"{e.kind}:{e.position}", e.description))
    for i in sheet.indicators:
        key = f"{i.table}:{i.position}"
        yield from ((key, i.label), (key, i.remark), (f"{i.table}:group", i.group))
        yield from ((key, f.raw) for f in i.figures)
    yield from ((f"criterion:{c.position}", c.text) for c in sheet.criteria)
    for s in sheet.segments:
        yield from ((f"segment:{s.position}", s.name), (f"segment:{s.position}", s.description))
    for c in sheet.coproduction:
        yield from ((f"coproduction:{c.position}", c.segment), (f"coproduction:{c.position}", c.role))
    for t in sheet.structures:
        yield from ((f"structure:{t.position}", t.name), (f"structure:{t.position}", t.note))
    for m in sheet.management:
        yield from ((f"management:{m.form}", m.note), (f"management:{m.form}", "X x"))
    if sheet.personnel:
        yield "personnel", sheet.personnel.text
    yield from ((f"footnote:{n}", note) for n, note in enumerate(sheet.footnotes, start=1))
    yield from (("heading", sheet.heading), ("responsible", sheet.responsible.name))
    if sheet.responsible.ad_interim:
        yield "responsible", "(AD INTERIM) (ad interim)"


def words(text: Text | str | None) -> set[str]:
    if text is None:
        return set()
    return set(WORD.findall(text if isinstance(text, str) else text.printed))


def test_every_line_once(cremona: Document) -> None:
    assert [row.line for row in cremona.ledger] == list(range(1, len(cremona.lines) + 1))
    assert len(cremona.ledger) == 5293


def test_blank_lines_are_blank_and_only_they(cremona: Document) -> None:
    for row in cremona.ledger:
        assert (row.kind == "blank") == (not cremona.lines[row.line - 1].strip()), row


def test_rows_have_records(cremona: Document) -> None:
    for row in cremona.ledger:
        assert bool(row.records) == (row.kind in ROWS), row


def test_every_record_has_its_rows(cremona: Document) -> None:
    """No record without a line of the ledger, and no line that names a record that is not."""
    told: dict[int, set[str]] = defaultdict(set)
    for row in cremona.ledger:
        if row.number and row.section != "index":
            told[row.number].update(row.records)
    for sheet in cremona.maps:
        keys = {key for key, text in texts_of(sheet) if text is not None}
        unmarked = {r for r in told[sheet.number] if r.startswith("management:") or r == "coproduction:none"}
        assert told[sheet.number] - unmarked <= keys
        assert keys <= told[sheet.number]


def test_every_printed_word_is_kept(cremona: Document, form: Form) -> None:
    labels = {word for text in LABELS for word in WORD.findall(text)}
    known: dict[int, dict[str, set[str]]] = {}
    for sheet in cremona.maps:
        known[sheet.number] = defaultdict(set)
        for key, text in texts_of(sheet):
            known[sheet.number][key] |= words(text)
    checked = 0
    for row in cremona.ledger:
        if row.kind not in ROWS or row.section == "index" or row.number is None:
            continue
        printed = {
            word for cell in cremona.lines[row.line - 1].split("\t") for word in words(clean(cell).text)
        }
        found = set[str]().union(*(known[row.number].get(record, set()) for record in row.records))
        stripped = {word for piece in row.stripped for word in WORD.findall(piece)}
        assert printed <= found | stripped | labels, (row, printed - found - stripped - labels)
        checked += len(printed)
    assert checked > 20_000


# The form's own words, which rows print beside their content.
LABELS = (
    "Forma gestionale Diretta Esternalizzata Eternalizzata Mista",
    "Risorse umane coinvolte Personale",
    "SERVIZIO RESPONSABILE Criterio",
)
