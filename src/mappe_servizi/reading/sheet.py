"""One sheet to one service map, and its lines to the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import ParamSpec, TypeVar

from mappe_servizi.model.records import OpenDecision
from mappe_servizi.model.service_map import (
    Coproduction,
    Criterion,
    Element,
    ElementKind,
    Indicator,
    Management,
    ManagementForm,
    Personnel,
    Responsible,
    Segment,
    ServiceMap,
    Structure,
    Table,
    Text,
)
from mappe_servizi.model.text import normal
from mappe_servizi.reading import asked
from mappe_servizi.reading.corrections import Corrector
from mappe_servizi.reading.defects import Defects, WithoutSections
from mappe_servizi.reading.figure_table import FigureTable
from mappe_servizi.reading.figures import IndicatorReader, read_figure_rows
from mappe_servizi.reading.form import Form
from mappe_servizi.reading.heading import read_heading
from mappe_servizi.reading.ledger import Ledger
from mappe_servizi.reading.marks import read_mark
from mappe_servizi.reading.people import People, assumed_name
from mappe_servizi.reading.personnel import read_personnel
from mappe_servizi.reading.placing import check
from mappe_servizi.reading.sections import PlacedRow
from mappe_servizi.reading.tables import GatheredText, NamedNote, read_pairs, read_singles
from mappe_servizi.sources.block import Unplaced

P = ParamSpec("P")
T = TypeVar("T")


class SheetReader:
    """Reads the sections of one sheet in document order (corrections count occurrences)."""

    def __init__(
        self, placed: Sequence[PlacedRow], number: int, form: Form, corrector: Corrector, ledger: Ledger
    ) -> None:
        self.placed, self.number, self.form = placed, number, form
        self.corrector, self.ledger = corrector, ledger
        self.decisions: list[OpenDecision] = []
        self.errors: list[Unplaced] = []

    def read(self, people: People, title: Sequence[str] = ()) -> ServiceMap:
        """The service map.

        Args:
            people: the officials, by their names as printed.
            title: what the document's first page prints.

        Raises:
            Unplaced: its sections cannot be told.
            Defects: what does not fit the form, the first thing of each section.
        """
        check(self.placed, self.form, title)
        self._check_sections()
        self._tell_plain_lines()
        heading = read_heading(self.placed, self.form)
        lines = [item.row.line for item in self.placed]
        sheet = ServiceMap(
            number=self.number,
            heading=self.corrector.text(heading.service, "heading"),
            responsible=self._responsible(heading.responsible, people) if heading.responsible else None,
            lines=(lines[0], lines[-1]),
            elements=(*self._part(self._elements, "central"), *self._part(self._elements, "accessory")),
            indicators=(*self._part(self._indicators, "outputs"), *self._part(self._indicators, "users")),
            criteria=self._part(self._criteria),
            segments=self._part(self._segments),
            management=self._part(self._management),
            personnel=self._personnel(),
            coproduction=self._part(self._coproduction),
            structures=self._part(self._structures),
            footnotes=tuple(self._footnotes()),
        )
        if self.errors:
            raise Defects(self.errors)
        return sheet

    def _part(self, read: Callable[P, Iterable[T]], *of: P.args, **named: P.kwargs) -> tuple[T, ...]:
        """The records of a section; what is wrong with it is kept, since others may have faults too."""
        try:
            return tuple(read(*of, **named))
        except Unplaced as error:
            self.errors.append(error)
            return ()

    def _check_sections(self) -> None:
        present = {item.section for item in self.placed}
        absent = {s: told for s, told in self.form.absent.items() if s not in present}
        missing = [section for section, told in absent.items() if told == "refused"]
        if missing:
            raise WithoutSections(self.placed[0].row.line, missing)
        line = self.placed[0].row.line
        for section in (section for section, told in absent.items() if told == "open"):
            self.decisions.append(
                OpenDecision(
                    self.number, section, section, "", None, "", (line,), asked.ABSENT.format(section)
                )
            )

    def _tell_plain_lines(self) -> None:
        for item in self.placed:
            kind = "heading" if item.section == "heading" and item.kind == "content" else item.kind
            if kind not in {"content", "footnote"}:
                self._tell(item, kind, [])
            if kind == "heading":
                self._tell(item, kind, ["heading", "responsible"])

    def _tell(self, item: PlacedRow, kind: str, records: list[str]) -> None:
        self.ledger.tell(item.source, kind, (self.number, item.section), *records)

    def _tell_rows(self, items: Sequence[PlacedRow], record: str) -> None:
        first = items[0].row.line
        for item in items:
            self._tell(item, "row" if item.row.line == first else "continuation", [record])

    def _content(self, section: str) -> list[PlacedRow]:
        return [item for item in self.placed if item.section == section and item.kind == "content"]

    def _pairs(self, section: str, record: str) -> list[tuple[int, Text | None, Text | None]]:
        """The rows of a table of two columns: position, name and note, corrected."""
        found = []
        for position, pair in enumerate(read_pairs(self._content(section)), start=1):
            name, note = self._texts(pair, section)
            self._tell_rows(pair.rows, f"{record}:{position}")
            found.append((position, name, note))
        return found

    def _texts(self, pair: NamedNote, section: str) -> tuple[Text | None, Text | None]:
        name, note = pair.name.text(), pair.note.text()
        return (
            self.corrector.text(name, section) if name else None,
            self.corrector.text(note, section) if note else None,
        )

    def _named(self, section: str, record: str) -> list[tuple[int, Text, Text | None]]:
        found = []
        for position, name, note in self._pairs(section, record):
            if name is None:
                line = note.lines[0] if note else self.placed[0].row.line
                raise Unplaced(line, "a row of {} without a name", section)
            found.append((position, name, note))
        return found

    def _responsible(self, printed: Text, people: People) -> Responsible:
        bare = re.sub(rf"\s*{self.form.wording['interim']}", "", printed.printed).strip()
        name = self.corrector.text(replace(printed, printed=bare, parts=(bare,)), "heading")
        canonical = people.find(name.value, self.form)
        if canonical is None:
            canonical = assumed_name(name.value, self.form)
            asks = asked.WHO.format(canonical)
            self._ask("heading", "responsible", name.printed, printed.lines, asks, label=name.value)
        name = replace(name, corrected=canonical if canonical != name.printed else None)
        return Responsible(name, bare != printed.printed, printed.lines)

    def _elements(self, kind: ElementKind) -> list[Element]:
        return [Element(kind, p, name, note) for p, name, note in self._named(kind, kind)]

    def _segments(self) -> list[Segment]:
        return [Segment(p, name, note) for p, name, note in self._named("segments", "segment")]

    def _structures(self) -> list[Structure]:
        return [Structure(p, name, note) for p, name, note in self._named("structures", "structure")]

    def _criteria(self) -> list[Criterion]:
        found: list[Criterion] = []
        above: PlacedRow | None = None
        for position, (text, item) in enumerate(read_singles(self._content("criteria")), start=1):
            record = f"criterion:{position}"
            self._tell_rows([item], record)
            if above is not None and _may_go_on(above, item):
                self.decisions.append(
                    OpenDecision(
                        self.number,
                        "criteria",
                        record,
                        text.printed,
                        None,
                        text.printed,
                        text.lines,
                        asked.REST,
                    )
                )
            found.append(Criterion(position, self.corrector.text(text, "criteria")))
            above = item
        return found

    def _footnotes(self) -> list[Text]:
        found = []
        for item in self.placed:
            if item.kind == "footnote":
                draft = GatheredText()
                draft.add(item.row.cells[item.row.first], item)
                if text := draft.text():
                    found.append(self.corrector.text(text, item.section))
                    self._tell(item, "footnote", [f"footnote:{len(found)}"])
        return found

    def _indicators(self, table: Table) -> list[Indicator]:
        items = [item for item in self.placed if item.section == table]
        rows: FigureTable = read_figure_rows(items, table, self.form, self.corrector)
        for group in rows.groups:
            self._tell(group.placed, "row", [f"{table}:group"])
            if group.assumed:
                own = sum(row.group is group.text for row in rows.rows)
                self._ask(
                    table, f"{table}:group", group.text.printed, group.text.lines, asked.HEADS.format(own)
                )
        for position, row in enumerate(rows.rows, start=1):
            self._tell_rows(row.placed, f"{table}:{position}")
            if any(row is one for one in rows.undecided):
                printed = row.placed[0].row.cell(0).text
                self._ask(table, f"{table}:{position}", printed, row.lines, asked.EMPTY)
        return IndicatorReader(table, self.form, self.corrector).read(rows)

    def _ask(  # noqa: PLR0913 - what a decision consists of
        self, section: str, record: str, printed: str, lines: tuple[int, ...], asks: str, *, label: str = ""
    ) -> None:
        self.decisions.append(
            OpenDecision(self.number, section, record, label or printed, None, printed, lines, asks)
        )

    def _management(self) -> list[Management]:
        found: dict[ManagementForm, tuple[str, Management | None]] = {}
        for item in self._content("management"):
            cells = [cell for cell in item.row.cells if cell]
            form = self.form.management.get(normal(cells[0].text))
            if form is None or len(cells) > 2:
                raise Unplaced(item.row.line, "no form of management: {!r}", item.row.printed)
            self._tell_rows([item], f"management:{form}")
            mark = cells[1].text if len(cells) == 2 else ""
            if form not in found:
                found[form] = (mark, self._marked(form, mark, item))
            elif found[form][0] != mark:
                raise Unplaced(item.row.line, "the form {!r} is printed again with another mark", form)
        return [management for _, management in found.values() if management]

    def _marked(self, form: ManagementForm, mark: str, item: PlacedRow) -> Management | None:
        note = read_mark(mark, self.form) if mark else None
        if note is None:
            return None
        lines = (item.row.line,)
        text = self.corrector.text(Text(note, lines, (note,)), "management") if note else None
        return Management(form, text, lines)

    def _personnel(self) -> Personnel | None:
        draft = GatheredText()
        items = self._content("personnel")
        for item in items:
            for cell in item.row.cells:
                if cell and not self.form.is_header(cell.text):
                    draft.add(cell, item)
        if items:
            self._tell_rows(items, "personnel")
        text = draft.text()
        if text is None:
            return None
        text = self.corrector.text(text, "personnel")
        return read_personnel(text, self.form)

    def _coproduction(self) -> list[Coproduction]:
        found: list[Coproduction] = []
        for pair in read_pairs(self._content("coproduction")):
            segment, role = self._texts(pair, "coproduction")
            if segment is None:
                segment, role = role, None
            assert segment is not None
            if self._says_none(segment) and role is None:
                self._tell_rows(pair.rows, "coproduction:none")
                continue
            if role and self._says_none(role):
                role = None
            position = len(found) + 1
            self._tell_rows(pair.rows, f"coproduction:{position}")
            found.append(Coproduction(position, segment, role))
        return found

    def _says_none(self, text: Text) -> bool:
        return self.form.marks.get(text.printed.casefold()) == "no"


def _may_go_on(above: PlacedRow, item: PlacedRow) -> bool:
    """Whether a line right below a criterion may be the rest of it; some towns print each as a line.

    Below a row of cells any line may; of lines alone, one in small letters below one that has a capital.
    """
    if not item.row.single or item.row.corrections or item.row.line != above.row.line + 1:
        return False
    text, before = item.row.printed.strip(), above.row.printed.strip()
    return not above.row.single or (text[:1].islower() and not before[:1].islower())
