"""The functions that queries may call beyond SPARQL's own: words, as ``/search`` finds them.

``mds:matches(?x, "asilo nido")`` is true of every resource that ``/search`` finds for the words, all of
them however many; ``mds:relevance(?x, "asilo nido")`` is how well it fits, an error for what does not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mappe_servizi.query.evaluate import FUNCTIONS
from mappe_servizi.query.words import MAX_TEXT, Lexicon, open_index

Hits = TypeVar("Hits", bound=Collection[str])
Term = NamedNode | BlankNode | Literal | Triple
MATCHES, RELEVANCE = FUNCTIONS
REMEMBERED, TEXTS = 500_000, 64
"""Hits that are kept, and texts that they are of."""
DOUBLE = NamedNode("http://www.w3.org/2001/XMLSchema#double")
TRUE, FALSE = (
    Literal(value, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
    for value in ("true", "false")
)


class Remembered(Generic[Hits]):
    """The hits of the texts asked for last: as many texts as have ``REMEMBERED`` hits in all."""

    def __init__(self, find: Callable[[str], Hits]) -> None:
        self._find = find
        self._kept: dict[str, Hits] = {}

    def __call__(self, text: str) -> Hits:
        """The hits of a text."""
        if (known := self._kept.get(text)) is not None:
            return known
        found = self._find(text)
        room = REMEMBERED - len(found)
        while self._kept and (sum(map(len, self._kept.values())) > room or len(self._kept) >= TEXTS):
            del self._kept[next(iter(self._kept))]
        self._kept[text] = found
        return found


class Functions:
    """The functions on the index of one release, opened when one of them is called.

    Attributes:
        by_name: what an engine takes: the functions by their IRIs.
        fault: what is wrong with a call, "" for nothing. An engine takes what a function raises for
            an error of the row, and would leave out what a mistaken call should have found.
    """

    def __init__(self, namespace: str, index: Path | None) -> None:
        self._index = index
        self._database: sqlite3.Connection | None = None
        self._lexicon: Lexicon | None = None
        self.fault = ""
        self.by_name: Mapping[NamedNode, Callable[..., Term | None]] = {
            NamedNode(namespace + MATCHES): self._matches,
            NamedNode(namespace + RELEVANCE): self._relevance,
        }
        self._iris: Remembered[frozenset[str]] = Remembered(lambda text: self._words().iris(text))
        self._scores: Remembered[Mapping[str, float]] = Remembered(
            lambda text: {hit.iri: hit.score for hit in self._words().find(text).hits}
        )

    def _matches(self, *arguments: Term) -> Term | None:
        hits = self._asked(MATCHES, arguments, self._iris)
        return None if hits is None else TRUE if _iri(arguments[0]) in hits else FALSE

    def _relevance(self, *arguments: Term) -> Term | None:
        hits = self._asked(RELEVANCE, arguments, self._scores)
        score = None if hits is None else hits.get(_iri(arguments[0]))
        return None if score is None else Literal(f"{score:.4f}", datatype=DOUBLE)

    def _asked(self, name: str, arguments: Sequence[Term], hits: Remembered[Hits]) -> Hits | None:
        if len(arguments) != 2:
            self.fault = f'mds:{name} takes a resource and words: mds:{name}(?x, "asilo nido")'
        elif self._index is None:
            self.fault = f"mds:{name} needs a release with an index of words, and this one has none"
        elif not isinstance(words := arguments[1], Literal):
            return None  # an error of this row, as SPARQL has it
        elif len(words.value) > MAX_TEXT:
            self.fault = f"mds:{name} takes words of {MAX_TEXT} characters at most, not {len(words.value)}"
        else:
            try:
                return hits(words.value)
            except MemoryError:
                self.fault = f"mds:{name} finds more by these words than fits into a query's memory"
            except sqlite3.Error as error:
                self.fault = f"the index of words cannot be read: {error}"
        return None

    def _words(self) -> Lexicon:
        if self._lexicon is None:
            assert self._index is not None
            self._database = database = open_index(self._index)
            self._lexicon = Lexicon(lambda statement, values: database.execute(statement, values).fetchall())
        return self._lexicon

    def close(self) -> None:
        """Close the index."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""
