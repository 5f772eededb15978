"""Matching names to what a release has: pure functions behind the reconciliation service.

Providers are compared by the scorer that `mappe link` uses; services, segments and municipalities
by the letters of their names. Properties that the client gives raise or lower the score.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from mappe_servizi.errors import InputError
from mappe_servizi.linking.scorecard import probability
from mappe_servizi.model.name_words import telling_words, words
from mappe_servizi.query.codes import SCHEMES, Codes, asked_codes
from mappe_servizi.query.provider_matching import NamedProvider, ProviderHit, ProviderMatching

TYPES = {
    "provider": ("Fornitore", "Provider"),
    "service": ("Servizio comunale", "Municipal service"),
    "segment": ("Segmento di utenza", "User segment"),
    "municipality": ("Comune", "Municipality"),
}
PROPERTIES = {
    "legalForm": ("Forma giuridica", "Legal form", ("provider",)),
    "town": ("Comune della sede", "Town of the seat", ("provider",)),
    "quality": ("Qualifica", "Quality", ("provider",)),
    "services": ("Servizi", "Services", ("provider",)),
    "activities": ("Attività", "Activities", ("provider",)),
    "municipality": ("Comune", "Municipality", ("provider", "service", "segment")),
    "area": ("Area", "Area", ("service",)),
    "providers": ("Fornitori", "Providers", ("service",)),
    "service": ("Servizio", "Service", ("segment",)),
    "ipaCode": ("Codice IPA", "IPA code", ("municipality", "provider")),
    "fiscalCode": ("Codice fiscale", "Fiscal code", ("provider",)),
    "vatNumber": ("Partita IVA", "VAT number", ("provider",)),
    "runts": ("Numero RUNTS", "RUNTS number", ("provider",)),
}
MATCH, GAP, NAME_SHARE = 88.0, 4.0, 0.7
"""A candidate is a match from this score on, this far before the next; a name's share in the score."""
PROVIDER, CODE = "provider", "identifier"
SAYS = 1.5
"""Log odds that a property adds to a provider's where it agrees, and takes away where it does not."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that can be found.

    Attributes:
        names: the label first, then other names.
        properties: values as {"name": ...} or {"name": ..., "id": ...}.
    """

    id: str
    type: str
    names: tuple[str, ...]
    properties: dict[str, list[dict[str, str]]]
    likely: dict[str, list[str]] = field(default_factory=dict)
    """Codes that are only likely its own, by property."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A property that the client knows, with one or more values (names or identifiers)."""

    property: str
    values: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with its score (0 to 100) and what the score is made of; a code decides by itself."""

    entity: Entity
    score: float
    features: dict[str, float]
    match: bool = False
    decided: bool = False


@dataclass
class Matcher:
    """The entities of a release, ready to be compared."""

    entities: list[Entity]
    by_id: dict[str, Entity] = field(default_factory=dict)
    _keys: dict[str, tuple[list[str], list[int]]] = field(default_factory=dict)
    _providers: list[int] = field(default_factory=list)
    _matching: ProviderMatching | None = None
    _codes: Codes = field(default_factory=lambda: Codes((), ()))

    @classmethod
    def load(cls, path: Path) -> Matcher:
        """Read the index of a release.

        Raises:
            InputError: there is none, or it cannot be read.
        """
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"cannot be read: {error}", file=path) from None
        return cls(
            [
                Entity(r["id"], r["type"], tuple(r["names"]), r["properties"], r.get("likely", {}))
                for r in rows
            ]
        )

    def __post_init__(self) -> None:
        self.by_id = {entity.id: entity for entity in self.entities}
        self._providers = [at for at, entity in enumerate(self.entities) if entity.type == PROVIDER]
        self._matching = ProviderMatching.load([_provider(self.entities[at]) for at in self._providers])
        providers = [self.entities[at] for at in self._providers]
        self._codes = Codes(
            [_codes({p: [v["name"] for v in found] for p, found in e.properties.items()}) for e in providers],
            [_codes(e.likely) for e in providers],
        )
        for at, entity in enumerate(self.entities):
            keys, places = self._keys.setdefault(entity.type, ([], []))
            for name in entity.names:
                keys.append(folded(name))
                places.append(at)

    def find(
        self, name: str, types: Sequence[str], conditions: Sequence[Condition], limit: int
    ) -> list[ScoredCandidate]:
        """The best candidates for a name or a code, best first; none if it says nothing.

        Args:
            types: any of these; all of them if none is given.
        """
        kinds = types or list(self._keys)
        kept: list[ScoredCandidate] = []
        if PROVIDER in kinds:
            kept += self._find_providers(name, conditions)
        others = [kind for kind in kinds if kind != PROVIDER]
        scores = self._by_name(folded(name), others, max(limit * 8, 50))
        scored = [self._scored(self.entities[at], score, conditions) for at, score in scores.items()]
        kept += [c for c in scored if c is not None]
        kept.sort(key=lambda c: (-c.score, c.entity.names[0], c.entity.id))
        return [_judged(kept, at) for at in range(min(limit, len(kept)))]

    def _find_providers(self, name: str, conditions: Sequence[Condition]) -> list[ScoredCandidate]:
        assert self._matching is not None
        town = next((self._named(c.values[0]) for c in conditions if c.property == "town"), "")
        asked = asked_codes(name, ((c.property, v) for c in conditions for v in c.values[:1]))
        named = {self._providers[at]: certain for at, certain in self._codes.named(asked).items()}
        others = [c for c in conditions if c.property not in SCHEMES]
        required = any(c.required and c.property in SCHEMES for c in conditions)
        found: list[ScoredCandidate] = []
        contradicted = False
        for hit in self._matching.find(name, town):
            candidate = self._provider(hit, others)
            if candidate is None or self._providers[hit.at] in named:
                continue
            if self._codes.forbids(asked, hit.at):
                contradicted = contradicted or candidate.match
                features = {**candidate.features, CODE: 0.0}
                candidate = ScoredCandidate(candidate.entity, round(candidate.score / 2, 2), features)
            if not required:
                found.append(candidate)
        decided = [
            ScoredCandidate(
                self.entities[at], 100.0, {CODE: 100.0}, certain and not contradicted, decided=True
            )
            for at, certain in named.items()
        ]
        return [*decided, *found]

    def _named(self, value: str) -> str:
        """The name of a town that a client may give by its identifier."""
        for at in self._providers:
            for town in self.entities[at].properties.get("town", ()):
                if town.get("id") == value:
                    return town["name"]
        return value

    def _provider(self, hit: ProviderHit, conditions: Sequence[Condition]) -> ScoredCandidate | None:
        """A provider with its score, 100 times the probability."""
        entity = self.entities[self._providers[hit.at]]
        features = {"name": round(100 * probability(hit.odds), 2)}
        odds, certain = hit.odds, hit.certain
        for condition in conditions:
            value = agreement(entity.properties.get(condition.property, []), condition.values)
            if condition.required and value < 80:
                return None
            features[condition.property] = round(value, 2)
            odds += SAYS * (value - 50) / 50
            certain = certain and value >= 50
        return ScoredCandidate(entity, round(100 * probability(odds), 2), features, certain)

    def starting(self, prefix: str, types: Sequence[str], limit: int) -> list[Entity]:
        """Entities whose name has words that begin like the prefix's, then similar ones; for suggestions."""
        wanted = words(prefix)
        found = [
            entity
            for entity in self.entities
            if (not types or entity.type in types) and _begins(wanted, words(" ".join(entity.names)))
        ]
        found.sort(key=lambda entity: (len(entity.names[0]), entity.names[0]))
        if len(found) < limit and wanted:
            similar = [c.entity for c in self.find(prefix, types, (), limit) if c.score >= 60]
            found += [entity for entity in similar if entity not in found]
        return found[:limit]

    def _by_name(self, key: str, types: Sequence[str], limit: int) -> dict[int, float]:
        scores: dict[int, float] = {}
        for type_ in types:
            keys, places = self._keys.get(type_, ([], []))
            for _, score, i in process.extract(key, keys, scorer=similarity, limit=limit, score_cutoff=40):
                scores[places[i]] = max(score, scores.get(places[i], 0.0))
        return scores

    def _scored(self, entity: Entity, name: float, conditions: Sequence[Condition]) -> ScoredCandidate | None:
        features = {"name": round(name, 2)}
        for condition in conditions:
            value = agreement(entity.properties.get(condition.property, []), condition.values)
            if condition.required and value < 80:
                return None
            features[condition.property] = round(value, 2)
        others = [value for key, value in features.items() if key != "name"]
        score = name if not others else NAME_SHARE * name + (1 - NAME_SHARE) * sum(others) / len(others)
        return ScoredCandidate(entity, round(score, 2), features)


