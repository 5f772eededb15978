"""What must come out of Cremona's document: the counts of the reading rules, and known cells."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal

from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Figure, Indicator, ServiceMap

from .conftest import CREMONA


def sheet_of(document: Document, number: int) -> ServiceMap:
    sheet = document.map_of(number)
    assert sheet
    return sheet


def indicator(document: Document, number: int, table: str, position: int) -> Indicator:
    sheet = sheet_of(document, number)
    return next(i for i in sheet.indicators if (i.table, i.position) == (table, position))


def figure(document: Document, number: int, table: str, position: int, year: int) -> Figure:
    return next(f for f in indicator(document, number, table, position).figures if f.year == year)


def test_the_document_is_the_one_received() -> None:
    digest = hashlib.sha256((CREMONA / "document.txt").read_bytes()).hexdigest()
    assert digest == "15be32f272707257550c58c232383586bdc65a8149cb567beb07f19b95dc5013"


def test_index(cremona: Document) -> None:
    assert len(cremona.entries) == 73
    assert len(cremona.areas) == 19  # design.md says 17; lines 14 to 138 print 19
    assert [e.number for e in cremona.entries if not e.published] == [62, 63, 64, 73]
    assert [m.number for m in cremona.maps] == [e.number for e in cremona.entries if e.published]


def test_the_two_tributi_stay_apart(cremona: Document) -> None:
    collected, regulated = sheet_of(cremona, 56), sheet_of(cremona, 58)
    assert collected.responsible.name.value == "Paolo Viani"
    assert regulated.responsible.name.value == "Mario Vescovi"


def test_counts(cremona: Document) -> None:
    counts: Counter[str] = Counter()
    for sheet in cremona.maps:
        counts.update(e.kind for e in sheet.elements)
        counts.update(i.table for i in sheet.indicators)
        counts["criteria"] += len(sheet.criteria)
        counts["segments"] += len(sheet.segments)
        counts["coproduction"] += len(sheet.coproduction)
        counts["structures"] += len(sheet.structures)
    assert counts == {
        "central": 181, "accessory": 236, "outputs": 361, "users": 347,
        "criteria": 157, "segments": 269, "coproduction": 144, "structures": 214,
    }  # fmt: skip


def test_cells(cremona: Document) -> None:
    """Numeric, textual and empty cells: every cell of 708 rows and three years is one of them."""
    rows = [i for sheet in cremona.maps for i in sheet.indicators]
    figures = [f for row in rows for f in row.figures]
    numeric = [f for f in figures if f.value is not None]
    assert (len(numeric), len(figures) - len(numeric)) == (1946, 22)
    assert 3 * len(rows) - len(figures) == 156
    assert cremona.years == (2018, 2019, 2020)


def test_worst_cells(cremona: Document) -> None:
    cases = {
        (3, "outputs", 4, 2019): ("12.085", "12085", "normal"),
        (10, "outputs", 2, 2018): ("154,875", "154.875", "normal"),
        (23, "outputs", 1, 2020): ("10 + 6 referenti territoriali", "10", "normal"),
        (38, "outputs", 3, 2020): ("Zero causa covid", "0", "normal"),
        (54, "outputs", 3, 2020): ("gg ritardo: -12,60", "-12.6", "normal"),
        (58, "users", 3, 2020): ("54641 (stima: dato fonte MEF non ancora disponibile)", "54641", "estimate"),
        (31, "outputs", 3, 2019): ("790.470,00", "790470", "normal"),
    }
    for (number, table, position, year), (raw, value, status) in cases.items():
        found = figure(cremona, number, table, position, year)
        assert (found.raw, found.value, found.status) == (raw, Decimal(value), status)
    assert figure(cremona, 54, "outputs", 3, 2020).unit == "d"


def test_a_total_row_without_a_label_is_a_row(cremona: Document) -> None:
    total = indicator(cremona, 50, "users", 7)
    assert total.label.printed == ""
    assert [f.value for f in total.figures] == [20, 19, 19]


def test_groups(cremona: Document) -> None:
    sheet = sheet_of(cremona, 59)
    groups = Counter(i.group.printed if i.group else "" for i in sheet.indicators if i.table == "users")
    assert groups == {
        "Utenti complessivi dei dipendenti di Settore": 14,
        "Utenti complessivi Dirigenti": 14,
        "Utenti complessivi Responsabili di Posizione Organizzativa": 13,
        "Utenti complessivi per Area funzionale": 3,
    }


def test_a_table_printed_twice_counts_once(cremona: Document) -> None:
    sheet = sheet_of(cremona, 14)
    assert len(sheet.segments) == 13
    assert sheet.segments[0].name.lines == (1252,)
    assert cremona.ledger[1249].kind == "duplicate"


def test_continuations_keep_their_parts(cremona: Document) -> None:
    sheet = sheet_of(cremona, 7)
    note = sheet.structures[0].note
    assert note
    assert note.parts == (
        "Sportello fisico su appuntamento",
        "Portale dei servizi demografici - Jcity Gov",
        "Mail",
        "Posta ordinaria",
    )
    assert note.lines == (585, 586, 587, 588)


def test_one_official_has_one_name(cremona: Document) -> None:
    names = {m.responsible.name.value for m in cremona.maps}
    assert len(names) == 12
    printed = {
        m.responsible.name.printed for m in cremona.maps if m.responsible.name.value == "Eugenia Grossi"
    }
    assert printed == {"EUGENIA GROSSI", "GROSSI EUGENIA"}
    assert sum(m.responsible.ad_interim for m in cremona.maps) == 10


def test_coproduction_rules(cremona: Document) -> None:
    """A role without a segment is the segment; "/" means none."""
    assert [c.segment.value for c in sheet_of(cremona, 1).coproduction] == ["tutti i cittadini"]
    assert sheet_of(cremona, 4).coproduction == ()
    roles = sheet_of(cremona, 43).coproduction
    assert len(roles) == 6
    assert all(c.role is None for c in roles)


def test_personnel(cremona: Document) -> None:
    people = sheet_of(cremona, 12).personnel
    assert people
    assert (people.value, people.municipal, people.external, people.other) == (4, 4, 49, 100)
    below = sheet_of(cremona, 32).personnel
    assert below
    assert below.value == 9


def test_latex_is_decoded(cremona: Document) -> None:
    sheet = sheet_of(cremona, 47)
    assert sheet.criteria[0].text.printed == "Importo interventi ≥ a € 150.000,00"
    assert sheet.criteria[1].text.printed == "Importo interventi < a € 150.000,00"
