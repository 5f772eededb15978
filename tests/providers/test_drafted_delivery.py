"""Rows of places.csv and channels.csv as rules propose them, on Cremona's document and on other rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Structure, Text
from mappe_servizi.model.tables import SURE, read_rows
from mappe_servizi.model.tables.knowledge import CHANNEL_KINDS
from mappe_servizi.model.tables.municipality import CHANNELS, PLACES, ChannelRow, PlaceRow
from mappe_servizi.providers.channels import read_channels
from mappe_servizi.providers.delivery import Delivery, check_delivery
from mappe_servizi.providers.model import Network
from mappe_servizi.providers.sites import read_sites
from mappe_servizi.reading.proposals import channels, places
from mappe_servizi.reading.proposals.draft import Draft
from mappe_servizi.reading.proposals.drafts import Drafter

DATA = Path(__file__).resolve().parents[2] / "data"
KNOWLEDGE = DATA / "knowledge"
TOWN = DATA / "municipalities" / "c_d150"
SAME_NAME = {places.OFFICE, places.ADDRESS, places.STREET, places.SEAT, places.NAME}


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    return Drafter.load(KNOWLEDGE)


@pytest.fixture(scope="module")
def names(cremona: Document) -> Names:
    return Names.of(cremona, Registry.load(TOWN / "identifiers.csv"))


@pytest.fixture(scope="module")
def drafts(cremona: Document, names: Names, drafter: Drafter) -> list[Draft]:
    return list({(d.table.file, d.key): d for d in drafter.delivery.drafts(cremona, names)}.values())


def place_row(draft: Draft) -> PlaceRow:
    return PlaceRow(**{**draft.cells, "certainty": "rule"})  # type: ignore[arg-type]


def test_a_proposed_place_reads_as_the_rules_read_it(
    cremona: Document, names: Names, network: Network, drafts: list[Draft]
) -> None:
    """Every row is found again, and those that call a place what the rules call it change nothing."""
    types = network.structure_types
    plain, _ = read_sites(cremona, names.services(), types, (), KNOWLEDGE)
    rows = [place_row(d) for d in drafts if d.table is PLACES]
    assert read_sites(cremona, names.services(), types, rows, KNOWLEDGE)[1] == []
    rows = [place_row(d) for d in drafts if d.table is PLACES and d.rule in SAME_NAME]
    found, unused = read_sites(cremona, names.services(), types, rows, KNOWLEDGE)
    assert unused == []
    assert [(s.kind, s.name, s.facility, s.located_at, s.sightings) for s in found] == [
        (s.kind, s.name, s.facility, s.located_at, s.sightings) for s in plain
    ]
    assert [s.address.full for s in found if s.address] == [s.address.full for s in plain if s.address]
    assert {s.certainty for s in found} == {"rule"}


def test_a_proposed_channel_reads_as_the_rules_read_it(
    cremona: Document, names: Names, network: Network, drafts: list[Draft]
) -> None:
    titles = {entry.number: entry.title.value for entry in cremona.entries}
    kinds = read_rows(CHANNEL_KINDS, KNOWLEDGE / CHANNEL_KINDS.file)
    rows = [ChannelRow(**d.cells) for d in drafts if d.table is CHANNELS]  # type: ignore[arg-type]
    types = network.structure_types
    plain, _ = read_channels(cremona, names.services(), types, titles, kinds, (), KNOWLEDGE)
    found, unused = read_channels(cremona, names.services(), types, titles, kinds, rows, KNOWLEDGE)
    assert unused == []
    assert found == plain


@pytest.mark.parametrize(
    ("service", "printed", "name"),
    [
        ("informagiovani", "SEDE INFORMAGIOVANI", "Sede Informagiovani"),
        ("verde", "Manutenzione verde (struttura interna)", "Manutenzione verde"),
        ("digitalizzazione", "Sede dell'ufficio", "Sede dell'ufficio Digitalizzazione"),
        ("anagrafe", "Servizio Anagrafe", "Servizio Anagrafe"),
    ],
)
def test_an_office_is_called_as_a_reader_would(
    drafts: list[Draft], service: str, printed: str, name: str
) -> None:
    [draft] = [d for d in drafts if d.key == (service, printed, "office")]
    assert draft.cells["name"] == name


def proposed_for(
    drafter: Drafter, cremona: Document, names: Names, row: str, note: str
) -> dict[str, tuple[str, str]]:
    """By what is printed: kind and rule of what is proposed for a row of the registry office's structures."""
    structure = Structure(1, Text(row, (1,)), Text(note, (1,)))
    sheet = next(m for m in cremona.maps if names.service(m.number) == "anagrafe")
    alone = replace(sheet, elements=(), structures=(structure,))
    found = drafter.delivery.drafts(replace(cremona, maps=(alone,)), names)
    return {d.cells["printed"]: (d.cells["kind"], d.rule.name) for d in found}


