"""Drafts of where and by what ways services are delivered: places.csv and channels.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import municipality, read_rows
from mappe_servizi.model.tables.knowledge import CHANNEL_KINDS, STRUCTURE_TYPES, ChannelKindRow
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.channels import read_channels
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.mentions import StructureTypes
from mappe_servizi.providers.sites import read_sites
from mappe_servizi.reading.proposals import channels, places
from mappe_servizi.reading.proposals.channels import OfficeWords
from mappe_servizi.reading.proposals.draft import Draft
from mappe_servizi.reading.proposals.evidence import Evidence


@dataclass(frozen=True, slots=True)
class DeliveryDrafter:
    """What is known for every municipality of offices, places and channels."""

    knowledge: Path
    types: StructureTypes
    kinds: Sequence[ChannelKindRow]
    office: OfficeWords
    evidence: Evidence

    @classmethod
    def load(
        cls, knowledge: Path, forms: LegalForms, people: frozenset[str], evidence: Evidence
    ) -> DeliveryDrafter:
        """Read what is known.

        Args:
            knowledge: the directory of what is known for every municipality.
            forms: legal forms, by which a row of structures is a provider's.
            people: common given names, folded.
            evidence: how often rules are right.

        Raises:
            InputError, InputErrors: a cell cannot be used.
        """
        return cls(
            knowledge,
            StructureTypes.load(knowledge / STRUCTURE_TYPES.file, forms),
            read_rows(CHANNEL_KINDS, knowledge / CHANNEL_KINDS.file),
            OfficeWords.of_wording(Wording.load(knowledge), people),
            evidence,
        )

    def drafts(self, document: Document, names: Names) -> Iterator[Draft]:
        """The rows for the offices, places and channels that rows of structures name."""
        types = {(m.number, s.position): self.types.of(s) for m in document.maps for s in m.structures}
        titles = {entry.number: entry.title.value for entry in document.entries}
        services = names.services()
        sites, _ = read_sites(document, services, types, (), self.knowledge)
        offices = {where for where, kind in types.items() if kind == "office"}
        for key, cells, rule in places.proposed(document, names, sites, offices):
            yield Draft(municipality.PLACES, key, cells, rule, self.evidence.probability(rule))
        read, _ = read_channels(document, services, types, titles, self.kinds, (), self.knowledge)
        for key, cells, rule in channels.proposed(document, names, read, types, self.office):
            yield Draft(municipality.CHANNELS, key, cells, rule, self.evidence.probability(rule))
