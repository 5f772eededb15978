"""The maintained tables of data/providers, read once for all municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.providers.engagements import Vocabulary
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.mentions import StructureTypes
from mappe_servizi.providers.registry import ProviderRegistry


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of names, structures, activities and organisations."""

    forms: LegalForms
    types: StructureTypes
    vocabulary: Vocabulary
    registry: ProviderRegistry

    @classmethod
    def load(cls, data: Path) -> Rules:
        """Read data/providers.

        Args:
            data: the directory of the maintained data.

        Raises:
            InputError, InputErrors: a table cannot be used.
        """
        directory = data / "providers"
        forms = LegalForms.load(directory / "legal-forms.csv")
        return cls(
            forms,
            StructureTypes.load(directory / "structure-types.csv", forms),
            Vocabulary.load(directory),
            ProviderRegistry.load(directory),
        )
