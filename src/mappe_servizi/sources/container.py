"""The zipped XML of Office and OpenDocument files, opened so that no file costs more than its size.

The directory of the archive says what each part unpacks to, and no more than that is ever unpacked; XML
with a document type (entities, bombs) is refused, and so is XML that is nested beyond any document.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from mappe_servizi.sources.block import Unfit

MAX_PARTS: Final = 5_000
MAX_PART: Final = 48 << 20
"""Bytes of a part; the text of Cremona's 69 sheets is 4 MB of a word processor's XML."""
MAX_DEPTH: Final = 100
_ENCRYPTED: Final = "a password protects it: save it without one"


class Container:
    """An archive of parts.

    Raises:
        Unfit: it is damaged, encrypted, or unpacks to more than any document has.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(data))
            self._parts = {info.filename: info for info in self._zip.infolist()}
        except (BadZipFile, ValueError, OSError, NotImplementedError):
            raise Unfit("a damaged file: its archive cannot be opened; save it again") from None
        if len(self._parts) > MAX_PARTS:
            raise Unfit(f"{len(self._parts)} parts in its archive: no document")

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def names(self) -> list[str]:
        """The names of its parts."""
        return list(self._parts)

    def size(self, name: str) -> int:
        """The bytes that a part unpacks to."""
        return self._parts[name].file_size

    def read(self, name: str) -> bytes:
        """A part's bytes."""
        info = self._parts.get(name)
        if info is None:
            raise Unfit(f"a damaged file: it lacks {name}; save it again")
        if info.flag_bits & 1:
            raise Unfit(_ENCRYPTED)
        if info.file_size > MAX_PART:
            raise Unfit(
                f"its part {name} unpacks to {info.file_size} bytes; the most that is read is {MAX_PART}"
            )
        try:
            return self._zip.read(info)
        except (BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
            raise Unfit(f"a damaged file: its part {name} cannot be unpacked; save it again") from None

    def xml(self, name: str) -> Element:
        """A part that is XML.

        Raises:
            Unfit: it is none, has a document type, or is nested too deeply.
        """
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, fromstring

        try:
            root: Element = fromstring(self.read(name), forbid_dtd=True)
        except DefusedXmlException:
            raise Unfit(
                f"its part {name} has a document type or entities, which no office program writes"
            ) from None
        except (ParseError, ValueError, LookupError) as error:
            raise Unfit(f"a damaged file: its part {name} is no XML ({error}); save it again") from None
        _check_depth(root, name)
        return root


def _check_depth(root: Element, name: str) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Unfit(f"its part {name} is nested more than {MAX_DEPTH} deep: no document")
        level = [child for element in level for child in element]


def holds(data: bytes, *names: str) -> bool:
    """Whether bytes are an archive with parts of these names."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(BytesIO(data)) as archive:
            found = set(archive.namelist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return names[0].encode() in data
    return all(name in found for name in names)


def local(element: Element) -> str:
    """An element's name without its namespace; "" for what is no element."""
    tag: Any = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str, default: str = "") -> str:
    """An attribute by its name without namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), default)


def number(element: Element, name: str, largest: int, default: int = 1) -> int:
    """A whole number from 1 that an attribute tells.

    Raises:
        Unfit: it is none, or larger than any document has.
    """
    text = attribute(element, name, str(default))
    if not (text.isascii() and text.isdecimal()) or not len(text) < 10 or not 1 <= int(text) <= largest:
        raise Unfit(f"{name}={text[:20]!r}: a number from 1 to {largest} expected")
    return int(text)
