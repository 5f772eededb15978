"""A municipality's document to records: the one entry of this layer."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Area, Correction, Document, IndexEntry, Municipality, OpenDecision
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.reading.corrections import Corrector, load_corrections
from mappe_servizi.reading.curation import curate, load_readings
from mappe_servizi.reading.defects import Defects
from mappe_servizi.reading.form import Form, load_form
from mappe_servizi.reading.heading import Heading, begins_sheet, read_heading
from mappe_servizi.reading.index import derive_index, is_entry, read_index, without_page
from mappe_servizi.reading.ledger import Ledger
from mappe_servizi.reading.matching import Match, match_sheets, without_sheet
from mappe_servizi.reading.municipality import load_municipality
from mappe_servizi.reading.people import People, load_people
from mappe_servizi.reading.sections import PlacedRow, is_blank, once, place
from mappe_servizi.reading.service_page import PageWords
from mappe_servizi.reading.sheet import SheetReader
from mappe_servizi.reading.site import SiteReading
from mappe_servizi.rights import Licences
from mappe_servizi.sources.block import Content, Row, Unplaced
from mappe_servizi.sources.kinds import read_source
from mappe_servizi.sources.records import read_published

_PROPOSED = (
    "the tables were told by the lines and boxes of the pages: do the records say what the pages say? "
    "What is wrong is a correction"
)
_NO_INDEX = (
    "the document has no index: the services are numbered as their sheets stand, under the areas that they "
    "name; are these the numbers and areas, or is there an index to put before them?"
)


def read_document(directory: Path, knowledge: Path) -> Document:
    """Read an edition's document with its corrections and curated readings.

    What may not be published is still in it: ``pipeline.records`` is the way to get records.

    Args:
        directory: data/municipalities/{ipa}/editions/{year}.
        knowledge: data/knowledge, which has the words of the form.

    Raises:
        InputError, InputErrors: what cannot be placed, with file, line and reason.
    """
    document = read_printed(directory, knowledge)
    return with_readings(document, Registry.load(document.municipality.folder / IDENTIFIERS.file))


def with_readings(document: Document, registry: Registry) -> Document:
    """The document with the curated readings of its indicators.

    Raises:
        InputError, InputErrors: a reading cannot be used.
    """
    names = Names.of(document, registry)
    readings = load_readings(document.municipality.folder, registry)
    return replace(document, maps=tuple(curate(sheet, names, readings) for sheet in document.maps))


def read_printed(directory: Path, knowledge: Path) -> Document:
    """Read an edition's document with its corrections: a text, or a file of records.

    Raises:
        InputError, InputErrors: what cannot be placed, with file, line and reason.
    """
    municipality = load_municipality(directory, Licences.load(knowledge), knowledge)
    try:
        data = municipality.document.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=municipality.document) from None
    corrections = load_corrections(directory / CORRECTIONS.file)
    if municipality.document.suffix.casefold() == ".json":
        return read_published(data, municipality, corrections)
    content = read_source(data, municipality.document)
    reading: _Reading | SiteReading
    if content.pages:
        reading = SiteReading(municipality, content, PageWords.load(knowledge), corrections)
    else:
        form, people = load_form(knowledge), load_people(municipality.folder)
        reading = _Reading(municipality, content, form, corrections, people)
    areas, entries, maps = reading.read()
    years = sorted({figure.year for m in maps for i in m.indicators for figure in i.figures})
    return Document(
        municipality=municipality,
        areas=tuple(areas),
        entries=tuple(entries),
        maps=tuple(maps),
        years=tuple(years),
        ledger=reading.ledger.rows(),
        corrections=corrections,
        lines=content.lines,
        anchors=content.anchors,
        proposed=content.proposed,
        sha256=hashlib.sha256(data).hexdigest(),
        modified=municipality.modified,
        file=municipality.document.name,
        decisions=tuple(reading.decisions),
    )


class _Reading:
    """The reading of one document; errors of several sheets are told together."""

    def __init__(
        self,
        of: Municipality,
        content: Content,
        form: Form,
        corrections: Sequence[Correction],
        people: People,
    ) -> None:
        self.people = people
        self.file, self.folder = of.document, of.edition_folder
        self.form, self.corrections = form, corrections
        self.rows, self.anchors = list(content.rows), content.anchors
        self.ledger = Ledger(len(content.lines))
        self.errors: list[InputError] = []
        self.decisions: list[OpenDecision] = []
        if content.proposed:
            self.decisions.append(OpenDecision(None, "document", "document", "", None, "", (1,), _PROPOSED))
        self._correct()
        self.title = [of.name, of.document_title]

    def _correct(self) -> None:
        """The corrections that reach any row, before anything is made of it."""
        corrector = Corrector(self.corrections, None, everywhere=True)
        self.rows = corrector.document(self.rows)
        for correction in corrector.unused:
            self._stale(correction)

    def read(self) -> tuple[list[Area], list[IndexEntry], list[ServiceMap]]:
        index, sheets = self._split()
        placed = self._filled([list(place(rows, self.form)) for rows in sheets])
        headings = self._headings(placed)
        areas, entries = self._index(index, headings)
        begin = areas[0].title.lines[0] if areas else 0
        self.title += [text for row in index for text in row.texts if text and row.line < begin]
        matched = self._match(headings, entries)
        maps = []
        for sheet, match in zip(placed, matched, strict=True):
            self._doubt(match, sheet[0].row.line)
            try:
                maps.append(self._sheet(sheet, match.entry.number))
            except Unplaced as error:
                self._fail(error)
            except Defects as several:
                self.errors += map(self._error, several.errors)
        maps.sort(key=lambda sheet: [e.number for e in entries].index(sheet.number))
        for missing in without_sheet(entries, [match.entry for match in matched]):
            self._fail(missing)
        known = {entry.number for entry in entries}
        for correction in self.corrections:
            if correction.map is not None and correction.map not in known:
                self._stale(correction)
        self._raise()
        if untold := self.ledger.untold():
            raise self._error(Unplaced(untold[0], "{} lines were overlooked", len(untold)))
        return areas, entries, maps

    def _fail(self, error: Unplaced) -> None:
        self.errors.append(self._error(error))

    def _error(self, error: Unplaced) -> InputError:
        """What a user is told: the line, or the place in a document that has none."""
        if not self.anchors:
            return InputError(error.reason, file=self.file, line=error.line, row=error.line, defect=error)
        place = self.anchors[error.line - 1]
        return InputError(f"{place}: {error.reason}", file=self.file, row=error.line, defect=error)

    def _raise(self) -> None:
        if self.errors:
            raise InputErrors(self.errors) if len(self.errors) > 1 else self.errors[0]

    def _doubt(self, match: Match, line: int) -> None:
        if match.why:
            number, title = match.entry.number, match.entry.title
            asks = f"{match.why}? A correction of the heading (section document) can say"
            self.decisions.append(
                OpenDecision(number, "heading", "heading", title.value, None, title.printed, (line,), asks)
            )

    def _split(self) -> tuple[list[Row], list[list[Row]]]:
        """The rows before the first sheet, and those of each sheet."""
        if not any(self._is_title(row) for row in self.rows):
            return self._split_without_page()
        parts: list[list[Row]] = [[]]
        for row in self.rows:
            if self._is_title(row):
                parts.append([])
                self.ledger.tell(row, "label", (None, "map"))
            else:
                parts[-1].append(row)
        return parts[0], parts[1:]

    def _is_title(self, row: Row) -> bool:
        return row.kind == "cells" and self.form.section(row.cells[row.first].text) == "map"

    def _without_pages(self, rows: list[Row]) -> list[Row]:
        """The rows before the sheets, those of a page's head and foot told as such.

        Words before a page's number are a running head where they come again, else a title of the index.
        """
        printed = {row.line: row.texts[row.first] for row in rows if self._is_page(row)}
        bare = {line: without_page(text, self.form.wording) for line, text in printed.items()}
        heads = {line: "" if bare[line] == text else bare[line] for line, text in printed.items()}
        times = Counter(heads.values())
        running = {row.line for row in rows if row.running}
        pages = {line for line, head in heads.items() if not head or times[head] > 1 or line in running}
        return [replace(row, kind="page") if row.line in pages else row for row in rows]

    def _is_page(self, row: Row) -> bool:
        single = row.kind == "cells" and row.single and not is_entry(row)
        return single and (row.running or self.form.is_page(row.cells[row.first].text))

    def _split_without_page(self) -> tuple[list[Row], list[list[Row]]]:
        """The same of a document whose sheets have no title: each begins with its heading."""
        begins = [i for i, _ in enumerate(self.rows) if begins_sheet(self.rows[i : i + 8], self.form)]
        if not begins:
            raise InputError("no service map in this document", file=self.file)
        ends = [*begins[1:], len(self.rows)]
        return self.rows[: begins[0]], [self.rows[a:b] for a, b in zip(begins, ends, strict=True)]

    def _filled(self, placed: list[list[PlacedRow]]) -> list[list[PlacedRow]]:
        """The sheets in which anything stands beside the form's own words: a workbook has empty ones."""
        filled = [sheet for sheet in placed if not is_blank(sheet, self.form)]
        for item in (item for sheet in placed if sheet not in filled for item in sheet):
            self.ledger.tell(item.source, "label" if item.kind == "content" else item.kind, (None, "map"))
        if not filled:
            raise InputError("the form of this document is not filled in", file=self.file)
        return filled

    def _headings(self, placed: list[list[PlacedRow]]) -> list[Heading]:
        found: list[Heading] = []
        for sheet in placed:
            try:
                found.append(read_heading(sheet, self.form))
            except Unplaced as error:
                self._fail(error)
        self._raise()
        return found

    def _index(self, rows: list[Row], headings: list[Heading]) -> tuple[list[Area], list[IndexEntry]]:
        rows = self._without_pages(rows)
        try:
            areas, entries, front = read_index(rows, self.form.wording)
        except Unplaced as error:
            raise self._error(error) from None
        by_line = {row.line: row for row in rows}
        for row in rows:
            self.ledger.tell(row, "heading" if row.kind == "cells" else row.kind, (None, "index"))
        if not entries:
            areas, entries = derive_index(headings, self.form.written["area"])
            line = entries[0].title.lines
            if not all(heading.area for heading in headings):
                self.decisions.append(OpenDecision(None, "index", "index", "", None, "", line, _NO_INDEX))
            return areas, entries
        for area in areas:
            self.ledger.tell(
                by_line[area.title.lines[0]], "heading", (None, "index"), f"area:{area.position}"
            )
        for entry in entries:
            row = by_line[entry.title.lines[0]]
            self.ledger.tell(row, "row", (entry.number, "index"), f"service:{entry.number}")
        for row in front:
            self.ledger.tell(row, "heading", (None, "index"), "document")
        return self._corrected_index(areas, entries)

    def _corrected_index(
        self, areas: list[Area], entries: list[IndexEntry]
    ) -> tuple[list[Area], list[IndexEntry]]:
        corrector = Corrector(self.corrections, None)
        titles = [area.title for area in areas] + [entry.title for entry in entries]
        titles.sort(key=lambda title: title.lines)
        corrected = {title: corrector.text(title, "index") for title in titles}
        areas = [replace(area, title=corrected[area.title]) for area in areas]
        by_position = {area.position: area for area in areas}
        entries = [
            replace(entry, title=corrected[entry.title], area=by_position[entry.area.position])
            for entry in entries
        ]
        for correction in corrector.unused:
            self._stale(correction)
        return areas, entries

    def _match(self, headings: list[Heading], entries: list[IndexEntry]) -> list[Match]:
        try:
            return match_sheets([(h.service.printed, h.service.lines[0]) for h in headings], entries)
        except Unplaced as error:
            raise self._error(error) from None

    def _sheet(self, before: list[PlacedRow], number: int) -> ServiceMap:
        corrector = Corrector(self.corrections, number)
        corrected = [new for item in before for new in corrector.rows(item.source, item.section)]
        placed = once(list(place(corrected, self.form)), self.form)
        reader = SheetReader(placed, number, self.form, corrector, self.ledger)
        sheet = reader.read(self.people, self.title)
        self.decisions += reader.decisions
        for correction in corrector.unused:
            self._stale(correction)
        return sheet

    def _stale(self, correction: Correction) -> None:
        where = (
            correction.section if correction.map is None else f"map {correction.map}, {correction.section}"
        )
        message = f"the correction {correction.id} no longer finds {correction.printed!r} in {where}"
        self.errors.append(InputError(message, file=self.folder / CORRECTIONS.file, line=None))
