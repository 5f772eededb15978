"""What the data are, counted in the lines of their dump: these are sorted, so a subject stands once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile
from pathlib import Path

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.graph.schema.partitions import RDF_TYPE, Classes, Partitions, classes_of, partitions

ONTOLOGY = f"{DEFAULT_BASE}onto/"


@dataclass(slots=True)
class Counts:
    """The counts of the default graph.

    Attributes:
        classes: instances by class.
        properties: triples by property.
        links: by property, triples by the data set elsewhere that they lead to.
        examples: the first resource of each class of our own.
        partitions: how things of each class are linked.
    """

    triples: int = 0
    subjects: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    links: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: dict[str, str] = field(default_factory=dict)
    partitions: Partitions = field(default_factory=dict)


def count(triples: Path, base: str) -> Counts:
    """Count sorted N-Triples, in two passes: of large data only what is of which class is kept.

    Args:
        triples: a file.
        base: of the instance's IRIs.
    """
    with triples.open("rb") as lines:
        counts, types = _counted(lines, base)
    classes = classes_of(types, ONTOLOGY)
    with triples.open("rb") as lines:
        counts.partitions = partitions(lines, classes)
    return counts


def subjects(triples: Path, space: str) -> Iterator[str]:
    """The subjects in sorted N-Triples whose IRIs begin so, each once."""
    start, before = f"<{space}".encode(), b""
    with triples.open("rb") as lines:
        for line in takewhile(lambda one: one.startswith(start), dropwhile(lambda one: one < start, lines)):
            subject = line.split(b" ", 1)[0]
            if subject != before:
                yield subject[1:-1].decode()
            before = subject


def _counted(lines: Iterable[bytes], base: str) -> tuple[Counts, dict[bytes, Classes]]:
    """The counts of lines, and the classes that each subject has; a line costs little here."""
    counts, types, alike = Counts(), dict[bytes, Classes](), dict[Classes, Classes]()
    properties, elsewhere = Counter[bytes](), Counter[tuple[bytes, bytes]]()
    own, things, before = f"<{base}".encode(), f"<{base}data/".encode(), b""
    for line in lines:
        subject, property_, rest = line.split(b" ", 2)
        properties[property_] += 1
        if subject != before:
            counts.subjects += 1
            before = subject
        if property_ == RDF_TYPE:
            class_ = rest[1 : rest.rindex(b"> .")].decode()
            counts.classes[class_] += 1
            found = (*types.get(subject, ()), class_)
            types[subject] = alike.setdefault(found, found)
            if class_.startswith(ONTOLOGY) and subject.startswith(things):
                counts.examples.setdefault(class_, subject[1:-1].decode())
        elif rest.startswith(b"<") and not rest.startswith(own):
            elsewhere[property_, rest] += 1
    counts.triples = properties.total()
    counts.properties = Counter({name[1:-1].decode(): number for name, number in properties.items()})
    for (name, rest), number in elsewhere.items():
        counts.links[name[1:-1].decode()][target(rest[1 : rest.rindex(b"> .")].decode())] += number
    return counts, types


def target(iri: str) -> str:
    """The data set that a link leads to: its host and the first part of its path; of a URN, its namespace.

    >>> target("http://publications.europa.eu/resource/authority/data-theme/GOVE")
    'http://publications.europa.eu/resource/'
    >>> target("urn:nir:stato:legge:1990-08-07;241"), target("http://schema.org/Monday")
    ('urn:nir:', 'http://schema.org/')
    """
    if iri.startswith("urn:"):
        return ":".join(iri.split(":")[:2]) + ":"
    parts = iri.split("/")
    return "/".join(parts[: 4 if len(parts) > 4 else 3]) + "/"
