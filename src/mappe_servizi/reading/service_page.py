"""The page of one service to its map: each part of the page is the record that a form has for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mappe_servizi.model.service_map import (
    ConditionKind,
    Element,
    Segment,
    ServiceCondition,
    ServiceMap,
    Structure,
    Text,
)
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.form import LABELS, PAGE_PARTS, PagePartName, PageUse
from mappe_servizi.model.text import normal
from mappe_servizi.model.wording import Wording
from mappe_servizi.reading.corrections import Corrector
from mappe_servizi.reading.form import written_of
from mappe_servizi.sources.block import PagePart

_WHOLE: tuple[ConditionKind, ...] = ("cost", "requirement", "times", "procedure")
"""What is one thing however many paragraphs print it."""
_ONLINE = "Servizio online"  # what an address is called that the JSON-LD alone has
_CONTACT = re.compile(r"\d|@")
"""What a telephone number or an e-mail address has."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """By what pages tell their parts.

    Attributes:
        parts: by use and text, headings in their normal form.
        unnamed: the area of a service whose page names no category.
        wording: the phrases that rules look for.
    """

    parts: dict[tuple[PageUse, str], PagePartName]
    unnamed: str
    wording: Wording

    @classmethod
    def load(cls, knowledge: Path) -> PageWords:
        """Read page-parts.csv, and the words that go with it.

        Raises:
            InputError, InputErrors: a table cannot be used.
        """
        rows = read_rows(PAGE_PARTS, knowledge / PAGE_PARTS.file)
        labels = knowledge / LABELS.file
        return cls(
            {(row.use, normal(row.text) if row.use == "heading" else row.text): row.part for row in rows},
            written_of(read_rows(LABELS, labels), labels)["area"],
            Wording.load(knowledge),
        )

    def part(self, one: PagePart) -> PagePartName | None:
        """The part that a paragraph is of: by its element, else by its innermost heading that is known."""
        if one.key:
            return self.parts.get(("key", one.key), "nothing")
        if found := self.parts.get(("element", one.element)):
            return found
        known = (self.parts.get(("heading", normal(text))) for text in reversed(one.headings))
        return next((part for part in known if part), None)


@dataclass(slots=True)
class SortedPage:
    """A page's paragraphs by their part.

    Attributes:
        lines: the first and the last of the document.
        shown: what the page shows.
        said: what its JSON-LD says, mostly once more.
        filler: where nobody has put anything of the service's own.
    """

    lines: tuple[int, int]
    shown: dict[PagePartName, list[PagePart]] = field(default_factory=lambda: defaultdict(list))
    said: dict[PagePartName, list[PagePart]] = field(default_factory=lambda: defaultdict(list))
    filler: list[PagePart] = field(default_factory=list)

    def of(self, part: PagePartName) -> list[PagePart]:
        """What the page shows of a part, else what its JSON-LD says."""
        return self.shown.get(part) or self.said.get(part, [])


def text_of(parts: Sequence[PagePart]) -> Text:
    """Paragraphs as one text."""
    printed = tuple(one.text for one in parts)
    return Text(" ".join(printed), tuple(one.line for one in parts), printed)


def items(parts: Sequence[PagePart]) -> list[PagePart]:
    """The paragraphs that stand for themselves, without one that only leads to a list."""
    return [
        one
        for one, after in zip(parts, [*parts[1:], None], strict=False)
        if not (one.text.endswith(":") and after is not None and after.item and not one.item)
    ]


def read_map(page: SortedPage, number: int, corrector: Corrector) -> ServiceMap:
    """The map of the service with this number.

    The service is its own central element: the page says under its title what it is.
    """
    reader = _MapReader(page, corrector)
    return ServiceMap(
        number=number,
        heading=reader.text(page.of("title")[:1], "heading"),
        responsible=None,
        lines=page.lines,
        elements=tuple(reader.elements()),
        segments=tuple(reader.segments()),
        structures=tuple(reader.structures()),
        conditions=tuple(reader.conditions()),
    )


@dataclass(slots=True)
class _MapReader:
    page: SortedPage
    corrector: Corrector

    def text(self, parts: Sequence[PagePart], section: str) -> Text:
        return self.corrector.text(text_of(parts), section)

    def elements(self) -> Iterator[Element]:
        said = [*self.page.of("description"), *self.page.of("details")]
        name = self.text(self.page.of("title")[:1], "central")
        yield Element("central", 1, name, self.text(said, "central") if said else None)
        for position, one in enumerate(items(self.page.of("achieved")), start=2):
            yield Element("central", position, self.text([one], "central"), None)

    def segments(self) -> Iterator[Segment]:
        """The items of a list, else the first paragraph, with what the others say of it."""
        parts = items(self.page.of("addressed"))
        listed = [one for one in parts if one.item]
        named = [[one] for one in listed] or [parts[:1]] * bool(parts)
        rest = [one for one in parts[1:] if not listed]
        for position, name in enumerate(named, start=1):
            said = self.text(rest, "segments") if rest else None
            yield Segment(position, self.text(name, "segments"), said)

    def structures(self) -> Iterator[Structure]:
        """The office, with address, contacts and hours; then the addresses that lead into the service."""
        found: dict[str, tuple[Text, Text | None]] = {}
        contacts = [one for one in self.page.of("contact") if _CONTACT.search(one.text)]
        address, more = self.page.of("address"), [*contacts, *self._hours()]
        for parts in (self.page.shown.get("office", []), self.page.said.get("office", [])):
            if parts:
                where = parts[1:] or address
                known = {normal(one.text) for one in (parts[0], *where)}
                note = self._listed([*where, *(one for one in more if normal(one.text) not in known)])
                found.setdefault(normal(parts[0].text), (self.text(parts[:1], "structures"), note))
        for one in self._accesses():
            link = one.link or one.text
            note = Text(link, (one.line,), (link,))
            name = text_of([one]) if one.link else Text(_ONLINE, (one.line,), (_ONLINE,))
            found.setdefault(link, (name, note))
        for position, (name, note) in enumerate(found.values(), start=1):
            yield Structure(position, name, note)

    def _hours(self) -> Iterator[PagePart]:
        """What the page prints of hours, the first line behind the heading that says that they are."""
        for position, one in enumerate(self.page.of("hours")):
            heading = one.headings[-1] if one.headings and not position else ""
            yield replace(one, text=f"{heading}: {one.text}" if heading else one.text)

    def _listed(self, parts: Sequence[PagePart]) -> Text | None:
        """Lines of an address, which are no sentence."""
        text = text_of(parts)
        printed = ", ".join(text.parts)
        return self.corrector.text(replace(text, printed=printed), "structures") if printed else None

    def _accesses(self) -> Iterator[PagePart]:
        yield from (one for one in self.page.shown.get("access", ()) if one.link)
        yield from (one for one in self.page.said.get("access", ()) if one.text.startswith("http"))

    def conditions(self) -> Iterator[ServiceCondition]:
        position = 0
        for kind in _WHOLE:
            if parts := self.page.of(kind):
                position += 1
                yield ServiceCondition(kind, position, self.text(parts, "conditions"))
        for one in items(self.page.of("evidence")):
            position += 1
            yield ServiceCondition("evidence", position, self.text([one], "conditions"))
