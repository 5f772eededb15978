"""What a resource's page says: its properties, the labels of what it is linked with, who links to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import named_language
from mappe_servizi.web.http.problems import Problem, not_found
from mappe_servizi.web.http.query_client import ask_rows
from mappe_servizi.web.portal import quotes, terms
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.owners import name_owners, owner
from mappe_servizi.web.portal.page import Quote, Ref
from mappe_servizi.web.portal.properties import Property, PropertyValue, main_types, without_repeats
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.renderer import in_language
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row, Term, best_label, values

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
LABEL = RDFS + "label"
REPLACED = "http://purl.org/dc/terms/isReplacedBy"
INVALIDATED = "http://www.w3.org/ns/prov#invalidatedAtTime"
MAX_VALUES = 1000
"""Values that a page shows at most; all of them are in the document."""
PAGE_SIZE = 50
MAX_COUNTED = 10_000
"""Incoming links that are counted at most."""
MAX_LABELS = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """How often a property leads here."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class ReadResource:
    """A resource as its page tells it.

    Attributes:
        types: the most specific ones; the others are a property.
        complete: whether all values are shown.
        counts: incoming links by property.
        counted: their sum; ``MAX_COUNTED + 1`` stands for more.
        number: of this page of incoming links, from 1; ``pages`` there are.
        withdrawn: when the resource was withdrawn, "" for one that stands.
        owner: the service that the resource belongs to, None for none.
    """

    iri: str
    label: str
    language: str
    types: tuple[PropertyValue, ...]
    properties: tuple[Property, ...]
    complete: bool
    counts: tuple[Count, ...]
    counted: int
    incoming: tuple[Property, ...]
    number: int
    pages: int
    quotes: tuple[Quote, ...]
    withdrawn: str = ""
    owner: Ref | None = None


def own(iri: str, value: str = "o") -> str:
    """The pattern of a resource's triples, wherever they stand."""
    return f"{{ <{iri}> ?p ?{value} }} UNION {{ GRAPH ?g {{ <{iri}> ?p ?{value} }} }}"


def towards(iri: str, by: str = "?p") -> str:
    """The pattern of the triples that lead to a resource."""
    return f"{{ ?s {by} <{iri}> }} UNION {{ GRAPH ?g {{ ?s {by} <{iri}> }} }}"


async def withdrawal(request: Request, iri: str) -> str:
    """When a resource was withdrawn; "" for one that stands.

    Raises:
        Problem: there is no such resource (404), or it was renamed (301).
    """
    retired = f"VALUES ?p {{ <{REPLACED}> <{INVALIDATED}> <{LABEL}> }}"
    rows = await ask_rows(
        request,
        f"SELECT ?p ?o {{ {{ {retired} {own(iri)} }} UNION {{ SELECT ?o {{ {own(iri)} }} LIMIT 1 }} }}",
    )
    return retirement(request, iri, rows)


def retirement(request: Request, iri: str, rows: Iterable[Row]) -> str:
    """The same, from the properties of the resource."""
    if not rows:
        raise not_found(f"<{iri}> is not described here")
    by_property = {row["p"].value: row["o"].value for row in rows if "p" in row}
    if REPLACED in by_property and LABEL not in by_property:
        exchange = exchange_of(request.scope)
        place = exchange.snapshot.iris.local(by_property[REPLACED]) or by_property[REPLACED]
        place = in_language(place, named_language(request))
        raise Problem(301, "gone", f"<{iri}> is now <{by_property[REPLACED]}>", {"location": place})
    return by_property.get(INVALIDATED, "")


def labels(subject: str) -> str:
    """The pattern of the labels of a bound variable, wherever they stand."""
    return f"{{ {subject} <{LABEL}> ?l }} UNION {{ GRAPH ?g {{ {subject} <{LABEL}> ?l }} }}"


