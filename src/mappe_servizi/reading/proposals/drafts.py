"""A document's names to the rows that the curated tables lack, each with its rule and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from mappe_servizi.model.name_words import words
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.model.service_map import Table as FigureTable
from mappe_servizi.model.tables import Table, concepts, municipality, read_rows
from mappe_servizi.model.tables.edition import MENTIONS
from mappe_servizi.model.tables.knowledge import LEGAL_FORMS
from mappe_servizi.model.tables.proposals import CONCEPT_CLASSES, ConceptClassRow
from mappe_servizi.model.text import normal
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.reading.form import Form, load_form
from mappe_servizi.reading.people import assumed_name
from mappe_servizi.reading.proposals.areas import AreaNames
from mappe_servizi.reading.proposals.concepts import HARDLY, SAME, Meant, ServiceNames
from mappe_servizi.reading.proposals.delivery import DeliveryDrafter
from mappe_servizi.reading.proposals.draft import Draft, Key
from mappe_servizi.reading.proposals.evidence import Evidence, Rule
from mappe_servizi.reading.proposals.people import load_given_names, parted
from mappe_servizi.reading.proposals.words import Words, segments_of

NAMED: Final = Rule("mentions", "note", "a name with a legal form beside a form of management")
ENGLISH: Final = Rule("service-names", "label", "the title is the concept's own name")
WORDS: Final = Rule("service-names", "words", "the title has the words of the concept's name")
CLASSES: Final = Rule("services", "concept", "the concept's usual classification")


@dataclass(frozen=True, slots=True)
class Drafter:
    """What is known for every municipality that tells what names mean."""

    form: Form
    words: Words
    names: ServiceNames
    areas: AreaNames
    classes: Mapping[str, ConceptClassRow]
    english: Mapping[str, str]
    given: frozenset[str]
    evidence: Evidence
    forms: LegalForms
    delivery: DeliveryDrafter

    @classmethod
    def load(cls, knowledge: Path) -> Drafter:
        """Read what is known.

        Raises:
            InputError, InputErrors: a cell cannot be used.
        """
        classes = read_rows(CONCEPT_CLASSES, knowledge / CONCEPT_CLASSES.file)
        given, evidence = load_given_names(knowledge), Evidence.load(knowledge)
        forms = LegalForms.load(knowledge / LEGAL_FORMS.file)
        return cls(
            load_form(knowledge),
            Words.load(knowledge),
            ServiceNames.load(knowledge),
            AreaNames.load(knowledge),
            {row.concept: row for row in classes},
            {
                row.label: row.label_en
                for row in read_rows(concepts.SERVICE_CONCEPTS, knowledge / concepts.SERVICE_CONCEPTS.file)
            },
            given,
            evidence,
            forms,
            DeliveryDrafter.load(knowledge, forms, given, evidence),
        )

    def drafts(self, document: Document, names: Names) -> Iterator[Draft]:
        """The rows for everything that an edition names, whether a table has one already or not."""
        meant_by = {entry.number: self.names.meant(entry.title.value) for entry in document.entries}
        for entry in document.entries:
            slug, title = names.service(entry.number), entry.title.value
            if meant := meant_by[entry.number]:
                yield from self._service(slug, title, meant, f"line {entry.title.lines[0]}")
        for sheet in document.maps:
            yield from self._people(sheet)
            yield from self._mentions(sheet, names.edition)
            of = meant_by[sheet.number]
            concept = of.concept if of and of.rule != HARDLY else ""
            yield from self._audiences(sheet, names, concept)
            for table in get_args(FigureTable):
                yield from self._indicators(sheet, table, names, concept)
        yield from self._areas(document, names)
        yield from self.delivery.drafts(document, names)

    def _draft(self, table: Table[Any], key: Key, cells: Mapping[str, str], rule: Rule) -> Draft:
        return Draft(table, key, cells, rule, self.evidence.probability(rule))

    def _service(self, slug: str, title: str, meant: Meant, evidence: str) -> Iterator[Draft]:
        table = concepts.SERVICES
        cells = {
            "service": slug, "title": title, "concept": meant.concept,
            "match": "exact" if meant.rule.name == SAME else "broad",
            "status": "proposed", "evidence": evidence,
            "reason": f"{meant.rule.name}: {meant.name}",
        }  # fmt: skip
        concept = self._draft(table, (slug,), cells, meant.rule)
        yield concept
        if meant.rule.name == SAME and (name := self.english.get(meant.name)):
            rule = ENGLISH if normal(title) == normal(meant.name) else WORDS
            cells = {
                "service": slug, "title": title, "title_en": name,
                "reason": f"{rule.name}: {meant.concept}", "evidence": "translation",
            }  # fmt: skip
            yield self._draft(municipality.SERVICE_NAMES, (slug,), cells, rule)
        if meant.rule != HARDLY and (usual := self.classes.get(meant.concept)):
            cells = {
                "service": slug, "title": title, "kind": usual.kind,
                **{name: " | ".join(getattr(usual, name)) for name in
                   ("theme", "data_theme", "cofog", "life_events", "business_events")},
                "reason": f"{CLASSES.name}: {meant.concept}", "evidence": usual.evidence,
            }  # fmt: skip
            sure = self.evidence.probability(CLASSES) * concept.probability
            yield Draft(municipality.SERVICES, (slug,), cells, CLASSES, round(sure, 2))

    def _areas(self, document: Document, names: Names) -> Iterator[Draft]:
        """The English names of the areas."""
        for entry in document.entries:
            label = entry.area.title.value
            if found := self.areas.english(label):
                name, rule = found
                cells = {
                    "area": names.area(entry), "label": label, "label_en": name,
                    "reason": rule.name, "evidence": "translation",
                }  # fmt: skip
                yield self._draft(municipality.AREAS, (cells["area"],), cells, rule)

    def _people(self, sheet: ServiceMap) -> Iterator[Draft]:
        if sheet.responsible is None:
            return
        printed = sheet.responsible.name.printed
        if found := parted(assumed_name(printed, self.form), self.given):
            cells = {
                "printed": printed, "given": found.given, "family": found.family,
                "reason": found.rule.name, "evidence": f"line {sheet.responsible.lines[0]}",
            }  # fmt: skip
            yield self._draft(municipality.PEOPLE, (printed,), cells, found.rule)

    def _mentions(self, sheet: ServiceMap, edition: int) -> Iterator[Draft]:
        """Who is named beside the mark of a form of management: an organisation, if it has a legal form."""
        for management in sheet.management:
            note = management.note
            if note is None or management.form == "diretta":
                continue
            named = re.split(self.form.wording["name-end"], note.value, maxsplit=1)[0].strip()
            if any(True for _ in self.forms.find(words(named))):
                key = (str(sheet.number), str(note.lines[0]), named)
                cells = {
                    **dict(zip(("number", "line", "printed"), key, strict=True)),
                    "decision": "engagement", "certainty": "likely",
                    "reason": f"{NAMED.name}: {management.form}", "evidence": f"line {note.lines[0]}",
                }  # fmt: skip
                sure = self.evidence.probability(NAMED)
                yield Draft(MENTIONS, key, cells, NAMED, sure, edition)

    def _audiences(self, sheet: ServiceMap, names: Names, concept: str) -> Iterator[Draft]:
        service, slugs = names.service(sheet.number), names.segments(sheet)
        meant = self.words.meant(sheet.segments, concept)
        for segment in sheet.segments:
            slug, guess = slugs[segment.position], meant[segment.position]
            cells = {
                "service": service, "segment": slug, "name": segment.name.value,
                "audiences": guess.code, "reason": guess.reason("audience-words.csv"),
            }  # fmt: skip
            yield self._draft(municipality.AUDIENCES, (service, slug), cells, guess.rule)

    def _indicators(
        self, sheet: ServiceMap, table: FigureTable, names: Names, concept: str
    ) -> Iterator[Draft]:
        service, slugs, segments = (
            names.service(sheet.number),
            names.indicators(sheet, table),
            names.segments(sheet),
        )
        rows = [row for row in sheet.indicators if row.table == table]
        parts, things = self.words.parts_of(rows), self.words.things(rows, table, concept)
        for row in rows:
            guess = things[row.position]
            counted = segments_of(row.label.value, sheet.segments) if table == "users" else ()
            role, of = parts.get(row.position, ("item", ()))
            cells = {
                "service": service, "table": table, "indicator": slugs[row.position],
                "label": row.label.value,
                "unit": "", "counted": guess.code, "role": role,
                "of": " | ".join(slugs[position] for position in of),
                "segments": " | ".join(segments[position] for position in counted),
                "match": "exact" if counted else "none",
                "reason": guess.reason("counted-words.csv"), "evidence": f"line {row.lines[0]}",
            }  # fmt: skip
            key = (service, table, slugs[row.position])
            yield self._draft(municipality.INDICATORS, key, cells, guess.rule)
