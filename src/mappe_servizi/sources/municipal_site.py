"""The pages of the services of a municipal site, saved: an archive of HTML files, or one page.

Every page of the archive has its lines: a service's those of its paragraphs, any other one with its name.
A page that cannot be read is left out and told; it keeps no other from being read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from mappe_servizi.sources import html
from mappe_servizi.sources.block import (
    MAX_ROWS,
    Content,
    DocumentKind,
    PagePart,
    SitePage,
    Unfit,
    Unplaced,
)
from mappe_servizi.sources.container import MAX_PARTS, Container
from mappe_servizi.sources.service_page import Printed, is_service_page, read_page

SUFFIX: Final = ".zip"
LARGEST_PAGE: Final = 4 << 20
LARGEST_SITE: Final = 512 << 20
"""Bytes of all pages unpacked; a page of the national model is some 100 kB."""
_PAGES = tuple(html.KIND.suffixes)


@dataclass(slots=True)
class _Site:
    """Collects pages, and the lines that they print."""

    pages: list[SitePage] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def add(self, file: str, data: Callable[[], bytes]) -> None:
        """A page."""
        try:
            text = html.decoded(data())
            printed, wrong = read_page(text) if is_service_page(text) else ([], "")
        except (Unfit, Unplaced) as error:
            self._line(file, _named(file))
            self.refused.append((len(self.lines), f"the page is left out: {error}"))
            return
        if wrong:
            self.refused.append((len(self.lines) + 1, wrong))
        if not printed:
            self._line(file, _named(file))
        times: Counter[str] = Counter()
        parts = []
        for one in printed:
            place = _place(one)
            times[place] += 1
            more = [place] if times[place] == 1 else [place, f"item={times[place]}"]
            self._line(_shown(one), "&".join(filter(None, [_named(file), *more])))
            parts.append(PagePart(len(self.lines), **asdict(one)))
        self.pages.append(SitePage(file, tuple(parts)))

    def _line(self, text: str, anchor: str) -> None:
        if len(self.lines) >= MAX_ROWS:
            raise Unfit(f"more than {MAX_ROWS} paragraphs: no site of a municipality's services")
        self.lines.append(text)
        self.anchors.append(anchor)

    def content(self) -> Content:
        """What was collected.

        Raises:
            Unfit: no page is a service's.
        """
        if not any(page.parts for page in self.pages):
            told = f"; {self.refused[0][1]}" if self.refused else ""
            raise Unfit(
                f"none of its {len(self.lines)} pages is the page of a service of the national model of "
                f"municipal sites{told}"
            )
        lines, anchors = tuple(self.lines), tuple(self.anchors)
        return Content((), lines, anchors, pages=tuple(self.pages), refused=tuple(self.refused))


def _named(file: str) -> str:
    return f"file={quote(file)}" if file else ""


def _place(one: Printed) -> str:
    if one.key:
        return f"key={quote(one.key)}"
    if one.element:
        return f"element={quote(one.element)}"
    return f"heading={quote(one.headings[-1])}"


def _shown(one: Printed) -> str:
    """A paragraph as a line, behind the heading that it stands below."""
    return "\t".join((*one.headings[-1:], one.text))


def read(data: bytes) -> Content:
    """The pages of an archive in the order of their names, or the page that the bytes are.

    Raises:
        Unfit: it is damaged, has more than any site, or has no page of a service.
    """
    site = _Site()
    if not data.startswith(b"PK"):
        site.add("", lambda: data)
        return site.content()
    archive = Container(data)
    names = [name for name in archive.names() if is_page(name)]
    whole = sum(archive.size(name) for name in names)
    if whole > LARGEST_SITE:
        raise Unfit(f"its pages unpack to {whole} bytes; the most that is read is {LARGEST_SITE}")
    for name in sorted(names):
        site.add(name, partial(_page, archive, name))
    return site.content()


def _page(archive: Container, name: str) -> bytes:
    if archive.size(name) > LARGEST_PAGE:
        raise Unfit(f"it is larger than the {LARGEST_PAGE} bytes that are read")
    return archive.read(name)


def is_page(name: str) -> bool:
    """Whether a file's name is a saved page's, not that of what a system puts beside it."""
    parts = name.split("/")
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return name.casefold().endswith(_PAGES) and not hidden


def recognises(data: bytes) -> bool:
    """Whether bytes are the page of a service, or an archive with pages in it."""
    if not data.startswith(b"PK"):
        return html.recognises(data) and is_service_page(data[: 1 << 20].decode("latin-1"))
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return any(map(is_page, names)) and "[Content_Types].xml" not in names and "mimetype" not in names


def packed(folder: Path) -> bytes:
    """The saved pages of a folder as one archive: the same bytes for the same pages.

    Raises:
        Unfit: it has none, or more than any site.
    """
    found = sorted(
        path.relative_to(folder).as_posix()
        for place, _, files in os.walk(folder)
        for path in (Path(place) / name for name in files)
        if not path.is_symlink()
    )
    names = [name for name in found if is_page(name)]
    if not names:
        raise Unfit(f"the folder has no saved page ({', '.join(_PAGES)})")
    if len(names) > MAX_PARTS:
        raise Unfit(f"{len(names)} pages; the most that is read is {MAX_PARTS}")
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(ZipInfo(name), (folder / name).read_bytes(), ZIP_DEFLATED)
    return file.getvalue()


KIND = DocumentKind("municipal site", (SUFFIX, *_PAGES), recognises, read)
