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
    documents: dict[str, str] = field(default_factory=dict)


def own(iri: str, value: str = "o") -> str:
    """The pattern of a resource's triples, wherever they stand."""
    return f"{{ <{iri}> ?p ?{value} }} UNION {{ GRAPH ?g {{ <{iri}> ?p ?{value} }} }}"


def towards(iri: str) -> str:
    """The pattern of the triples that lead to a resource."""
    return f"{{ ?s ?p <{iri}> }} UNION {{ GRAPH ?g {{ ?s ?p <{iri}> }} }}"


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
    if not rows:
        raise not_found(f"<{iri}> is not described here")
    by_property = {row["p"].value: row["o"].value for row in rows if "p" in row}
    if REPLACED in by_property and LABEL not in by_property:
        exchange: Exchange = request.scope["mappe"]
        place = exchange.snapshot.iris.local(by_property[REPLACED]) or by_property[REPLACED]
        raise Problem(301, "gone", f"<{iri}> is now <{by_property[REPLACED]}>", {"location": place})
    return by_property.get(INVALIDATED, "")


async def own_rows(request: Request, iri: str) -> list[Row]:
    """The properties and values of a resource, one more than ``MAX_VALUES`` where there are more.

    Raises:
        Problem: there are none.
    """
    rows = await ask_rows(
        request, f"SELECT DISTINCT ?p ?o {{ {own(iri)} }} ORDER BY ?p ?o LIMIT {MAX_VALUES + 1}"
    )
    if not rows:
        raise not_found(f"<{iri}> is not described here")
    return rows


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
    rows = await own_rows(request, iri)
    counts = await ask_rows(
        request,
        f"SELECT ?p (COUNT(*) AS ?n) {{ {{ SELECT ?s ?p {{ {towards(iri)} }} LIMIT {MAX_COUNTED + 1} }} }} "
        "GROUP BY ?p ORDER BY ?p",
    )
    counted = sum(int(row["n"].value) for row in counts)
    pages = max(1, -(-min(counted, MAX_COUNTED) // PAGE_SIZE))
    if number > pages:
        raise not_found(f"there are {pages} pages of links to <{iri}>")
    incoming: list[Row] = []
    if counted:
        incoming = await ask_rows(
            request,
            f"SELECT ?s ?p {{ {towards(iri)} }} ORDER BY ?p ?s "
            f"LIMIT {PAGE_SIZE} OFFSET {(number - 1) * PAGE_SIZE}",
        )
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
        counts=tuple(Count(r["p"].value, writer.label(r["p"].value), int(r["n"].value)) for r in counts),
        counted=counted,
        incoming=tuple(writer.properties(incoming, "s")),
        number=number,
        pages=pages,
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
