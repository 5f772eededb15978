"""Providers and provisions: organisations, temporary groupings, and what each does for a service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.identifiers import add_identifiers
from mappe_servizi.graph.structures import structure_rows
from mappe_servizi.graph.territory import add_city, city_of
from mappe_servizi.graph.vocabularies import Common
from mappe_servizi.model.tables.knowledge import MunicipalityRow
from mappe_servizi.providers.legal_forms import GROUPING
from mappe_servizi.providers.model import Engagement, Grouping, Provider
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.rdf.builder import Builder, Part, en, it
from mappe_servizi.rdf.namespaces import (
    COVAPIT,
    CPSVAPIT,
    CV,
    DCT,
    FOAF,
    ITALIAN_VOCABULARY,
    ORG,
    ROAPIT,
    SKOS,
    TIAPIT,
)

LEGAL_STATUS = f"{ITALIAN_VOCABULARY}classifications-for-organizations/legal-status/"
ITALY = ITALIAN_VOCABULARY["territorial-classifications/countries/italy/ITA"]
_PUBLIC = ("2", "16")  # of public law, and public economic bodies and special companies
_PRIVATE = ("11", "12", "13", "14", "15", "17", "18", "19")


def add_providers(edition: Edition) -> None:
    """The providers outside the registry, the groupings, and every provision of an edition."""
    network = edition.delivery.network
    registry = edition.delivery.rules.registry
    for provider in network.providers:
        if not provider.registered:
            subject = organization(edition, provider.key)
            describe(edition.builder, subject, provider, registry, edition.territories)
            edition.builder.derived(subject, ())
    for grouping in network.groupings:
        _add_grouping(edition, grouping)
    _link_rows(edition)
    labels: Counter[tuple[int, str]] = Counter()
    for engagement in network.engagements:
        _add_provision(edition, engagement, labels)


def build_registry(editions: Sequence[Edition], common: Common) -> Part:
    """The organisations of the registry that some edition names, shared by all municipalities."""
    b = Builder(common.iris, common.hierarchy)
    for edition in editions:
        registry = edition.delivery.rules.registry
        for provider in edition.delivery.network.providers:
            if provider.registered:
                subject = common.iris.data("organization", provider.key)
                describe(b, subject, provider, registry, edition.territories)
                aliases = (p for _, p, slug in registry.spellings if slug == provider.key)
                b.add(subject, SKOS["altLabel"], *(it(p) for p in aliases if p != provider.name))
    return b.part("providers")


def organization(edition: Edition, key: str) -> NamedNode:
    """The IRI of a provider: the registry's, or one of the municipality's own."""
    if key in edition.delivery.rules.registry.providers:
        return edition.iris.data("organization", key)
    return edition.iris.data("organization", edition.ipa, edition.slug("organization", key))


def describe(
    b: Builder,
    subject: NamedNode,
    provider: Provider,
    registry: ProviderRegistry,
    territories: Mapping[str, MunicipalityRow],
) -> None:
    """State what is known of an organisation; no identifier is made up."""
    mds = b.mds
    b.resource(
        subject, provider.name, _class_of(provider.legal_status), FOAF["Agent"], mds["ServiceProvider"]
    )
    b.add(subject, COVAPIT["legalName"], it(provider.name))
    b.add(subject, FOAF["name"], it(provider.name))
    if provider.legal_status:
        b.add(subject, COVAPIT["hasLegalStatus"], NamedNode(LEGAL_STATUS + provider.legal_status))
    if provider.acronym:
        b.add(subject, COVAPIT["orgAcronym"], it(provider.acronym))
    for quality in provider.qualities:
        b.add(subject, mds["organizationQuality"], it(quality))
    if provider.seat:
        city = city_of(registry.towns[provider.seat])
        b.add(subject, mds["seat"], add_city(b, city, provider.seat, territories))
    if _class_of(provider.legal_status) == COVAPIT["PublicOrganization"]:
        seat = (
            city_of(registry.towns[provider.seat])
            if provider.seat
            else b.resource(ITALY, "Italia", DCT["Location"])
        )
        _add_public(b, subject, seat)
    if provider.in_house_of:
        b.add(subject, mds["inHouseCompanyOf"], b.iris.data("municipality", provider.in_house_of))
    # One identifier, ours: OntoPiA's l0:identifier is functional, and the EU wants one of an agent.
    b.add(subject, DCT["identifier"], Literal(subject.value.rsplit("/", 1)[1]))
    b.add(subject, DCT["title"], it(provider.name))
    add_identifiers(b, subject, provider.identifiers)
    b.add(subject, mds["decisionCertainty"], b.iris.concept("decision-certainty", provider.certainty))
    if provider.reason:
        # Reasons are written in English, as all that maintainers write in these tables.
        note = f"{provider.reason} [{provider.evidence}]".replace(" []", "")
        b.add(subject, SKOS["editorialNote"], en(note))


def _add_public(b: Builder, subject: NamedNode, where: NamedNode) -> None:
    """A public body as the EU has it, with where it is: its seat, or the country where that is not known."""
    b.resource(subject, "", CV["PublicOrganisation"])
    b.add(subject, DCT["spatial"], where)


def _class_of(status: str) -> NamedNode:
    if status.startswith(_PUBLIC):
        return COVAPIT["PublicOrganization"]
    if status.startswith(_PRIVATE):
        return COVAPIT["PrivateOrganization"]
    return COVAPIT["Organization"]


def grouping_iri(edition: Edition, grouping: Grouping) -> NamedNode:
    """The IRI of a temporary grouping; its slug names the form and the service."""
    form = "ati" if edition.delivery.rules.phrases.is_association(grouping.printed) else "rti"
    hint = f"{form} {edition.service_slug(grouping.source.number)}"
    slug = edition.slug("organization", grouping.key, hint=hint)
    return edition.iris.data("organization", edition.ipa, slug)


def _add_grouping(edition: Edition, grouping: Grouping) -> None:
    b = edition.builder
    classes = (COVAPIT["Organization"], ORG["OrganizationalCollaboration"], edition.mds["TemporaryGrouping"])
    subject = b.resource(grouping_iri(edition, grouping), grouping.key, *classes)
    b.add(subject, COVAPIT["legalName"], it(grouping.key))
    b.add(subject, COVAPIT["hasLegalStatus"], NamedNode(LEGAL_STATUS + GROUPING))
    b.add(subject, edition.mds["printedName"], it(grouping.printed))
    for key in grouping.members:
        b.add(subject, ORG["hasMember"], organization(edition, key))
    b.derived(subject, grouping.source.lines, grouping.source.corrections)


def _link_rows(edition: Edition) -> None:
    """From each structures row to the provider or grouping that it names."""
    network = edition.delivery.network
    rows = {m.number: structure_rows(edition, m) for m in edition.document.maps}
    for resolved in network.mentions:
        source = resolved.mention.source
        if source.position is not None and resolved.mention.delivers and resolved.mention.grouping is None:
            row = rows[source.number][source.position]
            edition.builder.add(
                row, edition.mds["deliveredThrough"], organization(edition, resolved.provider)
            )
    for grouping in network.groupings:
        number, position = grouping.source.number, grouping.source.position
        if position is not None:
            row = rows[number][position]
            edition.builder.add(row, edition.mds["deliveredThrough"], grouping_iri(edition, grouping))


def _add_provision(edition: Edition, engagement: Engagement, labels: Counter[tuple[int, str]]) -> None:
    """One provider doing one activity under one instrument, as printed in one place."""
    b, mds, number = edition.builder, edition.mds, engagement.number
    label = _label(engagement, labels)
    subject = edition.stated("provision", number, edition.slug("provision", label, number, _hint(engagement)))
    b.resource(subject, label, mds["ServiceProvision"])
    service = edition.service(number)
    b.add(service, mds["hasProvision"], subject)
    b.add(subject, ROAPIT["withRole"], CPSVAPIT["Provider"])
    b.add(subject, ROAPIT["isRoleInTimeOf"], organization(edition, engagement.provider))
    b.add(subject, ROAPIT["forEntity"], service)
    b.add(subject, TIAPIT["atTime"], edition.iris.concept("year", edition.year))
    b.add(subject, mds["printedName"], it(engagement.mention))
    if engagement.activity is not None:
        b.add(subject, mds["activityName"], it(engagement.activity.printed))
        if engagement.activity.code:
            b.add(
                subject,
                mds["provisionActivity"],
                edition.concept("provided-activity", engagement.activity.code),
            )
    if engagement.instrument:
        b.add(subject, mds["instrumentText"], it(engagement.instrument))
    for code in engagement.instruments:
        b.add(subject, mds["provisionInstrument"], edition.concept("provision-instrument", code))
    b.add(subject, mds["note"], it(engagement.note) if engagement.note else None)
    b.add(subject, mds["counterparty"], *_iris(edition, engagement.counterparties))
    via = next((g for g in edition.delivery.network.groupings if g.key == engagement.via), None)
    if via is not None:
        b.add(subject, mds["viaGrouping"], grouping_iri(edition, via))
    b.add(subject, mds["decisionCertainty"], b.iris.concept("decision-certainty", engagement.certainty))
    b.derived(subject, engagement.source.lines, engagement.source.corrections)


def _iris(edition: Edition, keys: Iterable[str]) -> list[NamedNode]:
    return [organization(edition, key) for key in keys]


def _label(engagement: Engagement, labels: Counter[tuple[int, str]]) -> str:
    """What tells a provision apart in its service: who, what, under what; a number as a last resort."""
    activity = engagement.activity.printed if engagement.activity else ""
    label = " › ".join(filter(None, [engagement.mention, activity, " e ".join(engagement.instruments)]))
    if label == engagement.mention:
        label += " › (attività non indicata)"
    labels[engagement.number, label] += 1
    count = labels[engagement.number, label]
    return label if count == 1 else f"{label} ({count})"


def _hint(engagement: Engagement) -> str:
    activity = engagement.activity
    what = (activity.code or activity.printed) if activity else ""
    who = engagement.provider if len(engagement.provider) < 30 else engagement.mention
    return f"{who} {what} {' '.join(engagement.instruments)}"