def _patterns(iri: str) -> About:
    """What the page of a resource asks: all in one query, since each waits for its turn.

    Of values and links there is one more than is shown where there are more. The labels of
    properties are no part of it: they are few, and known (``PageContext.labels``, ``terms.csv``).
    """
    links = f"SELECT ?p {{ {towards(iri)} }} LIMIT {MAX_COUNTED + 1}"
    near = f"SELECT (?s AS ?named) {{ {towards(iri)} }} LIMIT {PAGE_SIZE + 1}"
    linked = f"SELECT ?named {{ {own(iri, 'named')} }} LIMIT {MAX_VALUES + 1}"
    named = f"{{ BIND(<{iri}> AS ?named) }} UNION {{ {linked} }} UNION {{ {near} }}"
    return About(
        {
            "value": f"{{ SELECT DISTINCT ?p ?o {{ {own(iri)} }} LIMIT {MAX_VALUES + 1} }}",
            "count": f"{{ SELECT ?p (COUNT(*) AS ?n) {{ {{ {links} }} }} GROUP BY ?p }}",
            "link": f"{{ SELECT ?s ?p {{ {towards(iri)} }} LIMIT {PAGE_SIZE + 1} }}",
            "label": f"{{ SELECT ?named ?l {{ {named} {labels('?named')} }} LIMIT {MAX_LABELS} }}",
            "quote": quotes.pattern(f"<{iri}>"),
        }
    )


PATTERNS = _patterns("IRI")


def windows(counts: Iterable[tuple[str, int]], number: int) -> list[tuple[str, int, int]]:
    """Which links are on a page: their property, how many to leave out before them, how many there are.

    >>> windows([("a", 30), ("b", 100)], 1), windows([("a", 30), ("b", 100)], 2)
    ([('a', 0, 30), ('b', 0, 20)], [('b', 20, 50)])
    """
    found = []
    start, room = (number - 1) * PAGE_SIZE, PAGE_SIZE
    for iri, count in counts:
        here = max(0, min(room, count - start))
        if here:
            found.append((iri, start, here))
        start, room = max(0, start - count), room - here
    return found


async def read_incoming(
    request: Request, iri: str, counts: Iterable[tuple[str, int]], number: int
) -> list[Row]:
    """The links of one page. A release's store keeps its order; others must be asked to sort."""
    exchange = exchange_of(request.scope)
    order = "" if exchange.snapshot.immutable else "ORDER BY ?s "
    parts = [
        f"{{ SELECT ?s (<{by}> AS ?p) {{ {towards(iri, f'<{by}>')} }} {order}OFFSET {start} LIMIT {size} }}"
        for by, start, size in windows(counts, number)
    ]
    rows = await ask_rows(request, f"SELECT ?s ?p {{ {' UNION '.join(parts)} }}") if parts else []
    return sorted(rows, key=lambda row: (row["p"].value, row["s"].value))


