"""What was read of a document about who delivers, where and how: one reading for all subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names, decided
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import Table, read_rows
from mappe_servizi.model.tables.edition import REFERENCES
from mappe_servizi.model.tables.knowledge import CHANNEL_KINDS, NAMED_ACTS, ChannelKindRow
from mappe_servizi.model.tables.municipality import CHANNELS, PLACES, ChannelRow, PlaceRow
from mappe_servizi.providers.acts import Acts
from mappe_servizi.providers.channels import Channel, read_channels
from mappe_servizi.providers.model import Network
from mappe_servizi.providers.network import build_network
from mappe_servizi.providers.references import Reference, references
from mappe_servizi.providers.rules import Rules
from mappe_servizi.providers.sites import Site, read_sites


@dataclass(frozen=True, slots=True)
class Delivery:
    """Providers, sites, channels and cited acts of one document.

    Attributes:
        unused: the reviewed rows that it prints nothing of.
    """

    rules: Rules
    network: Network
    sites: tuple[Site, ...]
    channels: tuple[Channel, ...]
    kinds: dict[str, ChannelKindRow]
    references: tuple[Reference, ...]
    unused: tuple[PlaceRow | ChannelRow, ...]

    @classmethod
    def read(cls, document: Document, names: Names, knowledge: Path, data: Path) -> Delivery:
        """Read a document with the maintained tables.

        Args:
            document: of an edition.
            names: the slugs of what it names.
            knowledge: the directory of what is known for every municipality.
            data: the directory of the maintained data.

        Raises:
            InputError, InputErrors: a table cannot be used, or a row about the document's lines fits none.
        """
        rules = _rules(knowledge, data)
        network = build_network(document, rules)
        types, services = network.structure_types, names.services()
        titles = {entry.number: entry.title.value for entry in document.entries}
        record = document.municipality
        acts = Acts.load(knowledge, str(record.settings.get("region", "")))
        named = read_rows(NAMED_ACTS, knowledge / NAMED_ACTS.file)
        kinds = read_rows(CHANNEL_KINDS, knowledge / CHANNEL_KINDS.file)
        reviewed = read_rows(REFERENCES, record.edition_folder / REFERENCES.file)
        known = [
            item.row if item.curation.curation == "reviewed" else replace(item.row, certainty="rule")
            for item in decided(PLACES, record.folder, names.registry)
        ]
        sites, other_places = read_sites(document, services, types, known, knowledge)
        told = [item.row for item in decided(CHANNELS, record.folder, names.registry)]
        channels, other_channels = read_channels(document, services, types, titles, kinds, told, knowledge)
        return cls(
            rules,
            network,
            tuple(sites),
            tuple(channels),
            {kind.kind: kind for kind in kinds},
            tuple(r for m in document.maps for r in references(m, acts, named, reviewed)),
            (*other_places, *other_channels),
        )


def check_delivery(folder: Path, registry: Registry, deliveries: Sequence[Delivery]) -> None:
    """Fail where a row of places.csv or channels.csv fits nothing that any edition prints.

    A proposal that nobody has reviewed is no one's mistake: it stays for who reviews it.

    Args:
        folder: of the municipality.
        registry: its registry.
        deliveries: one an edition.

    Raises:
        InputError, InputErrors: each of them.
    """
    tables: tuple[Table[Any], ...] = (PLACES, CHANNELS)
    errors = [
        InputError(f"no edition prints {item.row.printed!r} there", file=folder / table.file, line=item.line)
        for table in tables
        for item in decided(table, folder, registry)
        if item.curation.curation == "reviewed"
        and all(item.row in delivery.unused for delivery in deliveries)
    ]
    gathered(errors)


@lru_cache(maxsize=4)
def _rules(knowledge: Path, data: Path) -> Rules:
    return Rules.load(knowledge, data)
