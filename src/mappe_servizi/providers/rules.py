"""What is known of providers, read once for all municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.model.tables.knowledge import LEGAL_FORMS, MUNICIPALITIES, STRUCTURE_TYPES
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.engagements import Vocabulary
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.mentions import DeliveryPhrases, StructureTypes
from mappe_servizi.providers.registry import ProviderRegistry


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of names, structures, activities and organisations."""

    forms: LegalForms
    types: StructureTypes
    phrases: DeliveryPhrases
    vocabulary: Vocabulary
    registry: ProviderRegistry

    @classmethod
    def load(cls, knowledge: Path, data: Path) -> Rules:
        """Read what is known of names and activities, and the instance's registry.

        Args:
            knowledge: the directory of what is known for every municipality.
            data: the directory of the maintained data.

        Raises:
            InputError, InputErrors: a table cannot be used.
        """
        forms = LegalForms.load(knowledge / LEGAL_FORMS.file)
        return cls(
            forms,
            StructureTypes.load(knowledge / STRUCTURE_TYPES.file, forms),
            DeliveryPhrases(Wording.load(knowledge), forms),
            Vocabulary.load(knowledge, forms),
            ProviderRegistry.load(data / "providers", knowledge / MUNICIPALITIES.file),
        )
