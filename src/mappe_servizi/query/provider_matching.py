"""Providers for a name: the scorer of linking, and when a candidate is certain enough to be taken unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from mappe_servizi.instance import knowledge
from mappe_servizi.linking.candidates import Index
from mappe_servizi.linking.features import FEATURES
from mappe_servizi.linking.reading import Read, in_list
from mappe_servizi.linking.scorer import Pair, Scorer

LIKE = 30
"""How many providers are looked at whose names have similar letters, beside those that share words."""
LIKELY = 0.85
"""Probability from which on a provider can be certain, if nothing speaks against it."""
LEFT_OVER = 3.0
"""Weight (nats) of words that one name may have more; a name inside another is no identity."""
GAP = 1.5
"""Log odds that a certain candidate is ahead of the next."""
_OVER, _LESS = FEATURES.index("over_more"), FEATURES.index("over_less")


@dataclass(frozen=True, slots=True)
class NamedProvider:
    """A provider as it is found: its names, its town, the towns on whose maps it stands."""

    names: tuple[str, ...]
    town: str = ""
    maps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderHit:
    """A provider (its place) with its best name's log odds, and whether it is certainly the one meant."""

    at: int
    odds: float
    certain: bool


class ProviderMatching:
    """All providers of a release, read once."""

    def __init__(self, providers: Sequence[NamedProvider], scorer: Scorer) -> None:
        names = [(scorer.reader.core(n), provider.town) for provider in providers for n in provider.names]
        self._borne = scorer.reader.frequencies.names
        # Any organisation of the country may be asked for, so the prior is that of long lists.
        self._scorer = scorer.for_lists([names], round(scorer.card.rows))
        self._of = [at for at, provider in enumerate(providers) for _ in provider.names]
        reader = self._scorer.reader
        reads = [
            reader.read(name, provider.town, provider.maps[0] if provider.maps else "")
            for provider in providers
            for name in provider.names
        ]
        self._reads = in_list(reads, reader.towns, reader.frequencies)
        self._index = Index(self._reads)
        self._keys = [" ".join(sorted(read.words)) for read in self._reads]
        self._towns: list[set[str]] = [set() for _ in providers]
        for at, read in zip(self._of, self._reads, strict=True):
            self._towns[at] |= {read.town, read.near, *read.named}

    @classmethod
    def load(cls, providers: Sequence[NamedProvider], directory: Path | None = None) -> ProviderMatching:
        """With the tables and weights of a directory, those of the program where none is given.

        Raises:
            InputError: one cannot be used.
        """
        return cls(providers, Scorer.load(directory or knowledge("knowledge")))

    def find(self, name: str, town: str = "") -> list[ProviderHit]:
        """Providers for a name, best first; one of them is certain at most."""
        reader = self._scorer.reader
        (asked,) = in_list([reader.read(name, town)], reader.towns, reader.frequencies)
        best: dict[int, ProviderHit] = {}
        for to in self._near(asked):
            pair = self._scorer.pair(asked, self._reads[to])
            if pair is None:
                continue
            at = self._of[to]
            found = ProviderHit(at, pair.odds, self._identical(asked, at, self._reads[to], pair))
            if at not in best or (found.certain, found.odds) > (best[at].certain, best[at].odds):
                best[at] = found
        ranked = sorted(best.values(), key=lambda f: (-f.odds, f.at))
        ahead = len(ranked) < 2 or ranked[0].odds - ranked[1].odds >= GAP
        return [ProviderHit(f.at, f.odds, f.certain and n == 0 and ahead) for n, f in enumerate(ranked)]

    def _near(self, asked: Read) -> set[int]:
        key = " ".join(sorted(asked.words))
        like = process.extract(key, self._keys, scorer=fuzz.ratio, limit=LIKE, score_cutoff=60) if key else []
        return {*self._index.near(asked), *(at for _, _, at in like)}

    def _identical(self, asked: Read, at: int, read: Read, pair: Pair) -> bool:
        """Whether nothing speaks against taking one for the other without anybody looking.

        A town that is not the provider's does, and so do words that only one of them has, another
        legal form, and a name that other bodies bear, where no town is given.
        """
        if pair.probability < LIKELY or pair.features[_OVER] > LEFT_OVER:
            return False
        if {asked.town, *asked.named} - {""} - self._towns[at]:
            return False
        if not _one_form(asked, read, self._scorer.reader.parts.associations):
            return False
        if asked.town or read.town in asked.named:
            return True
        return not self._borne[read.core] and not self._borne[asked.core] and self._tells(asked, read)

    def _tells(self, asked: Read, read: Read) -> bool:
        """A name of one word is certain only beside its legal form."""
        return len(asked.words) > 1 or not read.forms or bool(asked.forms)


def _one_form(asked: Read, known: Read, associations: frozenset[str]) -> bool:
    """Whether two names' forms can be of one body: codes that are not parts of each other cannot."""
    one, other = ({form for form in read.telling if form.isdigit()} for read in (asked, known))
    if one and other:
        return any(x.startswith(y) or y.startswith(x) for x in one for y in other)
    kinds = [bool(codes) for codes in (one, other)]
    association = [bool(read.forms & associations) for read in (asked, known)]
    return not (kinds[0] and association[1]) and not (kinds[1] and association[0])
