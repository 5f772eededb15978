"""Pages of what several editions state: what holds is shown, the other editions are offered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.served.results import Row

CURRENT = "mds:isCurrent true"
HOLDS = f"mds:statedIn/{CURRENT}"
NUMBER = """OPTIONAL { ?map mds:describesService ?service ; mds:indexNumber ?number
  FILTER EXISTS { ?map mds:isCurrent true } }"""
"""The number of ?service in its current map. Engines that plan by shape begin with all current maps where a
pattern names them; a condition is asked of the one map that is found."""


def position_of(thing: str, anchor: str = "", more: str = "") -> str:
    """Where the current map prints a thing, as ?position of its ?_entry.

    Args:
        thing: ``<iri>``, or a variable.
        anchor: of a variable, the pattern that binds it: engines may evaluate what is optional by itself,
            and the entries of all municipalities are many.
        more: a pattern of what else is asked of the entry.
    """
    return f"""OPTIONAL {{ {anchor} {thing} mds:hasEntry ?_entry .
  ?_entry l0:positionInSequence ?position ; mds:statedIn ?_stated
  FILTER EXISTS {{ ?_stated mds:isCurrent true }} {more} }}"""


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """An edition that states a thing, and the address of the thing's page as it states it."""

    year: str
    href: str


@dataclass(frozen=True, slots=True)
class MapNumber:
    """A map as people name it: its number in the index of an edition."""

    number: str
    edition: str


def map_number(row: Row) -> MapNumber:
    """That of a row with ``?number`` and ``?edition``."""
    return MapNumber(row["number"].value, row["edition"].value)


def wished(context: PageContext) -> str:
    """The edition that an address asks for with ``?edition=2020``; "" for what holds."""
    year = context.request.query_params.get("edition", "")
    return year if re.fullmatch(r"[12][0-9]{3}", year, re.ASCII) else ""


def of_edition(patterns: Mapping[str, str], year: str) -> dict[str, str]:
    """Patterns of what holds as those of one edition; the same where no edition is named."""
    if not year:
        return dict(patterns)
    stated = f'mds:edition "{year}"^^xsd:gYear'
    return {name: pattern.replace(CURRENT, stated) for name, pattern in patterns.items()}


def offered(context: PageContext, iri: str, years: Iterable[str]) -> list[EditionEntry]:
    """The editions that state a thing, newest first."""
    return [EditionEntry(y, f"{context.link(iri)}?edition={y}") for y in sorted(set(years), reverse=True)]
