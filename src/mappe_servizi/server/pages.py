"""What a resource's page says: its properties, the labels of what it is linked with, who links to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from mappe_servizi.server.front import Exchange
from mappe_servizi.server.iris import Iris
from mappe_servizi.server.problems import Problem, not_found
from mappe_servizi.server.reading import Row, Term, ask_rows, best_label, values

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
LABELS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property, or a resource that links here.

    Attributes:
        text: what a reader sees: the label, or the literal, or the IRI.
        iri: "" for a literal.
        link: where it leads: a page of this server, or elsewhere; "" for none.
        language: of the text, "" where it has none.
        datatype: the local name of a literal's datatype, "" for text.
    """

    text: str
    iri: str = ""
    link: str = ""
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A property with its values; of an incoming one the values are the subjects."""

    iri: str
    label: str
    link: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How often a property leads here."""

    iri: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """A resource's page.

    Attributes:
        complete: whether all values are shown.
        counts: incoming links by property.
        counted: their sum; ``MAX_COUNTED + 1`` stands for more.
        number: of this page of incoming links, from 1; ``pages`` there are.
        withdrawn: when the resource was withdrawn, "" for one that stands.
    """

    iri: str
    label: str
    language: str
    types: tuple[Value, ...]
    properties: tuple[Property, ...]
    complete: bool
    counts: tuple[Count, ...]
    counted: int
    incoming: tuple[Property, ...]
    number: int
    pages: int
    withdrawn: str = ""
    documents: dict[str, str] = field(default_factory=dict)


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
        exchange: Exchange = request.scope["mappe"]
        place = exchange.snapshot.iris.local(by_property[REPLACED]) or by_property[REPLACED]
        raise Problem(301, "gone", f"<{iri}> is now <{by_property[REPLACED]}>", {"location": place})
    return by_property.get(INVALIDATED, "")


async def surroundings(request: Request, iri: str) -> tuple[list[Row], list[Row]]:
    """The properties and values of a resource, and how often which property leads to it; sorted.

    Of values there is one more than ``MAX_VALUES`` where there are more.
    """
    values_ = f"SELECT DISTINCT ?p ?o {{ {own(iri)} }} LIMIT {MAX_VALUES + 1}"
    links = f"SELECT ?p {{ {towards(iri)} }} LIMIT {MAX_COUNTED + 1}"
    counts = f"SELECT ?p (COUNT(*) AS ?n) {{ {{ {links} }} }} GROUP BY ?p"
    rows = await ask_rows(request, f"SELECT ?p ?o ?n {{ {{ {values_} }} UNION {{ {counts} }} }}")
    rows.sort(key=lambda row: (row["p"].value, row.get("o", ())))
    return [row for row in rows if "o" in row], [row for row in rows if "n" in row]


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
    exchange: Exchange = request.scope["mappe"]
    order = "" if exchange.snapshot.immutable else "ORDER BY ?s "
    parts = [
        f"{{ SELECT ?s (<{by}> AS ?p) {{ {towards(iri, f'<{by}>')} }} {order}OFFSET {start} LIMIT {size} }}"
        for by, start, size in windows(counts, number)
    ]
    rows = await ask_rows(request, f"SELECT ?s ?p {{ {' UNION '.join(parts)} }}") if parts else []
    return sorted(rows, key=lambda row: (row["p"].value, row["s"].value))


async def read_page(request: Request, iri: str, number: int, language: str) -> Page:
    """The page of a resource.

    Args:
        request: the request that it is read for.
        iri: the resource.
        number: of the page of incoming links, from 1.
        language: that labels are preferred in.

    Raises:
        Problem: there is no such resource, or no such page.
    """
    rows, counts = await surroundings(request, iri)
    withdrawn = retirement(request, iri, rows)
    numbers = [(row["p"].value, int(row["n"].value)) for row in counts]
    counted = sum(n for _, n in numbers)
    pages = max(1, -(-min(counted, MAX_COUNTED) // PAGE_SIZE))
    if number > pages:
        raise not_found(f"there are {pages} pages of links to <{iri}>")
    incoming = await read_incoming(request, iri, numbers, number)
    shown = rows[:MAX_VALUES]
    labels = await read_labels(request, named(iri, [*shown, *incoming, *counts]))
    exchange: Exchange = request.scope["mappe"]
    writer = Writer(exchange.snapshot.iris, labels, language)
    properties = writer.properties(shown, "o")
    return Page(
        iri=iri,
        label=writer.label(iri),
        language=writer.language_of(iri),
        types=next((p.values for p in properties if p.iri == RDF_TYPE), ()),
        properties=tuple(p for p in properties if p.iri not in {RDF_TYPE, LABEL}),
        complete=len(rows) == len(shown),
        counts=tuple(Count(by, writer.label(by), n) for by, n in numbers),
        counted=counted,
        incoming=tuple(writer.properties(incoming, "s")),
        number=number,
        pages=pages,
        withdrawn=withdrawn,
    )


def named(iri: str, rows: Iterable[Row]) -> list[str]:
    """All IRIs of some rows, and one more."""
    found = {term.value for row in rows for term in row.values() if term.kind == "uri"}
    return sorted(found | {iri})


async def read_labels(request: Request, iris: Sequence[str]) -> dict[str, list[Term]]:
    """The labels of some resources, in all languages."""
    labels: dict[str, list[Term]] = {}
    for start in range(0, len(iris), LABELS_AT_A_TIME):
        block = values(iris[start : start + LABELS_AT_A_TIME])
        query = (
            f"SELECT ?s ?l {{ VALUES ?s {{ {block} }} "
            f"{{ ?s <{LABEL}> ?l }} UNION {{ GRAPH ?g {{ ?s <{LABEL}> ?l }} }} }}"
        )
        for row in await ask_rows(request, query):
            labels.setdefault(row["s"].value, []).append(row["l"])
    return labels


def local_name(iri: str) -> str:
    """What an IRI without a label is called.

    >>> local_name("http://purl.org/dc/terms/title"), local_name("https://e.org/a/")
    ('title', 'https://e.org/a/')
    """
    name = iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
    return name or iri


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes terms for readers of one language."""

    iris: Iris
    labels: dict[str, list[Term]]
    language: str

    def label(self, iri: str) -> str:
        """The label of a resource, or its local name."""
        label = best_label(self.labels.get(iri, ()), self.language)
        return local_name(iri) if label is None else label.value

    def language_of(self, iri: str) -> str:
        """The language of that label, "" for none."""
        label = best_label(self.labels.get(iri, ()), self.language)
        return "" if label is None else label.language

    def value(self, term: Term) -> Value:
        """A term as a value."""
        if term.kind != "uri":
            return Value(term.value, language=term.language, datatype=local_name(term.datatype))
        web = term.value if term.value.startswith(("http://", "https://")) else ""
        link = self.iris.link(term.value) or web
        return Value(self.label(term.value), term.value, link, self.language_of(term.value))

    def properties(self, rows: Iterable[Row], subject_or_object: str) -> list[Property]:
        """Rows of ?p and a value, grouped by property, those with a label of ours first."""
        grouped: dict[str, list[Value]] = {}
        for row in rows:
            grouped.setdefault(row["p"].value, []).append(self.value(row[subject_or_object]))
        return [
            Property(iri, self.label(iri), self.iris.link(iri) or iri, tuple(found))
            for iri, found in grouped.items()
        ]
