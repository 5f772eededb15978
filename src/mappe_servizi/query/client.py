"""Running one query for a person at a terminal, on a release or on a SPARQL endpoint."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    parse_query_results,
)

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.errors import MappeError, meant
from mappe_servizi.outputs.search_index import FILE as SEARCH_FILE
from mappe_servizi.query.evaluate import Evaluator, RefusedError
from mappe_servizi.query.formats import CSV, JSON, JSON_LD, TURTLE
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rdf.queries import PublishedQuery, Term, read_query
from mappe_servizi.rdf.query_text import with_values
from mappe_servizi.releases import open_release
from mappe_servizi.settings import Settings
from mappe_servizi.terminal import print_table

ACCEPT = {
    "table": f"{JSON.media}, {TURTLE.media};q=0.9",
    "csv": CSV.media,
    "json": f"{JSON.media}, {JSON_LD.media};q=0.9",
}
TIMEOUT = httpx.Timeout(120, connect=10)


def parameter(text: str) -> tuple[str, str]:
    """A parameter as it is given at the command line.

    Raises:
        MappeError: it has no name or no value.

    >>> parameter("service=https://example.org/a=b")
    ('service', 'https://example.org/a=b')
    """
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise MappeError(f"a parameter reads NAME=VALUE, not {text!r}")
    return name, value


def find(name: str, directory: Path, base: str = DEFAULT_BASE) -> PublishedQuery:
    """A published query by its name, or the query of a file.

    Raises:
        MappeError: there is none.
    """
    published = {path.stem: path for path in sorted(directory.glob("*/*.rq"))}
    path = Path(name) if Path(name).is_file() else published.get(name)
    if path is None:
        raise MappeError(
            f"there is no file and no published query {name!r}{meant(name, published)}; published: "
            f"{', '.join(published)}"
        )
    return read_query(path, base)


def run(settings: Settings, name: str, values: Mapping[str, str], shape: str) -> bytes:
    """The result of a query, serialised: SPARQL JSON, CSV, Turtle or JSON-LD.

    Raises:
        MappeError: the query is unknown or wrong, or there is no answer.
    """
    if settings.endpoint:
        query = find(name, settings.queries)
        return _remote(settings.endpoint, with_values(query.text, query.bind(values)), shape)
    release = open_release(settings.release)
    query = find(name, settings.queries, release.base_uri).of(release.towns, release.first_service)
    index = release.path / SEARCH_FILE
    evaluator = Evaluator(
        Store.read_only(str(release.store)),
        release.base_uri,
        prefixes(release.base_uri),
        index if index.exists() else None,
    )
    return _embedded(evaluator, query.text, query.bind(values), shape)


def _embedded(evaluator: Evaluator, query: str, values: Mapping[Variable, Term], shape: str) -> bytes:
    # A query that runs cannot be interrupted from Python; let Ctrl-C end the process.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        result = evaluator.query(query, substitutions=dict(values))
        if isinstance(result, QueryTriples):
            if shape == "csv":
                raise MappeError("a query that gives a graph has no CSV; use --format table or json")
            kind = RdfFormat.TURTLE if shape == "table" else RdfFormat.JSON_LD
            body = result.serialize(format=kind) or b""
        else:
            csv = shape == "csv"
            body = result.serialize(format=QueryResultsFormat.CSV if csv else QueryResultsFormat.JSON) or b""
        evaluator.check()
        return body
    except RefusedError as error:
        excerpt = f"\n{error.more['excerpt']}" if error.more else ""
        raise MappeError(f"the query is wrong: {error}{excerpt}") from error
    except (RuntimeError, ValueError, OSError) as error:
        raise MappeError(f"the query failed: {error}") from error
    finally:
        signal.signal(signal.SIGINT, before)


def _remote(endpoint: str, query: str, shape: str) -> bytes:
    try:
        response = httpx.post(
            endpoint, data={"query": query}, headers={"Accept": ACCEPT[shape]}, timeout=TIMEOUT
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MappeError(f"{endpoint} gives no answer: {error}") from error
    if response.is_error:
        reason = " ".join(response.text.split())[:300]
        raise MappeError(f"{endpoint} answers {response.status_code}: {reason}")
    return response.content


def show(result: bytes, shape: str) -> None:
    """Print a result; a table where it is one (as what it is printed to can take), else its text."""
    if shape != "table":
        sys.stdout.buffer.write(result)
        return
    try:
        parsed = parse_query_results(result, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError):
        sys.stdout.buffer.write(result)  # a graph, as Turtle
        return
    if isinstance(parsed, QueryBoolean):
        print("true" if parsed else "false")
    else:
        columns = [variable.value for variable in parsed.variables]
        rows = [[_cell(solution[variable]) for variable in parsed.variables] for solution in parsed]
        print_table(columns, rows, f"{len(rows)} rows")


def _cell(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))
