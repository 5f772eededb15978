"""Matching names to what a release has: pure functions behind the reconciliation service.

A name is compared with the legal form apart and without it, tolerant of typing errors
(rapidfuzz); properties that the client gives (legal form, town, ...) raise or lower the score.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from mappe_servizi.errors import InputError
from mappe_servizi.providers.legal_forms import words
from mappe_servizi.providers.names import STOP

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
    "ipaCode": ("Codice IPA", "IPA code", ("municipality",)),
}
MATCH, GAP, NAME_SHARE = 88.0, 4.0, 0.7
"""A candidate is a match from this score on, this far before the next; a name's share in the score."""
_FORM_WORDS = frozenset(
    """soc societa coop cooperativa sociale scs spa srl srls arl onlus ass associazione fond fondazione
    asd aps odv ets impresa azienda speciale""".split()  # noqa: SIM905
)


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


@dataclass(frozen=True, slots=True)
class Condition:
    """A property that the client knows, with one or more values (names or identifiers)."""

    property: str
    values: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate with its score (0 to 100) and what the score is made of."""

    entity: Entity
    score: float
    features: dict[str, float]
    match: bool = False


@dataclass
class Matcher:
    """The entities of a release, ready to be compared."""

    entities: list[Entity]
    by_id: dict[str, Entity] = field(default_factory=dict)
    _keys: dict[str, tuple[list[str], list[int]]] = field(default_factory=dict)

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
        return cls([Entity(r["id"], r["type"], tuple(r["names"]), r["properties"]) for r in rows])

    def __post_init__(self) -> None:
        self.by_id = {entity.id: entity for entity in self.entities}
        for at, entity in enumerate(self.entities):
            keys, places = self._keys.setdefault(entity.type, ([], []))
            for name in entity.names:
                keys.append(folded(name))
                places.append(at)

    def find(
        self, name: str, types: Sequence[str], conditions: Sequence[Condition], limit: int
    ) -> list[Candidate]:
        """The best candidates for a name, best first; none if the name says nothing.

        Args:
            types: any of these; all of them if none is given.
        """
        scores = self._by_name(folded(name), types or list(self._keys), max(limit * 8, 50))
        scored = [self._scored(self.entities[at], score, conditions) for at, score in scores.items()]
        kept = [c for c in scored if c is not None]
        kept.sort(key=lambda c: (-c.score, c.entity.names[0], c.entity.id))
        if kept and kept[0].score >= MATCH and (len(kept) == 1 or kept[0].score - kept[1].score >= GAP):
            first = kept[0]
            kept[0] = Candidate(first.entity, first.score, first.features, True)
        return kept[:limit]

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

    def _scored(self, entity: Entity, name: float, conditions: Sequence[Condition]) -> Candidate | None:
        features = {"name": round(name, 2)}
        for condition in conditions:
            value = agreement(entity.properties.get(condition.property, []), condition.values)
            if condition.required and value < 80:
                return None
            features[condition.property] = round(value, 2)
        others = [value for key, value in features.items() if key != "name"]
        score = name if not others else NAME_SHARE * name + (1 - NAME_SHARE) * sum(others) / len(others)
        return Candidate(entity, round(score, 2), features)


def folded(name: str) -> str:
    """A name's words, those that tell most first: without articles, legal forms last.

    >>> folded("Coop. Soc. Il Girasole (Crema)")
    'girasole crema coop soc'
    """
    kept = [word for word in words(name) if word not in STOP]
    return " ".join([w for w in kept if w not in _FORM_WORDS] + [w for w in kept if w in _FORM_WORDS])


def similarity(one: str, other: str, *, score_cutoff: float | None = None, **_: Any) -> float:
    """How like two folded names are, 0 to 100: mostly their telling words, a little their forms."""
    first, second = _core(one), _core(other)
    core = max(fuzz.ratio(first, second), 0.98 * fuzz.token_sort_ratio(first, second),
               0.92 * fuzz.token_set_ratio(first, second))  # fmt: skip
    score = 0.95 * core + 0.05 * fuzz.token_sort_ratio(one, other)
    return score if score_cutoff is None or score >= score_cutoff else 0.0


def _core(key: str) -> str:
    return " ".join(w for w in key.split() if w not in _FORM_WORDS) or key


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
