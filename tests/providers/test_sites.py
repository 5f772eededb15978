"""Offices, places, channels and references of Cremona, against what its lines print."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mappe_servizi.errors import InputError
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.edition import REFERENCES
from mappe_servizi.model.tables.knowledge import CHANNEL_KINDS, NAMED_ACTS
from mappe_servizi.model.tables.municipality import CHANNELS, PLACES
from mappe_servizi.providers.acts import Acts
from mappe_servizi.providers.addresses import PlaceWords
from mappe_servizi.providers.channels import Channel, read_channels
from mappe_servizi.providers.delivery import Delivery, check_delivery
from mappe_servizi.providers.model import Network
from mappe_servizi.providers.references import references
from mappe_servizi.providers.sites import Site, read_sites

DATA = Path(__file__).resolve().parents[2] / "data"
KNOWLEDGE = DATA / "knowledge"
ACTS = Acts.load(KNOWLEDGE, "03")
PLACE_WORDS = PlaceWords.load(KNOWLEDGE)
KINDS = read_rows(CHANNEL_KINDS, KNOWLEDGE / CHANNEL_KINDS.file)
TOWN = DATA / "municipalities" / "c_d150"
CREMONA = TOWN / "editions" / "2020"


def services(document: Document) -> dict[int, str]:
    return Names.of(document, Registry.load(TOWN / "identifiers.csv")).services()


@pytest.fixture(scope="module")
def sites(cremona: Document, network: Network) -> dict[str, Site]:
    reviewed = read_rows(PLACES, TOWN / PLACES.file)
    found, unused = read_sites(cremona, services(cremona), network.structure_types, reviewed, KNOWLEDGE)
    assert unused == []
    return {site.name: site for site in found}


@pytest.fixture(scope="module")
def channels(cremona: Document, network: Network) -> dict[str, Channel]:
    titles = {entry.number: entry.title.value for entry in cremona.entries}
    reviewed = read_rows(CHANNELS, TOWN / CHANNELS.file)
    types = network.structure_types
    found, unused = read_channels(cremona, services(cremona), types, titles, KINDS, reviewed, KNOWLEDGE)
    assert unused == []
    return {c.name: c for c in found}


def test_one_address_in_three_spellings_is_one_place(sites: dict[str, Site]) -> None:
    place = sites["Via Aselli, 13/A"]
    assert place.address is not None
    assert (place.address.number, place.address.exponent, place.address.town) == ("13", "A", "Cremona")
    spellings = {sighting.address for sighting in place.sightings}
    assert {"Via Aselli, 13A", "Via Aselli, 13/A – Cremona", "via Aselli 13/A"} <= spellings


def test_another_civic_number_is_another_place(sites: dict[str, Site]) -> None:
    assert [s.number for s in sites["Via Aselli, 13"].sightings] == [39, 40]


def test_one_office_in_two_spellings(sites: dict[str, Site]) -> None:
    office = sites["Comando Polizia Locale"]
    assert [s.name for s in office.sightings] == [
        "Comando Polizia Locale", "Comando Poliza Locale", "Comando Polizia Locale",
    ]  # fmt: skip
    assert office.located_at == "Piazza Libertà, 20"


@pytest.mark.parametrize(
    ("school", "institute", "address"),
    [
        ("Infanzia S. Ambrogio", "Istituto Comprensivo Cremona uno", "Via Fabio Filzi, 122"),
        ("Primaria Manzoni, succursale", "Istituto Comprensivo Cremona cinque", "Via Tofane, 10"),
        ("Infanzia Santa Caterina", "Istituto Comprensivo Cremona quattro", "Via Mentana, 2"),
        ("Nido Navaroli", "", "Via dei Navaroli, 16"),
        ("CPIA Cremona", "", "Via S. Lorenzo, 4/B"),
    ],
)
def test_schools_know_institute_and_address(
    sites: dict[str, Site], school: str, institute: str, address: str
) -> None:
    site = sites[school]
    assert (site.institute, site.address and site.address.full) == (institute, address)


def test_every_school_of_the_structures_has_an_address(sites: dict[str, Site]) -> None:
    schools = [s for s in sites.values() if s.facility.endswith(("nursery", "school"))]
    assert len(schools) == 4 + 9 + 7 + 14 + 4
    assert all(school.address for school in schools)


def test_opening_hours_are_kept(sites: dict[str, Site]) -> None:
    [opening] = sites["Isola di prossimità di Via dell'Annona"].openings
    assert (opening.days, opening.opens, opening.closes) == ((2, 5), "10:00", "13:00")


def test_a_reviewed_row_that_fits_nothing_is_told(cremona: Document, tmp_path: Path) -> None:
    folder = tmp_path / "c_d150"
    shutil.copytree(TOWN, folder)
    with (folder / "places.csv").open("a", encoding="utf-8") as file:
        file.write("anagrafe,Torrazzo,place,Torrazzo,,certain,a slip,line 1\n")
    document = replace(cremona, municipality=replace(cremona.municipality, folder=folder))
    names = Names.of(document, Registry.load(TOWN / "identifiers.csv"))
    delivery = Delivery.read(document, names, KNOWLEDGE, DATA)
    with pytest.raises(InputError, match=r"places\.csv:18: no edition prints 'Torrazzo'"):
        check_delivery(folder, names.registry, [delivery])


def test_channels(channels: dict[str, Channel]) -> None:
    site = channels["sito turistico"]
    assert (site.kind, site.url) == ("web", "https://www.turismocremona.it/")
    assert sorted(s.line for s in site.sightings) == [3035, 3093, 3095]
    assert channels["Portale dei servizi demografici (Jcity Gov)"].sightings[1].number == 8
    assert channels["GeoPortale intranet"].kind == "intranet"
    assert len({c.url for c in channels.values() if c.url}) == 4
    assert [s.line for s in channels["Mail (Anagrafe)"].sightings] == [587]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Viale Cambonino (Istituto Comprensivo)", "Viale Cambonino"),
        ("in via Dei Colonnetti 4", "Via dei Colonnetti, 4"),
        ("P.zza Libertà, 20", "Piazza Libertà, 20"),
        ("procedure in via ordinaria", None),
        ("comunicazioni via PEC", None),
    ],
)
def test_addresses(text: str, found: str | None) -> None:
    address = PLACE_WORDS.address(text)
    assert (address.full if address else None) == found


def test_references(cremona: Document) -> None:
    named = read_rows(NAMED_ACTS, KNOWLEDGE / NAMED_ACTS.file)
    reviewed = read_rows(REFERENCES, CREMONA / REFERENCES.file)
    found = [(r.line, r.printed, r.urn) for m in cremona.maps for r in references(m, ACTS, named, reviewed)]
    assert (519, "D.P.R. 445/2000", "urn:nir:presidente.repubblica:decreto:2000;445") in found
    assert (1342, "art. 9 DPR 448/88", "urn:nir:presidente.repubblica:decreto:1988;448~art9") in found
    assert (
        3938,
        "Decreto Legge 10 ottobre 2012 n. 174",
        "urn:nir:stato:decreto.legge:2012-10-10;174",
    ) in found
    assert (767, "D.L. 81/2008", "urn:nir:stato:decreto.legislativo:2008-04-09;81") in found
    assert (2468, "testo unico ambientale", "urn:nir:stato:decreto.legislativo:2006-04-03;152") in found
    assert len({urn for _, _, urn in found if urn}) == 13


def test_no_firm_is_read_as_a_law(cremona: Document) -> None:
    lines = [r.line for m in cremona.maps for r in references(m, ACTS, [], [])]
    assert 1570 not in lines  # "Centro DSA Lombardia s.r.l.s."
    assert 3449 not in lines  # "Servizio Progettazione, DL e Manutenzione"
