"""Results of the server's own queries: the whole of them, as rows of terms."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from pydantic_core import from_json

from mappe_servizi.query.engine import Job, Result
from mappe_servizi.query.errors import ResultTooLargeError
from mappe_servizi.query.formats import JSON, Format
from mappe_servizi.web.served.snapshot import Snapshot


class Term(NamedTuple):
    """A term of a result row. A page has a thousand of them, and a named tuple is soonest made.

    Attributes:
        kind: "uri", "literal" or "bnode".
        value: the IRI, or the lexical form.
        language: of a text, else "".
        datatype: the datatype's IRI, "" for a plain text.
    """

    kind: str
    value: str
    language: str = ""
    datatype: str = ""


Row = dict[str, Term]
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
WRITTEN = {"1": "true", "0": "false"}


def parse_rows(body: bytes) -> list[Row]:
    """The rows of a SPARQL JSON result."""
    return [
        {
            name: Term(t["type"], t["value"], t.get("xml:lang", ""), t.get("datatype", ""))
            for name, t in binding.items()
        }
        for binding in from_json(body, cache_strings="keys")["results"]["bindings"]
    ]


def canonical(rows: Iterable[Row]) -> list[Row]:
    """Rows of another engine with booleans as ours are written: Virtuoso says 1 and 0.

    XML Schema Part 2, section 3.2.2.2: "true" and "false" are the canonical forms.

    >>> found = canonical([{"a": Term("literal", "1", "", BOOLEAN), "b": Term("literal", "1")}])
    >>> {name: term.value for name, term in found[0].items()}
    {'a': 'true', 'b': '1'}
    """
    return [
        {
            name: term._replace(value=WRITTEN.get(term.value, term.value))
            if term.datatype == BOOLEAN
            else term
            for name, term in row.items()
        }
        for row in rows
    ]


def compact(rows: Iterable[Row]) -> bytes:
    """Rows as this process keeps them: each term once, and of each row its names' and its terms' places.

    >>> rows = [{"s": Term("uri", "urn:a"), "l": Term("literal", "città", "it")}, {"s": Term("uri", "urn:a")}]
    >>> expanded(compact(rows)) == rows
    True
    """
    terms: dict[Term, int] = {}
    names: dict[tuple[str, ...], int] = {}
    told = [
        (names.setdefault(tuple(row), len(names)), [terms.setdefault(t, len(terms)) for t in row.values()])
        for row in rows
    ]
    return marshal.dumps(([tuple(term) for term in terms], [*names], told))


def expanded(kept: bytes) -> list[Row]:
    """The rows that were kept."""
    terms, names, rows = marshal.loads(kept)  # noqa: S302 - by this process
    term = [tuple.__new__(Term, parts) for parts in terms].__getitem__
    return [dict(zip(names[of], map(term, places), strict=True)) for of, places in rows]


LARGEST = 32 << 20
"""Bytes of the largest result that a page or a document is made of."""


async def run_whole(snapshot: Snapshot, query: str, client: str, format_: Format = JSON) -> Result:
    """The whole result of a query, which is not passed on as it comes.

    Raises:
        QueryError: there is none, or it is too large.
    """
    result = await snapshot.engine.run(Job(query, format_, client))
    if result.stream is None:
        return result
    body = bytearray(result.body)
    try:
        async for chunk in result.stream:
            body += chunk
            if len(body) > LARGEST:
                raise ResultTooLargeError(f"this would be made of more than {LARGEST >> 20} MiB")
    finally:
        await result.stream.aclose()
    return replace(result, body=bytes(body), stream=None)


def values(iris: Iterable[str]) -> str:
    """IRIs as the rows of a VALUES block. They come from the data or from ``iris.decode``."""
    return " ".join(f"<{iri}>" for iri in iris)


def best_label(labels: Sequence[Term], language: str) -> Term | None:
    """The label in a language, or else in Italian, or else any."""
    if not labels:
        return None
    order = (language, "it", "en", "")
    return min(
        labels, key=lambda t: (order.index(t.language) if t.language in order else len(order), t.value)
    )
