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
from mappe_servizi.model.tables import read_all
from mappe_servizi.model.tables.municipality import AUDIENCES, IDENTIFIERS, INDICATORS, SERVICES
from mappe_servizi.model.tables.whole import declared, municipality_files
from mappe_servizi.pipeline.municipality import incomplete_registry
from mappe_servizi.pipeline.records import read_records
from mappe_servizi.reading.concepts import read_concepts
from mappe_servizi.reading.curated import check_decisions, read_audiences, read_classifications
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class Open:
    """What there is to do for a municipality.

    Attributes:
        wrong: what cannot be used; while there is any of it, nothing else is known.
        documents: its editions as they were read, oldest first.
        decisions: what the documents leave open, each with its edition.
        uncurated: how many things nobody has decided about, by what they lack.
        questions: how many proposals wait for a decision, by the table's file.
        values: how many proposals are sure enough to be values until somebody decides, by the table's file.
    """

    wrong: Sequence[InputError] = ()
    documents: Sequence[Document] = ()
    decisions: Sequence[tuple[Document, OpenDecision]] = ()
    uncurated: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How many decisions are open."""
        return len(self.decisions) + self.uncurated.total()


def open_of(folder: Path, settings: Settings) -> Open:
    """What of a municipality is wrong and open.

    Args:
        folder: data/municipalities/{ipa}.
        settings: where knowledge is.
    """
    try:
        registry = incomplete_registry(folder, settings)
        records = read_records(folder, settings, registry)
        check_decisions(folder, registry, frozenset().union(*(one.stated for one in records)))
        documents = [one.document for one in records]
        uncurated = Counter(
            lacks for one in documents[-1:] for lacks in _uncurated(one, settings, registry, folder)
        )
    except InputErrors as error:
        return Open(error.errors)
    except InputError as error:
        return Open([error])
    if registry.missing:
        uncurated[f"names without a slug ({IDENTIFIERS.file}; `mappe identifiers`)"] = len(registry.missing)
    decisions = [(one, decision) for one in documents for decision in open_decisions(one)]
    return Open((), documents, decisions, uncurated, *_proposals(folder))


def _proposals(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """The proposals that are questions and those that are values, by the table's file."""
    questions, values = Counter[str](), Counter[str]()
    for home, path in municipality_files(folder):
        table = declared(home, path.name)
        for found in read_all(table, path) if table and table.drafted else ():
            if found.curation.curation == "proposed":
                (values if found.curation.holds else questions)[path.name] += 1
    return questions, values


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