@pytest.mark.parametrize(
    ("row", "note", "own", "personal"),
    [
        ("Ufficio anagrafe", "Via Roma 12, anagrafe@comune.it", ["anagrafe@comune.it"], []),
        ("Ufficio tributi", "info@prova.it, tel. 0372 407111", ["0372 407111", "info@prova.it"], []),
        ("Comando di polizia locale", "polizialocale@prova.it", ["polizialocale@prova.it"], []),
        ("Sportello casa", "ufficio.casa@prova.it", ["ufficio.casa@prova.it"], []),
        ("Ufficio tributi", "dott. Neri, l.neri@prova.it", [], ["l.neri@prova.it"]),
        ("Ufficio tributi", "maria@prova.it, cell. 333 1234567", [], ["333 1234567", "maria@prova.it"]),
        ("Ufficio tributi", "P.IVA 01234567890, 12.000 utenti nel 2021", [], []),
        ("Cooperativa sociale Il Girotondo", "Via Roma 3, tel. 0372 407111, info@girotondo.it", [], []),
        ("Assessore", "Via Verdi 4, tel. 0372 1234567, assessore@prova.it", [], []),
    ],
)
def test_an_address_of_a_person_is_no_office_s(  # noqa: PLR0917
    drafter: Drafter,
    cremona: Document,
    names: Names,
    row: str,
    note: str,
    own: list[str],
    personal: list[str],
) -> None:
    """Offices' own ones by a rule, what may be a person's by another; of providers and people nothing."""
    found = proposed_for(drafter, cremona, names, row, note)
    reached = {printed: rule for printed, (kind, rule) in found.items() if kind in {"email", "phone"}}
    assert sorted(p for p, rule in reached.items() if rule.startswith("an office's")) == own
    assert sorted(p for p, rule in reached.items() if "person's" in rule) == personal
    office = row.startswith(("Ufficio", "Sportello", "Comando"))
    assert any(kind == "place" for kind, _ in found.values()) == (office and "Via" in note)


@pytest.mark.parametrize("note", ["Via Roma 2, mail g.rossi@prova.it", "telefono 0372 407111"])
def test_nothing_is_a_channel_by_rule_that_may_be_a_person_s(
    cremona: Document, names: Names, note: str
) -> None:
    sheet = next(m for m in cremona.maps if names.service(m.number) == "anagrafe")
    structure = Structure(1, Text("Ufficio anagrafe", (1,)), Text(note, (1,)))
    document = replace(cremona, maps=(replace(sheet, elements=(), structures=(structure,)),))
    kinds = read_rows(CHANNEL_KINDS, KNOWLEDGE / CHANNEL_KINDS.file)
    args = (names.services(), {(sheet.number, 1): "office"}, {sheet.number: "Anagrafe"}, kinds)
    assert read_channels(document, *args, (), KNOWLEDGE)[0] == []  # type: ignore[arg-type]
    printed = note.rpartition("mail ")[2].removeprefix("telefono ")
    row = ChannelRow("anagrafe", printed, printed, "", "email", "certain", "", "")
    [found] = read_channels(document, *args, (row,), KNOWLEDGE)[0]  # type: ignore[arg-type]
    assert found.name == printed


def test_what_no_reviewed_town_has_is_a_question(drafter: Drafter) -> None:
    """Cremona prints neither an e-mail address nor a telephone number: nobody has seen these rules right."""
    for rule in (channels.EMAIL, channels.PHONE, channels.PERSONAL_EMAIL, channels.PERSONAL_PHONE):
        assert drafter.evidence.probability(rule) < SURE


def test_a_proposal_that_fits_nothing_any_more_is_nobody_s_mistake(
    cremona: Document, names: Names, tmp_path: Path
) -> None:
    folder = tmp_path / "c_d150"
    folder.mkdir()
    head = "service,printed,kind,name,address,certainty,reason,evidence,curation,method,probability\n"
    row = "anagrafe,Torrazzo,place,Torrazzo,,likely,a rule,line 1,proposed,places: a rule,0.95\n"
    (folder / PLACES.file).write_text(head + row, encoding="utf-8")
    document = replace(cremona, municipality=replace(cremona.municipality, folder=folder))
    delivery = Delivery.read(document, names, KNOWLEDGE, DATA)
    check_delivery(folder, names.registry, [delivery])
    assert [row.certainty for row in delivery.unused] == ["rule"]
