"""Resolution: the mentions of one municipality's document become providers and engagements.

The registry's decisions come first; a mention that no decision covers joins an organisation of
the same municipality that it names by rule (``Name.same_as``), else it is one of its own, known
by its printed name inside the municipality. Names never reach over to another municipality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap, Structure
from mappe_servizi.model.tables import Found
from mappe_servizi.model.tables.edition import MENTIONS, MentionRow
from mappe_servizi.providers.engagements import parse_terms
from mappe_servizi.providers.mentions import Candidate, candidates, load_decisions
from mappe_servizi.providers.model import (
    Activity,
    Engagement,
    Grouping,
    Mention,
    Network,
    PrintedPlace,
    Provider,
    Resolved,
    StructureType,
    Terms,
)
from mappe_servizi.providers.names import Name, mention_key, parse
from mappe_servizi.providers.rules import Rules


def build_network(document: Document, rules: Rules) -> Network:
    """Recognise and resolve the providers of one edition of a municipality's document.

    Args:
        document: what was read from it.
        rules: what is known of providers.

    Raises:
        InputError: mentions.csv cannot be used.
    """
    ipa = document.municipality.ipa
    path = document.municipality.edition_folder / MENTIONS.file
    resolver = _Resolver(ipa, rules, load_decisions(path), path)
    for service_map in sorted(document.maps, key=lambda m: m.number):
        resolver.read(service_map)
    return resolver.network()


@dataclass
class _Resolver:
    ipa: str
    rules: Rules
    decisions: Mapping[int, list[Found[MentionRow]]]
    path: Path
    providers: dict[str, Provider] = field(default_factory=dict)
    names: dict[str, list[Name]] = field(default_factory=dict)
    groupings: list[Grouping] = field(default_factory=list)
    mentions: list[Resolved] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)
    types: dict[tuple[int, int], StructureType] = field(default_factory=dict)

    def read(self, service_map: ServiceMap) -> None:
        """Read one map: its structures rows first, then its running text."""
        for structure in service_map.structures:
            kind = self.rules.types.of(structure)
            self.types[service_map.number, structure.position] = kind
            if kind == "provider":
                self._provider_row(service_map.number, structure)
            elif kind == "grouping":
                self._grouping_row(service_map.number, structure)
        decisions = self.decisions.get(service_map.number, [])
        for candidate in candidates(service_map, self.rules.types, self.rules.phrases, decisions, self.path):
            self._candidate(service_map.number, candidate)

    def network(self) -> Network:
        return Network(
            self.ipa,
            tuple(self.providers.values()),
            tuple(self.groupings),
            tuple(self.mentions),
            tuple(self.engagements),
            self.types,
        )

    def _known(self) -> dict[str, str]:
        """The names decided for this municipality, by key, as printed."""
        return self.rules.registry.printed_of(self.ipa)

    def _provider_row(self, number: int, structure: Structure) -> None:
        source = _source(number, structure)
        resolved = self._resolve(Mention(parse(structure.name.printed, self.rules.forms), source))
        self._engage(resolved, structure, None)

    def _grouping_row(self, number: int, structure: Structure) -> None:
        source = _source(number, structure)
        purpose = structure.note.value if structure.note else ""
        key = self._grouping_key(purpose or structure.name.value)
        keys = []
        for printed in self.rules.phrases.members(structure.name.printed):
            resolved = self._resolve(Mention(parse(printed, self.rules.forms), source, grouping=key))
            keys.append(resolved.provider)
            self._engage(resolved, structure, key)
        self.groupings.append(Grouping(key, structure.name.value, purpose, tuple(keys), source))

    def _grouping_key(self, label: str) -> str:
        taken = {grouping.key for grouping in self.groupings}
        number, key = 1, label
        while key in taken:
            number += 1
            key = f"{label} ({number})"
        return key

    def _engage(self, resolved: Resolved, structure: Structure, via: str | None) -> None:
        note = structure.note.value if structure.note else ""
        known = [key for key in self._known() if key != mention_key(resolved.mention.name.printed)]
        for terms in parse_terms(note, self.rules.vocabulary, self._known() if via is None else known):
            for activity in terms.activities or (None,):
                self._add(resolved, activity, terms, note, via)

    def _add(
        self, resolved: Resolved, activity: Activity | None, terms: Terms, note: str, via: str | None
    ) -> None:
        source = resolved.mention.source
        others = [self._resolve(self._counterparty(name, source)).provider for name in terms.counterparties]
        self.engagements.append(
            Engagement(
                number=source.number,
                provider=resolved.provider,
                mention=resolved.mention.name.printed,
                activity=activity,
                instrument=terms.instrument,
                instruments=terms.instruments,
                via=via,
                counterparties=tuple(dict.fromkeys(others)),
                note=note,
                source=source,
                certainty=resolved.certainty,
            )
        )

    def _counterparty(self, name: str, source: PrintedPlace) -> Mention:
        printed = self._known().get(name, name)
        reason = "named beside the instrument: the other party, not the provider"
        return Mention(parse(printed, self.rules.forms), source, delivers=False, reason=reason)

    def _candidate(self, number: int, candidate: Candidate) -> None:
        text, decision = candidate.text, candidate.decision
        source = PrintedPlace(number, candidate.section, text.lines, None, text.corrections)
        mention = Mention(parse(candidate.printed, self.rules.forms), source, delivers=candidate.delivers)
        activity, instrument = None, ""
        if decision is not None:
            mention = replace(
                mention, certainty=decision.certainty, reason=decision.reason, evidence=decision.evidence
            )
            instrument = decision.instrument
            if decision.activity:
                activity = self.rules.vocabulary.activity(decision.activity)
        resolved = self._resolve(mention)
        if mention.delivers:
            terms = Terms((), instrument, self.rules.vocabulary.instruments_in(instrument), ())
            self._add(resolved, activity, terms, text.value, None)

    def _resolve(self, mention: Mention) -> Resolved:
        """Find or make the provider that a mention is."""
        printed = mention.name.printed
        if alias := self.rules.registry.decided(self.ipa, printed):
            provider = self.rules.registry.providers[alias.provider]
            result = Resolved(mention, provider.key, alias.certainty, alias.reason, alias.evidence)
        elif (key := self._by_rule(mention.name)) is not None:
            provider = self.providers[key]
            reason = "the same name, legal form aside, in the same municipality"
            result = Resolved(mention, key, "rule", reason, "")
        else:
            provider = _local(mention.name)
            result = Resolved(mention, provider.key, "rule", "the first of its name", "")
        self.providers.setdefault(provider.key, provider)
        self.names.setdefault(provider.key, []).append(mention.name)
        if not any(m.mention == mention for m in self.mentions):
            self.mentions.append(result)
        return result

    def _by_rule(self, name: Name) -> str | None:
        return next((key for key, names in self.names.items() if any(name.same_as(n) for n in names)), None)


def _local(name: Name) -> Provider:
    reason = "no decision of the registry covers the name"
    return Provider(name.printed, name.printed, False, name.code, name.qualities, reason=reason)


def _source(number: int, structure: Structure) -> PrintedPlace:
    texts = [structure.name, *([structure.note] if structure.note else [])]
    lines = tuple(sorted({line for text in texts for line in text.lines}))
    corrections = tuple(dict.fromkeys(c for text in texts for c in text.corrections))
    return PrintedPlace(number, "structures", lines, structure.position, corrections)
