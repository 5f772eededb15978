"""How things of each class are linked: by which property, to things of which class, or to which values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypedDict

RDF_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
STRING = "http://www.w3.org/2001/XMLSchema#string"
Classes = tuple[str, ...]


class Partition(TypedDict):
    """The triples of a class's things with one property; by class, and by datatype, of what they lead to."""

    triples: int
    classes: dict[str, int]
    datatypes: dict[str, int]


Partitions = Mapping[str, Mapping[str, Partition]]
"""By class and property."""


def partitions(lines: Iterable[bytes], classes: Mapping[bytes, Classes]) -> Partitions:
    """Count triples by what they lead from and to.

    Args:
        lines: N-Triples, read once.
        classes: of each thing, those that it stands for.
    """
    alike: Counter[tuple[Classes, bytes, Classes | str]] = Counter()
    for line in lines:
        subject, property_, rest = line.split(b" ", 2)
        if property_ != RDF_TYPE and (of := classes.get(subject)):
            value = rest[: rest.rindex(b" .")]
            kind = datatype(value) if value.startswith(b'"') else classes.get(value, ())
            alike[of, property_, kind] += 1
    return _by_class(alike)


def _by_class(alike: Counter[tuple[Classes, bytes, Classes | str]]) -> Partitions:
    found: dict[str, dict[str, Partition]] = {}
    for (of, property_, kind), number in sorted(alike.items(), key=str):
        for class_ in of:
            known = found.setdefault(class_, {})
            part = known.setdefault(property_[1:-1].decode(), {"triples": 0, "classes": {}, "datatypes": {}})
            part["triples"] += number
            counts = part["datatypes"] if isinstance(kind, str) else part["classes"]
            for one in (kind,) if isinstance(kind, str) else kind:
                counts[one] = counts.get(one, 0) + number
    return found


def classes_of(types: Mapping[bytes, Classes], ontology: str) -> Mapping[bytes, Classes]:
    """What each thing stands for: its classes of our own ontology.

    All its classes where it has none there, since others' are more general.

    Args:
        types: the classes that each thing has.
        ontology: what the IRIs of our own classes begin with.
    """
    alike = {found: _standing(found, ontology) for found in set(types.values())}
    return {thing: alike[found] for thing, found in types.items()}


def _standing(classes: Classes, ontology: str) -> Classes:
    own = tuple(sorted(one for one in classes if one.startswith(ontology)))
    return own or tuple(sorted(classes))


def datatype(literal: bytes) -> str:
    """The datatype of a literal of N-Triples.

    >>> datatype(b'"1"^^<http://e.org/n>'), datatype(b'"a\\\\"@it"'), datatype(b'"a"@it')[-10:]
    ('http://e.org/n', 'http://www.w3.org/2001/XMLSchema#string', 'langString')
    """
    end = literal[literal.rindex(b'"') + 1 :]
    if end.startswith(b"^^"):
        return end[3:-1].decode()
    return LANG_STRING if end else STRING
