"""What tells two dumps apart: the resources that were added, changed or withdrawn, graph by graph.

Both dumps are sorted, so one pass over them is enough, whatever their size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from mappe_servizi.rdf.namespaces import NAMED_GRAPHS
from mappe_servizi.rights import Texts

Kind = Literal["added", "changed", "withdrawn"]
DATA: Final = "data"
"""The name of the default graph's stream."""
WORDS: Final[Mapping[Kind, tuple[str, str]]] = {
    "added": ("aggiunte", "added"),
    "changed": ("modificate", "changed"),
    "withdrawn": ("ritirate", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that is not the same in two dumps.

    Attributes:
        iri: of the resource.
        stream: "data" for the default graph, or the name of the named one.
        kind: what happened to it.
        lines: its triples in the new dump, N-Triples lines; of a withdrawn one, none.
        before: its triples in the old dump; of an added one, none.
    """

    iri: str
    stream: str
    kind: Kind
    lines: tuple[bytes, ...] = ()
    before: tuple[bytes, ...] = ()


def compare(old: Path | None, new: Path, base: str) -> Iterator[Change]:
    """The changes between two dumps (sorted N-Quads), in the order of the subjects."""
    ends = {name: f" <{base}graph/{name}> .\n".encode() for name in NAMED_GRAPHS}
    before = _subjects(old, ends) if old is not None else iter(())
    after = _subjects(new, ends)
    a, b = next(before, None), next(after, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a[0] < b[0]):
            assert a is not None
            yield from _told(a[0], a[1], {})
            a = next(before, None)
        elif a is None or b[0] < a[0]:
            yield from _told(b[0], {}, b[1])
            b = next(after, None)
        else:
            yield from _told(a[0], a[1], b[1])
            a, b = next(before, None), next(after, None)


Parts = dict[str, tuple[bytes, ...]]


def _subjects(path: Path, ends: Mapping[str, bytes]) -> Iterator[tuple[bytes, Parts]]:
    """Each subject with its triples in each graph."""
    with path.open("rb") as lines:
        for subject, group in groupby(lines, key=lambda line: line.split(b" ", 1)[0]):
            parts: dict[str, list[bytes]] = {}
            for line in group:
                name = next((name for name, end in ends.items() if line.endswith(end)), DATA)
                triple = line if name == DATA else line.removesuffix(ends[name]) + b" .\n"
                parts.setdefault(name, []).append(triple)
            yield subject, {name: tuple(found) for name, found in parts.items()}


def _told(subject: bytes, old: Parts, new: Parts) -> Iterator[Change]:
    iri = subject[1:-1].decode()
    for name in sorted({*old, *new}):
        before, after = old.get(name, ()), new.get(name, ())
        if before != after:
            kind: Kind = "added" if not before else "withdrawn" if not after else "changed"
            yield Change(iri, name, kind, after, before)


def concept_of(iri: str, base: str) -> str:
    """What kind of resource an IRI is of.

    >>> concept_of("https://e.org/data/segment/c_d150/x/y", "https://e.org/")
    'segment'
    """
    space, _, rest = iri.removeprefix(base).partition("/")
    return rest.partition("/")[0] if space == "data" else space


def in_words(changes: Sequence[Change], base: str) -> Texts:
    """A change log's sentence in each language."""
    counts = Counter((c.kind, concept_of(c.iri, base)) for c in changes)
    texts = {}
    for place, tag in enumerate(("it", "en")):
        sentences = []
        for kind, words in WORDS.items():
            found = [f"{n} {concept}" for (k, concept), n in sorted(counts.items()) if k == kind]
            if found:
                total = sum(n for (k, _), n in counts.items() if k == kind)
                noun = "risorse" if tag == "it" else "resources"
                sentences.append(f"{total} {noun} {words[place]} ({', '.join(found)})")
        none = "Nessuna risorsa dei dati è cambiata" if tag == "it" else "No resource of the data changed"
        texts[tag] = ("; ".join(sentences) or none) + "."
    return texts
