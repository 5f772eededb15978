"""Tables as files: the rows of a result as CSV, TSV, JSON and RDF."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from mappe_servizi.query.engine import Result, Stream
from mappe_servizi.web.served.results import Row, Term

XSD = "http://www.w3.org/2001/XMLSchema#"
BOOLEAN = f"{XSD}boolean"
NUMBERS: Mapping[str, Callable[[str], Any]] = {
    f"{XSD}integer": int,
    f"{XSD}decimal": lambda text: float(text) if "." in text else int(text),
    f"{XSD}double": float,
}
LARGEST_CELL = 1 << 30

csv.field_size_limit(LARGEST_CELL)  # a text of the data may be longer than the 128 KiB of the default


class TabsOfCommas:
    """Rewrites CSV as TSV, piece by piece; cells with tabs, quotes or line breaks are quoted."""

    def __init__(self) -> None:
        self._rest, self._quoted = b"", False

    def feed(self, data: bytes) -> bytes:
        """The rows that end within a piece.

        >>> rewrite = TabsOfCommas()
        >>> rewrite.feed(b'a,b\\r\\n1,"x\\n'), rewrite.feed(b'y"\\r\\n')
        (b'a\\tb\\r\\n', b'1\\t"x\\ny"\\r\\n')
        """
        cut = self._end_of_rows(data)
        rows, self._rest = (self._rest + data[:cut], data[cut:]) if cut else (b"", self._rest + data)
        output = io.StringIO()
        csv.writer(output, "excel-tab").writerows(csv.reader(io.StringIO(rows.decode(), newline="")))
        return output.getvalue().encode()

    def flush(self) -> bytes:
        """The last row, where nothing ends it."""
        rest, self._rest = self._rest, b""
        return self.feed(rest + b"\r\n") if rest and not self._quoted else b""

    def _end_of_rows(self, data: bytes) -> int:
        """Where the last row that ends in a piece has ended: after a line break outside of quotes."""
        parts = data.split(b'"')
        quoted = self._quoted = self._quoted ^ (len(parts) % 2 == 0)
        position = len(data)
        for part in reversed(parts):
            if not quoted and (at := part.rfind(b"\n")) >= 0:
                return position - len(part) + at + 1
            position -= len(part) + 1
            quoted = not quoted
        return 0


class Rewritten:
    """A stream of CSV as one of TSV."""

    def __init__(self, stream: Stream, rewriter: TabsOfCommas) -> None:
        self._stream, self._rewriter, self._ended = stream, rewriter, False

    def __aiter__(self) -> Rewritten:
        return self

    async def __anext__(self) -> bytes:
        """The next piece."""
        if self._ended:
            raise StopAsyncIteration
        try:
            return self._rewriter.feed(await anext(self._stream))
        except StopAsyncIteration:
            self._ended = True
            return self._rewriter.flush()

    async def aclose(self) -> None:
        """Free what produces the stream."""
        await self._stream.aclose()


def with_tabs(result: Result) -> Result:
    """A result in CSV as one in TSV."""
    rewriter = TabsOfCommas()
    body = rewriter.feed(result.body)
    if result.stream is None:
        return Result(body + rewriter.flush(), None, result.cost)
    return Result(body, Rewritten(result.stream, rewriter), result.cost)


Binding = Mapping[str, Mapping[str, str]]
"""A row of SPARQL's results in JSON, as it came: a page has a thousand, and no terms are made of them."""


def as_objects(columns: Sequence[str], rows: Sequence[Binding]) -> list[dict[str, object]]:
    """Rows as objects of JSON: numbers and truth values as such, cells without a value left out."""
    return [{column: plain(row[column]) for column in columns if column in row} for row in rows]


def plain(term: Mapping[str, str]) -> object:
    """A term as a value of JSON; what JSON cannot say (a number that is none) stays a text.

    >>> [plain({"value": value, "datatype": f"{XSD}double"}) for value in ("12.50", "NaN")]
    [12.5, 'NaN']
    """
    value, datatype = term["value"], term.get("datatype")
    if datatype is None:
        return value
    if datatype == BOOLEAN:
        return value in {"true", "1"}
    if (number := NUMBERS.get(datatype)) is None:
        return value
    read = number(value)
    return read if math.isfinite(read) else value


def as_turtle(rows: Sequence[Row], table: str) -> bytes:
    """Rows as RDF: CSV on the Web, minimal mode, of the table at an address."""
    triples = (
        Triple(BlankNode(f"row{number}"), NamedNode(f"{table}#{column}"), _node(term))
        for number, row in enumerate(rows, start=1)
        for column, term in row.items()
    )
    return serialize(triples, format=RdfFormat.TURTLE) or b""


def _node(term: Term) -> NamedNode | BlankNode | Literal:
    if term.kind == "uri":
        return NamedNode(term.value)
    if term.kind == "bnode":
        return BlankNode(term.value)
    if term.language:
        return Literal(term.value, language=term.language)
    return Literal(term.value, datatype=NamedNode(term.datatype)) if term.datatype else Literal(term.value)
