"""Which service something belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.properties import Property
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Term, values

MAX_ROWS = 1000
SERVICE = "public-service"
SHARED = frozenset({"area", "channel", "municipality", "office", "organization", "place", SERVICE})
"""Concepts whose resources belong to no one service, even where only one has to do with them."""


def kind(context: PageContext, iri: str) -> str:
    """The concept of a resource: the first part of its IRI; "" for what is not under ``data/``."""
    _, ours, rest = iri.partition(f"{context.base}data/")
    return rest.partition("/")[0] if ours else ""


def owner(context: PageContext, iri: str, linked: Iterable[str]) -> str:
    """The service that a resource belongs to: the only one that it is linked with, or "".

    Args:
        context: the request that asks.
        iri: the resource.
        linked: what it links to, and what links to it.
    """
    found = {other for other in linked if kind(context, other) == SERVICE}
    return found.pop() if len(found) == 1 and kind(context, iri) not in {"", *SHARED} else ""


async def read_owners(context: PageContext, subjects: Iterable[str]) -> dict[str, LocalizedText]:
    """The services of some resources, for those that have a single one."""
    pattern = f"""{{ SELECT DISTINCT ?subject ?service ?label {{ VALUES ?subject {{ {values(subjects)} }}
      {{ ?service ?any ?subject }} UNION {{ ?subject ?any ?service }}
      ?service a mds:MunicipalService ; rdfs:label ?label }} LIMIT {MAX_ROWS} }}"""
    labels: dict[str, dict[str, list[Term]]] = {}
    for row in (await context.blocks({"owner": pattern}))["owner"]:
        services = labels.setdefault(row["subject"].value, {})
        services.setdefault(row["service"].value, []).append(row["label"])
    return {
        subject: context.best(terms)
        for subject, services in labels.items()
        if len(services) == 1
        for terms in services.values()
    }


async def name_owners(context: PageContext, properties: Sequence[Property]) -> list[Property]:
    """The links of a page, those that are called the same told apart by the service each belongs to.

    Only they are asked about: most pages have none.
    """
    called = {value.iri: value.text for p in properties for value in p.values}
    often = Counter(called.values())
    subjects = [i for i, text in called.items() if often[text] > 1 and kind(context, i) not in {"", *SHARED}]
    if not subjects:
        return list(properties)
    owners = await read_owners(context, subjects)
    return [
        replace(p, values=tuple(replace(value, owner=owners.get(value.iri)) for value in p.values))
        for p in properties
    ]
