"""What shapes can look at: engines spend half of their time on reading, and much is not asked for.

A shape of SHACL Core sees a triple by its property alone, which it names: in a path, as a target, or as a
class, whose instances are found by ``rdf:type`` and ``rdfs:subClassOf`` (sections 2.1.3 and 4.1.1). Of what
things are it sees the classes that it names, with those below them; others only if it names ``rdf:type``
itself. Anything beyond that may see everything: ``sh:closed``, SPARQL, scripts, rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain
from typing import Final

SH: Final = b"http://www.w3.org/ns/shacl#"
CORE: Final = frozenset(
    SH + name.encode()
    for name in """
    alternativePath and class datatype deactivated defaultValue description disjoint equals flags group
    hasValue in inversePath languageIn lessThan lessThanOrEquals maxCount maxExclusive maxInclusive maxLength
    message minCount minExclusive minInclusive minLength name node nodeKind not oneOrMorePath or order path
    pattern property qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint
    severity targetClass targetNode targetObjectsOf targetSubjectsOf uniqueLang xone zeroOrMorePath
    zeroOrOnePath""".split()  # noqa: SIM905 - as the specification lists them
)
"""The properties of SHACL that look at no triples but those whose property the shapes name."""
TYPE: Final = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SUBCLASS: Final = b"<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
PATH, SUBJECTS_OF = b"<%spath>" % SH, b"<%stargetSubjectsOf>" % SH
OF_A_CLASS: Final = {PATH, TYPE, *(b"<%s%s>" % (SH, name) for name in (b"hasValue", b"message", b"severity"))}
"""What property shapes have which look at ``rdf:type`` for a class that they name, and nothing else."""
IRI: Final = re.compile(rb"<[^<>\s]*>")
OF_SHACL: Final = re.compile(rb"^\S+\s+<(%s[^>]*)>" % re.escape(SH), re.MULTILINE)
NAMES_TYPE: Final = re.compile(rb"^(\S+)\s+(\S+)\s+%s\s*\.\s*$" % re.escape(TYPE), re.MULTILINE)
END: Final = b". \t\r\n"


class TriplesByProperty:
    """Lines of N-Triples by what shapes know them by: their property, and the class of what is of one.

    Args:
        lines: of N-Triples, without their ends.
        shapes: N-Triples; what none of them may look at need not be kept.

    >>> asked = b"<s:1> <http://www.w3.org/ns/shacl#targetObjectsOf> <p:1> ."
    >>> list(TriplesByProperty([b"<a:1> <p:1> <a:2> .", b"<a:1> <p:2> <a:3> ."], asked).seen_by(asked))
    [b'<a:1> <p:1> <a:2> .']
    """

    def __init__(self, lines: Iterable[bytes], shapes: bytes) -> None:
        self._others = others = defaultdict[bytes, list[bytes]](list)
        self._types = types = defaultdict[bytes, list[bytes]](list)
        self._typed = typed = dict[bytes, bytes]()
        named, everything = _named(shapes), not _is_core(shapes)
        for line in lines:
            subject, about, value = line.split(None, 2)
            if about == TYPE:
                types[value.rstrip(END)].append(line)
                typed[subject] = line
            elif everything or about in named:
                others[about].append(line)

    def seen_by(self, shapes: bytes) -> Iterator[bytes]:
        """The lines that some of the shapes, N-Triples, may look at, each once; all, beyond SHACL Core."""
        named = _named(shapes)
        if not _is_core(shapes):
            return chain.from_iterable((*self._others.values(), *self._types.values()))
        others = chain.from_iterable(lines for about, lines in self._others.items() if about in named)
        return chain(others, self._types_seen_by(shapes, named))

    def _types_seen_by(self, shapes: bytes, named: set[bytes]) -> Iterable[bytes]:
        asked = _asked_of_types(shapes)
        if asked - {SUBJECTS_OF}:
            return chain.from_iterable(self._types.values())
        classes = self._with_narrower(named)
        lines = chain.from_iterable(lines for of, lines in self._types.items() if of in classes)
        # What only has to be of any class is of one: the last, which is often named anyway.
        return dict.fromkeys(chain(lines, self._typed.values())) if asked else lines

    def _with_narrower(self, classes: Iterable[bytes]) -> set[bytes]:
        narrower = defaultdict[bytes, list[bytes]](list)
        for line in self._others.get(SUBCLASS, ()):
            subject, _, value = line.split(None, 2)
            narrower[value.rstrip(END)].append(subject)
        found, todo = set[bytes](), [*classes]
        while todo:
            if (one := todo.pop()) not in found:
                found.add(one)
                todo += narrower[one]
        return found


def shapes_of(names: Iterable[str], shapes: bytes) -> bytes:
    """The triples of some named shapes, and of all that these lead to.

    >>> said = b"<s:1> <p:1> _:b .\\n_:b <p:2> <s:2> .\\n<s:2> <p:3> <c:1> .\\n<s:3> <p:1> <s:1> .\\n"
    >>> shapes_of(["s:1"], said) == said.replace(b"<s:3> <p:1> <s:1> .\\n", b"")
    True
    """
    said: dict[bytes, list[bytes]] = defaultdict(list)
    for line in filter(bytes.strip, BytesIO(shapes)):
        said[line.split(None, 1)[0]].append(line)
    found: dict[bytes, None] = {}
    todo = [f"<{name}>".encode() for name in names]
    while todo:
        node = todo.pop()
        if node in said and node not in found:
            found[node] = None
            todo += (line.split(None, 2)[2].rstrip(b". \n") for line in said[node])
    return b"".join(line for node in found for line in said[node])


def _is_core(shapes: bytes) -> bool:
    return CORE.issuperset(OF_SHACL.findall(shapes))


def _named(shapes: bytes) -> set[bytes]:
    return {SUBCLASS, *IRI.findall(shapes)}


def _asked_of_types(shapes: bytes) -> set[bytes]:
    """By which properties shapes name ``rdf:type``, but where they ask for a class that they name."""
    naming, has = NAMES_TYPE.findall(shapes), defaultdict[bytes, set[bytes]](set)
    for line in filter(None, shapes.splitlines()):
        shape, way, _ = line.split(None, 2)
        has[shape].add(way)
    return {way for shape, way in naming if not has[shape] <= OF_A_CLASS}
