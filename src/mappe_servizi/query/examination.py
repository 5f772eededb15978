"""Reading what strangers send: little of it at once, much of it in a worker, after admission.

What reads a text takes time that grows with it, and whoever serves others must not take it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Final
from urllib.parse import parse_qsl

from mappe_servizi.query.engine import Engine, Job
from mappe_servizi.query.errors import BadRequestError
from mappe_servizi.query.formats import JSON
from mappe_servizi.query.lexer import calls
from mappe_servizi.query.scan import Scan, scan

SMALL: Final = 4096
"""Characters of a text that is read at once: a scan takes a microsecond for one at most."""
MAX_FIELDS: Final = 64
Fields = list[tuple[str, str]]


def parse_form(data: bytes) -> Fields:
    """The fields of a query string or form.

    Raises:
        BadRequestError: it is not UTF-8, or has too many fields.

    >>> parse_form(b"query=ASK+%7B%7D&timeout=")
    [('query', 'ASK {}'), ('timeout', '')]
    """
    try:
        return parse_qsl(
            data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except UnicodeDecodeError:
        raise BadRequestError("the parameters are not UTF-8") from None
    except ValueError:
        raise BadRequestError(f"there are more than {MAX_FIELDS} parameters") from None


TASKS: Mapping[str, Callable[[str], object]] = {
    "form": lambda text: parse_form(text.encode("latin-1")),
    "scan": lambda text: asdict(scan(text)),
    "calls": lambda text: calls(*json.loads(text)),
}
"""What a worker does besides evaluating; a text to what JSON can say."""


async def read_form(engine: Engine, data: bytes, client: str) -> Fields:
    """The fields of a query string or form, read where it takes nobody's time.

    Raises:
        QueryError: it cannot be read, or its turn did not come.
    """
    if len(data) <= SMALL:
        return parse_form(data)
    found = await _task(engine, Job(data.decode("latin-1"), JSON, client, task="form"))
    return [(name, value) for name, value in json.loads(found)]


async def read_query(engine: Engine, query: str, client: str) -> Scan:
    """The scan of a query, made where it takes nobody's time.

    Raises:
        QueryError: the query is not to be evaluated, or its turn did not come.
    """
    if len(query) <= SMALL:
        return scan(query)
    found = json.loads(await _task(engine, Job(query, JSON, client, task="scan")))
    return Scan(**found | {"services": tuple(found["services"])})


async def read_calls(engine: Engine, query: str, client: str, base: str, functions: Sequence[str]) -> str:
    """The first of some functions that a query calls, "" for none, found where it takes nobody's time.

    Raises:
        QueryError: its turn did not come.
    """
    if len(query) <= SMALL:
        return calls(query, base, functions)
    asked = json.dumps([query, base, functions])
    return str(json.loads(await _task(engine, Job(asked, JSON, client, task="calls"))))


async def _task(engine: Engine, job: Job) -> bytes:
    result = await engine.run(job)
    if result.stream is None:
        return result.body
    try:
        return b"".join([result.body, *[chunk async for chunk in result.stream]])
    finally:
        await result.stream.aclose()
