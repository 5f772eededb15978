"""Chosen rows as a file: what a page shows of the data, or a program asks for, by the same choice."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi import formats as files
from mappe_servizi.query.formats import CSV, HTML, ROWS, TSV, VIEWS, XLSX, Format
from mappe_servizi.query.workbook import workbook
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.offers import Offer, offer, wish

Cell = object
"""A text, a number, or None."""


@dataclass(frozen=True, slots=True)
class View:
    """The rows of a page, in its order.

    Attributes:
        name: of the file, without its suffix.
        columns: their names are those of the published tables where these have the same.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Iterable[Cell]]

    def written(self, format_: Format) -> bytes:
        """The file in a format: a table, or in JSON a list of objects without what is not there."""
        if format_ is XLSX:
            return workbook(self.columns, map(tuple, self.rows))
        if format_ is ROWS:
            objects = [self._object(row) for row in self.rows]
            return json.dumps({"total": len(objects), "rows": objects}, ensure_ascii=False).encode()
        output = io.StringIO()
        writer = csv.writer(output, "excel-tab" if format_ is TSV else "excel")
        writer.writerows([self.columns, *self.rows])
        return output.getvalue().encode()

    def _object(self, row: Iterable[Cell]) -> Mapping[str, object]:
        cells = zip(self.columns, row, strict=True)
        return {
            name: _number(value) if isinstance(value, Decimal) else value
            for name, value in cells
            if value is not None and value != ""
        }


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def wished(request: Request) -> Offer | None:
    """The format of a file that an address asks for by ``format``; None for the page itself.

    A page is what an address shows unless it names something else: Accept is not looked at.

    Raises:
        Problem: it names what there is not.
    """
    named = wish(request.query_params.multi_items())
    found = offer(VIEWS, named, None, "this page") if named else None
    return found if found is not None and found[0] is not HTML else None


async def as_file(view: View, found: Offer, tag: str | None, max_age: int, **more: str) -> Response:
    """The file of a view; ``more`` are further fields of its header."""
    format_, media = found
    headers = more | {k.decode(): v.decode() for k, v in caching(tag, max_age)}
    headers["content-type"] = media + (
        files.CSV.parameters if format_ in {CSV, TSV} and "header" not in media else ""
    )
    headers["content-disposition"] = f'inline; filename="{view.name}.{format_.suffix}"'
    body = await asyncio.to_thread(view.written, format_)  # the rows of a large map take a while
    return Response(body, headers=headers)
