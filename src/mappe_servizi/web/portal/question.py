"""What a page asks: one query for the rows of several patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.web.served.results import Row

LIMIT = 20_000
"""Rows that a page is put together from at most."""
GIVEN = re.compile(r"\?[a-z]\w*", re.IGNORECASE)
"""A variable that a page's rows have: ``?_entry`` is one that only ties a pattern together."""


@lru_cache(16)
def prologue(base: str) -> str:
    """The prefix declarations of the pages' queries."""
    return " ".join(f"PREFIX {name}: <{iri}>" for name, iri in prefixes(base).items())


def question(patterns: Mapping[str, str], base: str, limit: int = LIMIT) -> str:
    """One query for the rows of several patterns; ``BASE`` in them stands for the base of our IRIs.

    Its columns are named, in the order of their names: what only ties a pattern together is not sent.
    """
    union = " UNION ".join(f'{{ {pattern} BIND("{name}" AS ?block) }}' for name, pattern in patterns.items())
    columns = " ".join(sorted(set(GIVEN.findall(union))))
    return f"{prologue(base)} SELECT {columns} {{ {union} }} LIMIT {limit}".replace("BASE/", base)


class About(dict[str, str]):
    """The patterns of the blocks of one resource's page; ``<IRI>`` in them stands for the resource.

    Their question is put together once and not for each page.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        super().__init__(patterns)
        self._asked = "", ""

    def of(self, iri: str, **more: str) -> dict[str, str]:
        """The patterns of a resource; ``more`` is what stands for other words in them."""
        found = {name: pattern.replace("<IRI>", f"<{iri}>") for name, pattern in self.items()}
        for word, text in more.items():
            found = {name: pattern.replace(word, text) for name, pattern in found.items()}
        return found

    def question(self, iri: str, base: str) -> str:
        """The query for the rows of all of them."""
        known, asked = self._asked
        if known != base:
            asked = question(self, base)
            self._asked = base, asked
        return asked.replace("<IRI>", f"<{iri}>")


def by_block(rows: Iterable[Row], names: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of such a query by the names of its patterns."""
    found: dict[str, list[Row]] = {name: [] for name in names}
    for row in rows:
        found[row["block"].value].append(row)
    return found