async def read_page(context: PageContext, iri: str, number: int) -> ReadResource:
    """The page of a resource.

    Args:
        context: the request that it is read for.
        iri: the resource.
        number: of the page of incoming links, from 1.

    Raises:
        Problem: there is no such resource, or no such page.
    """
    found = await context.about(PATTERNS, iri)
    rows, counts = found["value"], sorted(found["count"], key=lambda row: row["p"].value)
    rows.sort(key=lambda row: (row["p"].value, row["o"]))
    withdrawn = retirement(context.request, iri, rows)
    numbers = [(row["p"].value, int(row["n"].value)) for row in counts]
    counted = sum(n for _, n in numbers)
    pages = max(1, -(-min(counted, MAX_COUNTED) // PAGE_SIZE))
    if number > pages:
        raise not_found(f"there are {pages} pages of links to <{iri}>")
    named = found["label"]
    if counted <= PAGE_SIZE:
        incoming = sorted(found["link"], key=lambda row: (row["p"].value, row["s"].value))
    else:
        incoming = await read_incoming(context.request, iri, numbers, number)
        named += await read_labels(context.request, sorted({row["s"].value for row in incoming}))
    writer, wider = Writer(context, named), await terms.wider_terms(context)
    complete = len(rows) <= MAX_VALUES
    properties = writer.properties(rows[:MAX_VALUES], "o")
    types, properties = writer.types(properties, wider)
    links = writer.properties(incoming, "s")
    linked = [row["o"].value for row in rows]
    if pages == 1:  # one of several pages does not know all links
        links = without_repeats(links, wider)
        numbers = [(p.name.iri, len(p.values)) for p in links]
        linked += [row["s"].value for row in incoming]
    service = owner(context, iri, linked)
    return ReadResource(
        iri=iri,
        label=writer.label(iri),
        language=writer.language_of(iri),
        types=types,
        properties=tuple(without_repeats(properties, wider) if complete else properties),
        complete=complete,
        counts=tuple(Count(writer.label(by), n) for by, n in numbers),
        counted=sum(n for _, n in numbers),
        incoming=tuple(await name_owners(context, links)),
        number=number,
        pages=pages,
        quotes=tuple(quotes.read(context, found["quote"])),
        withdrawn=withdrawn,
        owner=Ref(writer.text(service), context.link(service), service) if service else None,
    )


async def read_labels(request: Request, iris: Sequence[str]) -> list[Row]:
    """The labels of a page's links, in all languages."""
    query = f"SELECT ?named ?l {{ VALUES ?named {{ {values(iris)} }} {labels('?named')} }}"
    return await ask_rows(request, query) if iris else []


def local_name(iri: str) -> str:
    """What an IRI without a label is called.

    >>> local_name("http://purl.org/dc/terms/title"), local_name("https://e.org/a/")
    ('title', 'https://e.org/a/')
    """
    name = iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
    return name or iri


class Writer:
    """Writes terms for the readers of a page."""

    def __init__(self, context: PageContext, named: Iterable[Row]) -> None:
        self.context = context
        self._labels: dict[str, list[Term]] = {}
        for row in named:
            self._labels.setdefault(row["named"].value, []).append(row["l"])

    def _best(self, iri: str) -> Term | None:
        found = self._labels.get(iri) or self.context.labels(iri) or terms.labels().get(iri)
        return best_label(found or (), self.context.language)

    def label(self, iri: str) -> str:
        """The label of a resource, or its local name."""
        label = self._best(iri)
        return local_name(iri) if label is None else label.value

    def language_of(self, iri: str) -> str:
        """The language of that label, "" for none."""
        label = self._best(iri)
        return "" if label is None else label.language

    def text(self, iri: str) -> LocalizedText:
        """That label as a text."""
        return LocalizedText(self.label(iri), self.language_of(iri), self.context.language)

    def types(
        self, properties: list[Property], wider: terms.Wider
    ) -> tuple[tuple[PropertyValue, ...], list[Property]]:
        """The most specific types, and the other properties; what types are left are the last of them."""
        every = next((p for p in properties if p.name.iri == RDF_TYPE), None)
        found = [p for p in properties if p.name.iri not in {RDF_TYPE, LABEL}]
        if every is None:
            return (), found
        labelled = {t.iri for t in every.values if self._best(t.iri)}
        main = main_types(every.values, wider, f"{DEFAULT_BASE}onto/", labelled)
        rest = tuple(t for t in every.values if t not in main)
        return tuple(main), [*found, Property(every.name, rest)] if rest else found

    def value(self, term: Term) -> PropertyValue:
        """A term as a value."""
        if term.kind != "uri":
            return PropertyValue(term.value, language=term.language, datatype=local_name(term.datatype))
        return self.resource(term.value)

    def resource(self, iri: str) -> PropertyValue:
        """A resource as a value."""
        return PropertyValue(self.label(iri), iri, self.context.link(iri), self.language_of(iri))

    def properties(self, rows: Iterable[Row], subject_or_object: str) -> list[Property]:
        """Rows of ?p and a value, grouped by property."""
        grouped: dict[str, list[PropertyValue]] = {}
        for row in rows:
            grouped.setdefault(row["p"].value, []).append(self.value(row[subject_or_object]))
        return [Property(self.resource(iri), tuple(found)) for iri, found in grouped.items()]
