"""What was read of a document about who delivers, where and how: one reading for all subjects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import CHANNEL_KINDS, NAMED_ACTS, ChannelKindRow
from mappe_servizi.model.tables.municipality import REFERENCES
from mappe_servizi.providers.acts import Acts
from mappe_servizi.providers.channels import Channel, read_channels
from mappe_servizi.providers.model import Network
from mappe_servizi.providers.network import build_network
from mappe_servizi.providers.references import Reference, references
from mappe_servizi.providers.rules import Rules
from mappe_servizi.providers.sites import Site, read_sites


@dataclass(frozen=True, slots=True)
class Delivery:
    """Providers, sites, channels and cited acts of one document."""

    rules: Rules
    network: Network
    sites: tuple[Site, ...]
    channels: tuple[Channel, ...]
    kinds: dict[str, ChannelKindRow]
    references: tuple[Reference, ...]

    @classmethod
    def read(cls, document: Document, knowledge: Path, data: Path) -> Delivery:
        """Read a document with the maintained tables.

        Raises:
            InputError, InputErrors: a table cannot be used, or a reviewed row fits nothing printed.
        """
        rules = _rules(knowledge, data)
        network = build_network(document, rules, data)
        types = network.structure_types
        titles = {entry.number: entry.title.value for entry in document.entries}
        acts = Acts.load(knowledge, str(document.municipality.settings.get("region", "")))
        named = read_rows(NAMED_ACTS, knowledge / NAMED_ACTS.file)
        kinds = read_rows(CHANNEL_KINDS, knowledge / CHANNEL_KINDS.file)
        directory = data / "municipalities" / document.municipality.ipa
        reviewed = read_rows(REFERENCES, directory / REFERENCES.file)
        return cls(
            rules,
            network,
            tuple(read_sites(document, types, knowledge, data)),
            tuple(read_channels(document, types, titles, kinds, data)),
            {kind.kind: kind for kind in kinds},
            tuple(r for m in document.maps for r in references(m, acts, named, reviewed)),
        )


@lru_cache(maxsize=4)
def _rules(knowledge: Path, data: Path) -> Rules:
    return Rules.load(knowledge, data)
