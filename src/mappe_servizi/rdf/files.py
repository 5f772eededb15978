"""RDF files of others: their format by their ending, and XML that must not cost more than its size.

pyoxigraph's parser of RDF/XML resolves entities without a limit, needs quadratic time for deep
nesting, and takes a file that is cut off for a whole one. So XML goes through expat first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.parsers import expat

from pyoxigraph import RdfFormat

from mappe_servizi.errors import InputError

DEPTH: Final = 256
"""Elements within each other; a file that people or programs write for others has some ten."""
WIDTH: Final = 256
"""Attributes of an element, name spaces included."""
ENTITY: Final = 1_000
"""Characters of an entity: the IRI of a name space, for which ontology editors write them."""
GROWTH, SPARE = 10, 1 << 16
"""How many times its size a file may have with its entities in place, and the characters that any may."""
OWL = "owl"


class UnsafeXmlError(ValueError):
    """The XML is not well-formed, or would cost more than its size; has the line in ``line``."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def read_rdf(path: Path) -> tuple[bytes, RdfFormat]:
    """An RDF file's bytes and its format, safe to be given to pyoxigraph.

    Raises:
        InputError: it cannot be read, its ending is of no format, or it is XML that is not to be parsed.
    """
    suffix = path.suffix.lower().removeprefix(".")
    kind = RdfFormat.RDF_XML if suffix == OWL else RdfFormat.from_extension(suffix)
    if kind is None:
        raise InputError(
            f"the ending {path.suffix!r} is none of .ttl .nt .nq .trig .rdf .owl .jsonld", file=path
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", file=path) from error
    if kind == RdfFormat.RDF_XML:
        try:
            check_xml(data)
        except UnsafeXmlError as error:
            raise InputError(f"not RDF/XML that can be read: {error}", file=path, line=error.line) from None
    return data, kind


def check_xml(data: bytes) -> None:
    """Refuse XML that is not well-formed or that costs more than its size; in time linear to it.

    >>> check_xml(b'<!DOCTYPE a [<!ENTITY e "http://e.org/">]><a b="&e;x"/>')
    >>> check_xml(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>')
    Traceback (most recent call last):
    ...
    mappe_servizi.rdf.files.UnsafeXmlError: the entity 'e' is not a plain text of 1000 characters at most

    Raises:
        UnsafeXmlError: it is such XML.
    """
    checker = _Checker(data)
    try:
        checker.parser.Parse(data, True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise UnsafeXmlError(f"the XML is not well-formed ({said})", error.lineno) from None


class _Checker:
    """Counts what a parser meets."""

    def __init__(self, data: bytes) -> None:
        self.data, self.room = data, GROWTH * len(data) + SPARE
        self.depth = self.entities = 0
        self.begun = False
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _refuse(self, what: str) -> None:
        raise UnsafeXmlError(what, self.parser.CurrentLineNumber)

    def _entity(self, name: str, parameter: bool, value: str | None, *rest: str | None) -> None:
        self.entities += 1
        if parameter or value is None or "&" in value or len(value) > ENTITY:
            self._refuse(f"the entity {name!r} is not a plain text of {ENTITY} characters at most")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.begun:
            self.begun = True
            if self.data[: self.parser.CurrentByteIndex].count(b"<!ENTITY") != self.entities:
                self._refuse("its entities are not declared plainly")
        self.depth += 1
        if self.depth > DEPTH:
            self._refuse(f"there are more than {DEPTH} elements within each other")
        if len(attributes) > WIDTH:
            self._refuse(f"an element has more than {WIDTH} attributes")
        self._text("".join(attributes.values()))

    def _end(self, name: str) -> None:
        self.depth -= 1

    def _text(self, text: str) -> None:
        self.room -= len(text)
        if self.room < 0:
            self._refuse(f"its entities make it more than {GROWTH} times as long")
