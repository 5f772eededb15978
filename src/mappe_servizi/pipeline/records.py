"""The one way to get a municipality's records, and it is the safe one.

Reading, curation, small counts and redactions hang together: what is small depends on the reviewed
readings and on the audiences, what gives a figure away on what is small; a redaction comes last, so that
nothing after it can bring back what it took. Nothing else may read a document (pyproject.toml).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.reading.curated import Stated, read_audiences, stated
from mappe_servizi.reading.curation import without_readings
from mappe_servizi.reading.disclosure import flag_small_counts, suppress_small_counts, vulnerable_audiences
from mappe_servizi.reading.municipality import find_editions
from mappe_servizi.reading.reader import read_printed, with_readings
from mappe_servizi.reading.redaction import read_redactions, redact
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class Records:
    """What may be published of an edition's document.

    Attributes:
        document: with the curated readings, and with its small counts flagged or gone.
        printed: the same without the curated readings: what records/*.json tell.
        stated: what it states that decisions are about, by slug.
    """

    document: Document
    printed: Document
    stated: Stated


def read_records(directory: Path, settings: Settings, registry: Registry | None = None) -> list[Records]:
    """Read the editions of a municipality, oldest first.

    Args:
        directory: data/municipalities/{ipa}.
        settings: where knowledge is, which counts are small, and whether they are suppressed.
        registry: its registry, which gets proposals for labels that it does not know.

    Raises:
        InputError, InputErrors: a document, or what is maintained of it, cannot be used.
    """
    registry = registry or Registry.load(directory / IDENTIFIERS.file)
    read = [read_printed(edition, settings.knowledge) for edition in find_editions(directory)]
    names = [Names.of(document, registry) for document in read]
    curated = [
        _protected(with_readings(document, registry), of, settings)
        for document, of in zip(read, names, strict=True)
    ]
    documents = redact(
        list(zip(curated, names, strict=True)), read_redactions(directory, registry), directory
    )
    return [
        Records(document, _printed(document, before), stated(before, of))
        for document, before, of in zip(documents, read, names, strict=True)
    ]


def _protected(document: Document, names: Names, settings: Settings) -> Document:
    """With its small counts flagged, or gone."""
    audiences = read_audiences(document, names)
    vulnerable = vulnerable_audiences(settings.knowledge)
    document = flag_small_counts(document, audiences, vulnerable, settings.small_count_threshold)
    return suppress_small_counts(document) if settings.suppress_small_counts else document


def _printed(document: Document, read: Document) -> Document:
    return replace(document, maps=tuple(map(without_readings, document.maps, read.maps)))
