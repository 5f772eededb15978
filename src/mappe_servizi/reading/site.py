"""The pages of a municipal site's services to records: a page is a service, and has no figures.

What a page prints is read as printed. What is wrong with a page leaves out that page, or that part of it,
and is told with its place; nothing is made out of a text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.records import Area, Correction, IndexEntry, Municipality, OpenDecision
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.model.text import normal
from mappe_servizi.reading.corrections import Corrector
from mappe_servizi.reading.heading import Heading
from mappe_servizi.reading.index import derive_index
from mappe_servizi.reading.ledger import Ledger
from mappe_servizi.reading.service_page import PageWords, SortedPage, read_map, text_of
from mappe_servizi.sources.block import Cell, Content, PagePart, SitePage, make_row

_MUNICIPALITY: Final = re.compile(r"c_[a-z][0-9]{3}", re.IGNORECASE)
NO_TITLE: Final = "the page names no service: it is left out"
FILLER: Final = "only sample or filler text stands here: it is left out until the page is filled in"
TWICE: Final = "another page has this title in this category: this one is left out; are they one service?"
ANOTHER: Final = "the page says that {} gives the service, and the folder is of {}: it is left out"
INACTIVE: Final = "the page says that the service is not given now: is it a service of the municipality?"
TITLES: Final = "the JSON-LD calls the service so, the page shows {!r}, which is read: is it the right one?"
UNKNOWN: Final = (
    "{} paragraphs of {} pages stand below this heading, which data/knowledge/page-parts.csv lacks: they are "
    "not read"
)


@dataclass(slots=True)
class SiteReading:
    """The reading of a site's pages; ``ledger`` and ``decisions`` are filled by it."""

    of: Municipality
    content: Content
    words: PageWords
    corrections: Sequence[Correction]
    decisions: list[OpenDecision] = field(default_factory=list)
    ledger: Ledger = field(init=False)
    _unknown: dict[str, list[tuple[int, PagePart]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.ledger = Ledger(len(self.content.lines))

    def read(self) -> tuple[list[Area], list[IndexEntry], list[ServiceMap]]:
        """The categories as areas, and the pages as services.

        Raises:
            InputError, InputErrors: no page can be read, or a correction finds nothing.
        """
        for line, reason in self.content.refused:
            self._ask(None, line, reason)
        pages = list(self._usable(map(self._sorted, self.content.pages)))
        self._ask_unknown()
        if not pages:
            raise self._nothing()
        index = derive_index([_heading(page) for page in pages], self.words.unnamed)
        areas, entries, wrong = self._corrected(*index)
        maps = []
        for page, entry in zip(pages, entries, strict=True):
            corrector = Corrector(self.corrections, entry.number)
            maps.append(read_map(page, entry.number, corrector))
            wrong += corrector.unused
            self._doubt(page, entry.number)
            self._tell(page, entry.number)
        wrong += [one for one in self.corrections if one.map and one.map > len(entries)]
        gathered([self._stale(one) for one in wrong])
        self._tell_rest()
        return areas, entries, maps

    def _nothing(self) -> InputError:
        why = next(iter(self.decisions), None)
        told = f": {self.content.anchors[why.lines[0] - 1]}: {why.asks}" if why else ""
        return InputError(f"no page of a service can be read{told}", file=self.of.document)

    def _stale(self, correction: Correction) -> InputError:
        message = f"the correction {correction.id} no longer finds {correction.printed!r}"
        return InputError(message, file=self.of.edition_folder / CORRECTIONS.file)

    def _ask(
        self, number: int | None, line: int, asks: str, printed: str = "", section: str = "page"
    ) -> None:
        self.decisions.append(OpenDecision(number, section, section, "", None, printed, (line,), asks))

    def _sorted(self, page: SitePage) -> SortedPage:
        """A page's paragraphs by their part, without filler."""
        lines = [one.line for one in page.parts]
        found = SortedPage((lines[0], lines[-1]) if lines else (0, 0))
        for one in page.parts:
            part = self.words.part(one)
            if part is None:
                self._unknown[one.headings[0] if one.headings else one.element].append((lines[0], one))
            elif part != "nothing" and re.search(self.words.wording["filler"], one.text):
                found.filler.append(one)
            else:
                (found.said if one.key else found.shown)[part].append(one)
        return found

    def _ask_unknown(self) -> None:
        """Once a heading, however many pages have it."""
        for heading, found in self._unknown.items():
            pages = len({page for page, _ in found})
            self._ask(None, found[0][1].line, UNKNOWN.format(len(found), pages), heading)

    def _usable(self, pages: Iterable[SortedPage]) -> Iterator[SortedPage]:
        """The pages that are services of this municipality, each once."""
        seen: dict[tuple[str, str], list[str]] = {}
        for page in pages:
            if not page.lines[0]:
                continue
            title = page.of("title")
            operator = next((o for o in page.of("operator") if _MUNICIPALITY.fullmatch(o.text)), None)
            if not title:
                printed = page.filler[0].text if page.filler else ""
                self._ask(None, page.lines[0], NO_TITLE, printed)
            elif operator and operator.text.casefold() != self.of.ipa:
                self._ask(None, operator.line, ANOTHER.format(operator.text, self.of.ipa), operator.text)
            elif (again := seen.get(name := _name(page))) is None:
                seen[name] = _texts(page)
                yield page
            elif again != _texts(page):
                self._ask(None, title[0].line, TWICE, title[0].text)

    def _corrected(
        self, areas: list[Area], entries: list[IndexEntry]
    ) -> tuple[list[Area], list[IndexEntry], list[Correction]]:
        corrector = Corrector(self.corrections, None)
        areas = [replace(area, title=corrector.text(area.title, "index")) for area in areas]
        entries = [
            replace(
                entry,
                title=corrector.text(entry.title, "index"),
                area=areas[entry.area.position - 1],
            )
            for entry in entries
        ]
        return areas, entries, corrector.unused

    def _doubt(self, page: SortedPage, number: int) -> None:
        for one in page.filler:
            self._ask(number, one.line, FILLER, one.text)
        for one in page.of("status"):
            if re.search(self.words.wording["inactive"], one.text):
                self._ask(number, one.line, INACTIVE, one.text)
        shown, said = page.shown.get("title"), page.said.get("title")
        if shown and said and normal(shown[0].text) != normal(said[0].text):
            self._ask(number, said[0].line, TITLES.format(shown[0].text), said[0].text)

    def _tell(self, page: SortedPage, number: int) -> None:
        """Each paragraph's part, to the ledger."""
        read = {"title", "category", "status", "operator"}
        for found in (page.shown, page.said):
            for part, parts in found.items():
                for one in parts if part != "nothing" else ():
                    kind = "heading" if part in read else "row"
                    self._tell_line(one.line, kind, number, part)

    def _tell_rest(self) -> None:
        """What nothing is read of: other pages, parts that no record is for, what is left out."""
        for line in self.ledger.untold():
            self._tell_line(line, "page", None, "site")

    def _tell_line(self, line: int, kind: str, number: int | None, part: str) -> None:
        row = make_row(line, [Cell(self.content.lines[line - 1])])
        records = (f"{part}:{number}",) if kind == "row" else ()
        self.ledger.tell(row, kind, (number, part), *records)


def _heading(page: SortedPage) -> Heading:
    category = page.of("category")[:1]
    return Heading(text_of(page.of("title")[:1]), None, text_of(category) if category else None)


def _name(page: SortedPage) -> tuple[str, str]:
    category = page.of("category")
    return normal(page.of("title")[0].text), normal(category[0].text) if category else ""


def _texts(page: SortedPage) -> list[str]:
    return [one.text for parts in page.shown.values() for one in parts]
