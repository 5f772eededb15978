"""What two spellings of an Italian organisation's name are compared by.

The legal form apart, the town apart (its former name read as today's), saints and pious works
folded, first names comparable with their initials.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from mappe_servizi.providers.legal_forms import LegalForms, words
from mappe_servizi.providers.names import STOP, parse
from mappe_servizi.providers.tables import read_table

_FOLDED = {
    "san": "s", "santo": "s", "santa": "s", "sant": "s", "santi": "s", "ss": "s",
    "opera": "o", "pia": "p", "fratelli": "f lli", "flli": "f lli",
}  # fmt: skip
COLUMNS = ("unique_id", "name", "core", "sorted_core", "skeleton", "town", "form", "first", "alone", "truth")
NATIONAL = 1000
"""From this many organisations on, a name that a list has only once is taken to be rare."""
_INITIALS = re.compile(r"(?<![\w.])((?:[A-Z]\.\s?){1,2})(?=[A-Z][A-Za-zÀ-ü'’]{2,})")
_ASSOCIATION = frozenset({"associazione", "ass", "asd", "aps", "odv", "ssd"})


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation as a list has it.

    Attributes:
        id: unique in its list.
        town: as the list gives it, "" where it gives none.
        truth: what it is known to be, in benchmarks; else "".
    """

    id: str
    name: str
    town: str = ""
    form: str = ""
    truth: str = ""


class Towns:
    """Names of towns: today's name of a former one, and towns that a name ends with."""

    def __init__(self, former: Mapping[str, str], known: Iterable[str]) -> None:
        self._current = {" ".join(words(old)): " ".join(words(new)) for old, new in former.items()}
        folded = {" ".join(words(name)) for name in known if name} | set(self._current)
        folded |= set(self._current.values())
        self._known = {name: name.split() for name in folded if name}
        self._longest = max((len(name) for name in self._known.values()), default=0)

    @classmethod
    def load(cls, directory: Path, known: Iterable[str] = ()) -> Towns:
        """Read former-towns.csv and towns.csv of data/knowledge; ``known`` adds the lists' own towns."""
        former = {
            r["former"]: r["current"]
            for r in read_table(directory / "former-towns.csv", ("former", "current"))
        }
        towns = read_table(directory / "towns.csv", ("name", "alias", "city"))
        return cls(former, [*(row["name"] for row in towns), *known])

    def current(self, town: str) -> str:
        """The folded name of a town today, "" for none."""
        folded = " ".join(words(town))
        return self._current.get(folded, folded)

    def split(self, name: Sequence[str], town: str = "") -> tuple[list[str], str]:
        """A name's words without the towns that it ends with, and the last of them.

        Args:
            town: the town that the list gives; an ending that nearly spells it goes too.
        """
        rest, found = list(name), ""
        while (length := self._ending(rest, town)) > 0:
            found = found or self.current(" ".join(rest[-length:]))
            rest = rest[:-length]
            while len(rest) > 1 and rest[-1] in STOP:
                rest.pop()
        return rest, found

    def _ending(self, name: Sequence[str], town: str) -> int:
        """How many last words are a town's; a name is never a town alone."""
        for length in range(min(self._longest, len(name) - 1), 0, -1):
            end = " ".join(name[-length:])
            if end in self._known or (town and fuzz.ratio(end, town) >= 85):
                return length
        return 0


def features(listed: Listed, forms: LegalForms, towns: Towns) -> dict[str, str | None]:
    """The columns that the model compares; None where nothing is known."""
    printed = _INITIALS.sub(lambda m: re.sub(r"([A-Z])\.\s?", r"\g<1>0 ", m[1]), listed.name)
    name = parse(printed, forms)
    given = towns.current(listed.town) or towns.current(name.seat)
    full = words(printed.replace(f"({name.seat})", "")) if name.seat else words(printed)
    core, ending = towns.split([w for w in full if w in set(name.core) or w in STOP], given)
    kept = _folded(w for w in core if w not in STOP) or _folded(name.core)
    form = (listed.form or name.code)[:2] or ("18" if _ASSOCIATION & set(full) else "")
    return {
        "unique_id": listed.id,
        "name": listed.name,
        "core": " ".join(kept),
        "sorted_core": " ".join(sorted(kept)),
        "skeleton": skeleton(kept),
        "town": given or ending or None,
        "form": form or None,
        "first": max(kept, key=len)[0] if kept else None,
        "alone": None,
        "truth": listed.truth or None,
    }


def all_features(
    items: Sequence[Listed], forms: LegalForms, towns: Towns, common: frozenset[str]
) -> list[dict[str, str | None]]:
    """The columns of a whole list, with whether a name stands alone.

    In a list of national size a name stands alone if the list has it once; in a smaller one, if
    it is none of the ``common`` names, which many organisations bear.
    """
    rows = [features(item, forms, towns) for item in items]
    count = Counter(row["core"] for row in rows)
    for row in rows:
        once = count[row["core"]] == 1 if len(rows) >= NATIONAL else row["core"] not in common
        row["alone"] = "yes" if once else None
    return rows


def load_common(path: Path) -> frozenset[str]:
    """The names that many organisations bear (common-names.csv), folded as names are compared."""
    rows = read_table(path, ("name",), required=("name",))
    return frozenset(" ".join(_folded(w for w in words(row["name"]) if w not in STOP)) for row in rows)


def _folded(name: Iterable[str]) -> list[str]:
    return [part for word in name for part in _FOLDED.get(word, _plain(word)).split()]


def _plain(word: str) -> str:
    """An initial was marked by a 0, so that it is not taken for an article."""
    return word[0] if len(word) == 2 and word[1] == "0" else word


def skeleton(core: Sequence[str]) -> str:
    """The last word and the initials of those before it: "g b rossi" of "Giovanni Battista Rossi".

    Two or three letters without a vowel between them are initials already ("gb", "mt").

    >>> skeleton(["giovanni", "battista", "rossi"]) == skeleton(["gb", "rossi"])
    True
    """
    if not core:
        return ""
    initials = [letter for word in core[:-1] for letter in (word if _is_initials(word) else word[0])]
    return " ".join([*initials, core[-1]])


def _is_initials(word: str) -> bool:
    return len(word) <= 3 and not any(letter in "aeiou" for letter in word[1:])
