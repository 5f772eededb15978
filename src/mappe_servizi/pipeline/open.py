"""What of a municipality is wrong and what is open, for `mappe add`, `mappe check` and `mappe review`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document, OpenDecision
from mappe_servizi.model.tables.municipality import AUDIENCES, IDENTIFIERS, INDICATORS, SERVICES
from mappe_servizi.pipeline.municipality import incomplete_registry
from mappe_servizi.pipeline.records import read_records
from mappe_servizi.reading.concepts import read_concepts
from mappe_servizi.reading.curated import read_audiences, read_classifications
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class Open:
    """What there is to do for a municipality.

    Attributes:
        wrong: what cannot be used; while there is any of it, nothing else is known.
        documents: its editions as they were read, oldest first.
        decisions: what the documents leave open, each with its edition.
        uncurated: how many things have no row of a curated table, by what they lack.
    """

    wrong: Sequence[InputError] = ()
    documents: Sequence[Document] = ()
    decisions: Sequence[tuple[Document, OpenDecision]] = ()
    uncurated: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How many decisions are open."""
        return len(self.decisions) + self.uncurated.total()


def open_of(folder: Path, settings: Settings, *, write: bool = False) -> Open:
    """What of a municipality is wrong and open.

    Args:
        folder: data/municipalities/{ipa}.
        settings: where knowledge is.
        write: whether to write the rows that its registry of slugs lacks.
    """
    try:
        registry = incomplete_registry(folder, settings)
        if write and registry.missing:
            registry.write()
        registry = Registry.load(folder / IDENTIFIERS.file) if write else registry
        documents = [records.document for records in read_records(folder, settings, registry)]
        uncurated = Counter(
            lacks for one in documents[-1:] for lacks in _uncurated(one, settings, registry, folder)
        )
    except InputErrors as error:
        return Open(error.errors)
    except InputError as error:
        return Open([error])
    if not write and registry.missing:
        uncurated[f"names without a slug ({IDENTIFIERS.file}; `mappe identifiers`)"] = len(registry.missing)
    decisions = [(one, decision) for one in documents for decision in open_decisions(one)]
    return Open((), documents, decisions, uncurated)


def _uncurated(document: Document, settings: Settings, registry: Registry, folder: Path) -> Iterator[str]:
    """What the things of an edition lack."""
    names = Names.of(document, registry)
    concepts = read_concepts(folder, settings.knowledge, registry)
    for number, row in read_classifications(names, folder).items():
        if names.service(number) not in concepts.services:
            yield "services without a shared concept (service-concepts.csv)"
        if not row.theme:
            yield f"services without a classification ({SERVICES.file})"
    audiences = read_audiences(document, names)
    for sheet in document.maps:
        for segment in sheet.segments:
            if (sheet.number, segment.position) not in audiences:
                yield f"segments without an audience ({AUDIENCES.file})"
        for indicator in sheet.indicators:
            if not indicator.counted:
                yield f"indicators without what they count ({INDICATORS.file})"
