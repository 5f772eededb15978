"""What shapes can look at: engines spend half of their time on reading, and much is not asked for.

A shape of SHACL Core sees a triple by its property alone, which it names: in a path, as a target, or as a
class, whose instances are found by ``rdf:type`` and ``rdfs:subClassOf`` (sections 2.1.3 and 4.1.1). Anything
beyond that may see everything: ``sh:closed``, SPARQL, scripts, rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
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
ALWAYS: Final = frozenset(
    (
        b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
        b"<http://www.w3.org/2000/01/rdf-schema#subClassOf>",
    )
)
IRI: Final = re.compile(rb"<[^<>\s]*>")
OF_SHACL: Final = re.compile(rb"^\S+\s+<(%s[^>]*)>" % re.escape(SH), re.MULTILINE)


def relevant(data: bytes, shapes: bytes) -> Iterator[bytes]:
    """The lines of triples that shapes may look at; all, where they have more than SHACL Core.

    Args:
        data: N-Triples.
        shapes: N-Triples.

    >>> asked = b"<s:1> <http://www.w3.org/ns/shacl#targetObjectsOf> <p:1> ."
    >>> list(relevant(b"<a:1> <p:1> <a:2> .\\n<a:1> <p:2> <a:3> .\\n", asked))
    [b'<a:1> <p:1> <a:2> .\\n']
    """
    lines = BytesIO(data)
    if not CORE.issuperset(OF_SHACL.findall(shapes)):
        return lines
    named = ALWAYS.union(IRI.findall(shapes))
    return (line for line in lines if _property(line) in named)


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


def _property(line: bytes) -> bytes | None:
    """The property of a line; some that is always asked for, where the line is none of a triple."""
    parts = line.split(None, 2)
    return parts[1] if len(parts) > 2 else next(iter(ALWAYS))
