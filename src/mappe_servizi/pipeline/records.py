"""The one way to get a municipality's records, and it is the safe one.

Reading, curation, small counts and redactions hang together: what is small depends on the reviewed
readings and on the audiences, what gives a figure away on what is small; a redaction comes last, so that
nothing after it can bring back what it took. Nothing else may read a document (pyproject.toml).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from mappe_servizi.model.records import Document
from mappe_servizi.reading.curated import read_audiences
from mappe_servizi.reading.curation import without_readings
from mappe_servizi.reading.disclosure import flag_small_counts, suppress_small_counts, vulnerable_audiences
from mappe_servizi.reading.reader import read_printed, with_readings
from mappe_servizi.reading.redaction import read_redactions, redact
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class Records:
    """What may be published of a municipality's document.

    Attributes:
        document: with the curated readings, and with its small counts flagged or gone.
        printed: the same without the curated readings: what records/*.json tell.
    """

    document: Document
    printed: Document


def read_records(directory: Path, settings: Settings) -> Records:
    """Read a municipality's document.

    Args:
        directory: data/municipalities/{ipa}.
        settings: where knowledge is, which counts are small, and whether they are suppressed.

    Raises:
        InputError, InputErrors: the document, or what is maintained of it, cannot be used.
    """
    read = read_printed(directory, settings.knowledge)
    document = with_readings(read, directory)
    audiences = read_audiences(directory, document)
    vulnerable = vulnerable_audiences(settings.knowledge)
    document = flag_small_counts(document, audiences, vulnerable, settings.small_count_threshold)
    if settings.suppress_small_counts:
        document = suppress_small_counts(document)
    document = redact(document, read_redactions(directory), directory)
    maps = map(without_readings, document.maps, read.maps)
    return Records(document, replace(document, maps=tuple(maps)))