def _judged(kept: Sequence[ScoredCandidate], at: int) -> ScoredCandidate:
    """A candidate with whether it is a match: only the first can be, and only well before the next."""
    found = kept[at]
    if any(candidate.decided for candidate in kept):
        alone = found.match and sum(candidate.decided for candidate in kept) == 1
        return ScoredCandidate(found.entity, found.score, found.features, alone)
    ahead = at == 0 and (len(kept) == 1 or found.score - kept[1].score >= GAP)
    certain = found.match if found.entity.type == PROVIDER else found.score >= MATCH
    return ScoredCandidate(found.entity, found.score, found.features, ahead and certain)


def _codes(values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {scheme: values[name][0] for name, scheme in SCHEMES.items() if values.get(name)}


def _provider(entity: Entity) -> NamedProvider:
    values = {name: [v["name"] for v in entity.properties.get(name, ())] for name in ("town", "municipality")}
    maps = tuple(name.removeprefix("Comune di ") for name in values["municipality"])
    return NamedProvider(entity.names, (values["town"] or [""])[0], maps)


def folded(name: str) -> str:
    """A name as its letters are compared."""
    return " ".join(telling_words(name))


def similarity(one: str, other: str, *, score_cutoff: float | None = None, **_: Any) -> float:
    """How like two folded names are, 0 to 100."""
    score = max(fuzz.ratio(one, other), 0.98 * fuzz.token_sort_ratio(one, other),
                0.92 * fuzz.token_set_ratio(one, other))  # fmt: skip
    return score if score_cutoff is None or score >= score_cutoff else 0.0


def agreement(values: Sequence[dict[str, str]], wanted: Sequence[str]) -> float:
    """How well a property agrees, 0 to 100; 50 where the release does not know it."""
    if not values:
        return 50.0
    return max(
        (
            100.0
            if want == value.get("id")
            else fuzz.WRatio(" ".join(words(want)), " ".join(words(value["name"])))
            for want in wanted
            for value in values
        ),
        default=50.0,
    )


def _begins(wanted: Sequence[str], having: Sequence[str]) -> bool:
    return all(any(word.startswith(want) for word in having) for want in wanted)
