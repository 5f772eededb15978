"""Services, their classification, and their maps in an edition."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.municipality import city_iri
from mappe_servizi.model.records import IndexEntry
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.model.tables.municipality import ServiceRow
from mappe_servizi.rdf.builder import en, integer, it, true, year
from mappe_servizi.rdf.namespaces import (
    CLVAPIT,
    CPSV,
    CPSVAPIT,
    CV,
    DATA_THEME,
    DCT,
    ITALIAN_VOCABULARY,
    L0,
    SKOS,
    Namespace,
)

_SERVICES = f"{ITALIAN_VOCABULARY}classifications-for-public-services/"
SUBJECTS = Namespace(f"{_SERVICES}public-services-subject-matters/")
CHANNELS = Namespace(f"{_SERVICES}channel/")
INTERACTIVITY = Namespace(f"{_SERVICES}interactivity-level/")
LIFE_EVENTS = Namespace(f"{_SERVICES}life-business-event/life-event/")
BUSINESS_EVENTS = Namespace(f"{_SERVICES}life-business-event/business-event/")
COFOG = Namespace(f"{ITALIAN_VOCABULARY}classifications-for-organizations/cofog-2009/")
_PART_OF_EVENT = Namespace("https://w3id.org/italia/onto/")["isPartOfEvent"]  # without CPSV/: the real IRI


def add_service(edition: Edition, entry: IndexEntry, service_map: ServiceMap | None) -> None:
    """A service of the index and its map, published or not."""
    b, mds = edition.builder, edition.mds
    classification = edition.classifications[entry.number]
    title, public = entry.title.value, classification.kind == "public"
    called = edition.titles.get(edition.service_slug(entry.number))
    english = called.title_en if called else ""
    subject = b.resource(edition.service(entry.number), title, mds["MunicipalService"], english=english)
    if called:
        b.add(subject, SKOS["altLabel"], *map(it, called.words), *map(en, called.words_en))
    if public:
        b.resource(subject, title, CPSVAPIT["PublicService"], CPSV["PublicService"])
    else:
        b.resource(subject, title, CPSVAPIT["InternalOrganizationService"])
    identifier = Literal(f"{edition.ipa}/{edition.service_slug(entry.number)}")
    b.add(subject, L0["identifier"], identifier)
    b.add(subject, DCT["identifier"], identifier)
    b.add(subject, DCT["title"], it(title))
    description = it(composed_description(entry, service_map))
    b.add(subject, L0["description"], description)
    b.add(subject, DCT["description"], description)
    b.add(subject, mds["descriptionIsComposed"], true(True))
    b.add(subject, mds["lastStatedIn"], year(edition.year))
    # Where the sheet says that it serves other towns as well, nothing says that it is of this one alone.
    area = city_iri(edition) if classification.coverage == "own" else None
    b.add(subject, mds["coverage"], Literal(classification.coverage))
    b.add(subject, CLVAPIT["hasSpatialCoverage"], area)
    b.add(edition.municipality, mds["providesService"], subject)
    b.add(subject, mds["inArea"], edition.iris.data("area", edition.ipa, edition.area_slug(entry)))
    if public:
        b.add(subject, CV["hasCompetentAuthority"], edition.municipality)
        b.add(subject, DCT["spatial"], area)
        b.add(subject, CV["thematicArea"], edition.iris.data("area", edition.ipa, edition.area_slug(entry)))
    _classify(edition, subject, classification)
    edition.told_of_review(subject, "service", edition.service_slug(entry.number))
    b.derived(subject, entry.title.lines, entry.title.corrections)
    _add_map(edition, entry, service_map)


def composed_description(entry: IndexEntry, service_map: ServiceMap | None) -> str:
    """A description put together from the central elements: no map prints one of its own."""
    elements = [e for e in service_map.elements if e.kind == "central"] if service_map else []
    if not elements:
        area = entry.area.title.value
        return f"Servizio «{entry.title.value}» dell'area «{area}»; la mappa non lo descrive."
    return "\n".join(
        f"{e.name.value}: {e.description.value}" if e.description and e.description.value else e.name.value
        for e in elements
    )


def _classify(edition: Edition, subject: NamedNode, classification: ServiceRow) -> None:
    """Properties of OntoPiA whose domain is PublicService stand on public services alone."""
    b, public = edition.builder, classification.kind == "public"
    for code in classification.theme:
        b.add(subject, DCT["subject"], SUBJECTS[code])
    for code in classification.data_theme:
        b.add(subject, CPSVAPIT["serviceTheme"] if public else DCT["subject"], DATA_THEME[code])
    for code in classification.cofog:
        b.add(subject, DCT["type"], COFOG[code])
    for code in classification.channels:
        b.add(subject, CPSVAPIT["hasChannel"], CHANNELS[code])
    if public:
        for code in classification.life_events:
            b.add(subject, _PART_OF_EVENT, LIFE_EVENTS[code])
        for code in classification.business_events:
            b.add(subject, _PART_OF_EVENT, BUSINESS_EVENTS[code])
        if classification.interactivity:
            b.add(subject, CPSVAPIT["hasiInteractivityLevel"], INTERACTIVITY[classification.interactivity])


def _add_map(edition: Edition, entry: IndexEntry, service_map: ServiceMap | None) -> None:
    b, mds = edition.builder, edition.mds
    service = edition.service(entry.number)
    label = f"Mappa del servizio {entry.title.value}, edizione {edition.year}"
    subject = b.resource(edition.map(entry.number), label, mds["ServiceMap"])
    b.add(subject, mds["describesService"], service)
    b.add(service, mds["hasMap"], subject)
    edition.in_this_edition(subject)
    b.add(subject, mds["indexNumber"], integer(entry.number))
    b.add(subject, mds["isPublished"], true(entry.published))
    b.add(subject, mds["indexTitle"], it(entry.title.printed))
    if service_map is None:
        b.derived(subject, entry.title.lines)
        return
    b.printed(subject, service_map.heading)
    b.add(subject, mds["heading"], it(service_map.heading.value))
    for footnote in service_map.footnotes:
        b.add(subject, mds["footnote"], it(footnote.value))
    first, last = service_map.lines
    b.derived(subject, range(first, last + 1), service_map.heading.corrections)
