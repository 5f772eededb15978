"""What the data are, counted in the lines of their dump: these are sorted, so a subject stands once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile
from pathlib import Path

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.graph.schema.partitions import RDF_TYPE, Partitions, classes_of, partitions

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


def count(quads: Path, base: str) -> Counts:
    """Count sorted N-Quads, in two passes: of large data only what is of which class is kept.

    Args:
        quads: a file.
        base: of the instance's IRIs.
    """
    counts = Counts()
    with quads.open("rb") as lines:
        classes = classes_of(_counting(counts, _of_default_graph(lines), base), ONTOLOGY)
    with quads.open("rb") as lines:
        counts.partitions = partitions(_of_default_graph(lines), classes)
    return counts


def subjects(quads: Path, space: str) -> Iterator[str]:
    """The subjects in sorted N-Quads whose IRIs begin so, each once."""
    start, before = f"<{space}".encode(), b""
    with quads.open("rb") as lines:
        for line in takewhile(lambda one: one.startswith(start), dropwhile(lambda one: one < start, lines)):
            subject = line.split(b" ", 1)[0]
            if subject != before:
                yield subject[1:-1].decode()
            before = subject


def _counting(counts: Counts, lines: Iterable[bytes], base: str) -> Iterator[bytes]:
    before, elsewhere = b"", Counter[tuple[bytes, bytes]]()
    own, things = f"<{base}".encode(), f"<{base}data/".encode()
    for line in lines:
        subject, property_, rest = line.split(b" ", 2)
        counts.triples += 1
        counts.subjects += subject != before
        before = subject
        counts.properties[property_[1:-1].decode()] += 1
        if property_ == RDF_TYPE:
            class_ = rest[1 : rest.rindex(b"> .")].decode()
            counts.classes[class_] += 1
            if class_.startswith(ONTOLOGY) and subject.startswith(things):
                counts.examples.setdefault(class_, subject[1:-1].decode())
        elif rest[:1] == b"<" and not rest.startswith(own):
            elsewhere[property_, rest[1 : rest.rindex(b"> .")]] += 1
        yield line
    for (property_, iri), number in elsewhere.items():
        counts.links[property_[1:-1].decode()][target(iri.decode())] += number


def _of_default_graph(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if in_default_graph(line))


def in_default_graph(line: bytes) -> bool:
    """Whether a line of N-Quads names no graph.

    >>> ends = b'"a <b> c"@it .', b'"a"^^<n> <g> .', b'<o> .', b'<o> <g> .'
    >>> [in_default_graph(b"<s> <p> " + end) for end in ends]
    [True, False, True, False]
    """
    rest = line.split(b" ", 2)[2]
    end = rest[rest.rindex(b'"') + 1 :] if rest[:1] == b'"' else rest
    return end.count(b" ") == 1


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
