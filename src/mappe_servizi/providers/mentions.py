"""Recognition: which printed rows and sentences name an organisation that delivers a service.

Rules find the candidates: the type of a structures row (structure-types.csv), the members of a
grouping, and the phrases of running text that say who does something. Reviewed rows in the
municipality's mentions.csv decide about running text; what only a rule decided is marked so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.name_words import words
from mappe_servizi.model.service_map import ServiceMap, Structure, Text
from mappe_servizi.model.tables import Found, read_file, read_rows
from mappe_servizi.model.tables.edition import MENTIONS, MentionRow
from mappe_servizi.model.tables.knowledge import STRUCTURE_TYPES
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.addresses import any_of
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.model import StructureType
from mappe_servizi.providers.names import mention_key

_LAST_AND = re.compile(r"\s+e\s+(?=[A-Z\"“])")
_PROPER = r"[A-Z][\w.'’&-]*"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that running text names.

    Attributes:
        printed: the name as printed.
        section: the part of the map.
        text: the text that names it.
        delivers: whether a phrase or a reviewer says that it delivers or helps to deliver.
        decision: the reviewed row about it, if there is one.
    """

    printed: str
    section: str
    text: Text
    delivers: bool
    decision: MentionRow | None = None


class StructureTypes:
    """The ordered rules that give a structures row its type; the first that fits decides."""

    def __init__(self, rules: list[tuple[str, re.Pattern[str], StructureType]], forms: LegalForms) -> None:
        self._rules, self._forms = rules, forms

    @classmethod
    def load(cls, path: Path, forms: LegalForms) -> StructureTypes:
        """Read structure-types.csv.

        Raises:
            InputError, InputErrors: a rule has an unknown field or type, or a broken pattern.
        """
        rules = read_rows(STRUCTURE_TYPES, path)
        return cls([(row.field, row.pattern, row.type) for row in rules], forms)

    def of_name(self, name: str) -> StructureType | None:
        """The type that the rules about names alone give, None where none fits."""
        return next(
            (t for field, pattern, t in self._rules if field == "name" and pattern.search(name)), None
        )

    def of(self, structure: Structure) -> StructureType:
        """The type of a row; one that no rule fits is generic."""
        name = structure.name.value
        note = structure.note.value if structure.note else ""
        has_form = any(True for _ in self._forms.find(words(name)))
        for field, pattern, kind in self._rules:
            text = {"name": name, "note": note, "form": "form" if has_form else ""}[field]
            if pattern.search(text):
                return kind
        return "generic"


class DeliveryPhrases:
    """The phrases by which texts say who delivers, and how they name who does.

    Args:
        wording: the phrases.
        forms: the legal forms, whose words stand before names ("cooperativa Iride") and behind them ("spa").
    """

    def __init__(self, wording: Wording, forms: LegalForms) -> None:
        before = rf"(?:(?:(?i:{any_of(forms.nouns)})|{wording['firm']})\s+)?"
        behind = (
            "|".join(r"\.?".join([*word, ""]) for word in sorted(forms.abbreviations, reverse=True)) or "(?!)"
        )
        name = (
            rf"{before}(?:[\"“][^\"”]+[\"”]|{_PROPER})"
            rf"(?:\s+(?:d[aei]l?l?[aeio]?\s+)?(?:{_PROPER}|(?:{behind})(?!\w)))*"
        )
        self._delivers = re.compile(
            rf"{wording['delivers']}\s+(?:d?al(?:la|lo)?|da|all[ao]|dall['’])\s*(?P<name>{name})"
            rf"|{wording['together']}\s+(?:il\s|la\s|lo\s|l['’])?(?P<partner>{name})"
        )
        self._association = re.compile(wording["temporary-association"])
        self._grouping = re.compile(rf"^.*?\b{wording['grouping']}\s+(?P<members>.+)$", re.S)

    def named(self, text: str) -> Iterator[str]:
        """The names of those who deliver or help to deliver, as printed.

        >>> phrases = DeliveryPhrases(Wording({"delivers": ["gestit[aoie]"]}), LegalForms([]))
        >>> list(phrases.named("servizio gestito dalla Croce Verde."))
        ['Croce Verde']
        """
        for match in self._delivers.finditer(text):
            yield (match["name"] or match["partner"]).strip(" .,")

    def is_association(self, printed: str) -> bool:
        """Whether a grouping calls itself an association of enterprises (ATI), and not a grouping (RTI)."""
        return bool(self._association.match(printed))

    def members(self, printed: str) -> list[str]:
        """The members that a grouping's name lists, in order; none if it lists none.

        >>> phrases = DeliveryPhrases(Wording({"grouping": ["impresa composta da"]}), LegalForms([]))
        >>> phrases.members("Rete Temporanea di Impresa composta da Cospes Soc. Coop. Sociale, "
        ...                 "Coop. Nazareth e Coop. Soc. Gruppo Gamma")
        ['Cospes Soc. Coop. Sociale', 'Coop. Nazareth', 'Coop. Soc. Gruppo Gamma']
        """
        found = self._grouping.match(printed)
        if found is None:
            return []
        *first, last = [part.strip() for part in found["members"].split(",")]
        return [*first, *(part.strip() for part in _LAST_AND.split(last))]


def texts(service_map: ServiceMap, types: StructureTypes) -> Iterator[tuple[str, Text]]:
    """The running text of a map, section by section.

    The notes of providers and groupings are no running text: who stands there is the other party.
    """
    rows = [s for s in service_map.structures if types.of(s) not in ("provider", "grouping")]
    found: dict[str, list[Text | None]] = {
        "elements": [text for e in service_map.elements for text in (e.name, e.description)],
        "segments": [segment.description for segment in service_map.segments],
        "management": [management.note for management in service_map.management],
        "coproduction": [text for c in service_map.coproduction for text in (c.segment, c.role)],
        "structures": [row.note for row in rows],
    }
    for section, texts_ in found.items():
        yield from ((section, text) for text in texts_ if text is not None)


def candidates(
    service_map: ServiceMap,
    types: StructureTypes,
    phrases: DeliveryPhrases,
    decisions: Sequence[Found[MentionRow]],
    path: Path,
) -> Iterator[Candidate]:
    """The organisations outside the administration that the running text of a map names.

    Reviewed rows come first; then what the phrases find and no row decided,
    without the municipality's own offices and names that name nobody.

    Raises:
        InputError: a reviewed row names what its line does not print.
    """
    decided = set()
    all_texts = list(texts(service_map, types))
    for item in decisions:
        decision = item.row
        text = next(
            (t for t in all_texts if decision.line in t[1].lines and decision.printed in t[1].value), None
        )
        if text is None:
            message = f"line {decision.line} of map {decision.number} does not print {decision.printed!r}"
            raise InputError(message, file=path, line=item.line)
        decided.add((decision.line, mention_key(decision.printed)))
        if decision.decision != "own":
            yield Candidate(decision.printed, *text, decision.decision == "engagement", decision)
    for section, text_ in all_texts:
        for printed in phrases.named(text_.value):
            key = mention_key(printed)
            if not any((line, key) in decided for line in text_.lines) and types.of_name(printed) is None:
                yield Candidate(printed, section, text_, True)


def load_decisions(path: Path) -> dict[int, list[Found[MentionRow]]]:
    """The reviewed rows of an edition's mentions.csv, by number of the service.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    found: dict[int, list[Found[MentionRow]]] = {}
    for item in read_file(MENTIONS, path):
        found.setdefault(item.row.number, []).append(item)
    return found
