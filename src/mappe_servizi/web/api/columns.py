"""The rows of a table from the release's columns, where a release and what reads it are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode
from starlette.requests import Request

from mappe_servizi.query.columnar.engine import Columnar
from mappe_servizi.query.columnar.rows import RowsQuestion
from mappe_servizi.query.engine import Result
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import PARQUET, TURTLE, Format
from mappe_servizi.rdf.queries import Term
from mappe_servizi.web.api.operations import PublishedOperation
from mappe_servizi.web.http.clients import WhileConnected, client_key
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.paging import PageWindow
from mappe_servizi.web.http.problems import Problem, from_query_error
from mappe_servizi.web.served.snapshot import Snapshot

LARGEST: Final = (1 << 63) - 1
"""Of the whole numbers of a column."""
UNLIKE: Final = "not-offered", "the release's table has not the columns of the query that is published now"


def columns_for(snapshot: Snapshot, operation: PublishedOperation, format_: Format) -> Columnar | None:
    """What answers an operation from columns; None for one that the graph answers.

    RDF has terms with languages, which the graph knows. A release whose table has other columns than
    the operation (it is of before) is asked as a graph too.

    Raises:
        Problem: the format is of columns alone, and there are none (501).
    """
    if not operation.table or format_ is TURTLE:
        return None
    if snapshot.columns is None:
        lacks: tuple[str, str] | None = ("not-offered", "a remote endpoint has no tables")
    else:
        lacks = snapshot.columns.lacks_for(operation.query.name)
    if lacks is None and not operation.is_stored:
        lacks = UNLIKE
    if lacks is None:
        return snapshot.columns
    if format_ is PARQUET:
        raise Problem(501, *lacks)
    return None


def question_of(
    operation: PublishedOperation, terms: Mapping[str, Term], page: PageWindow | None
) -> RowsQuestion:
    """What is asked of a table.

    Args:
        operation: the table's.
        terms: the values that some of its columns have.
        page: of the rows, None for all.
    """
    return RowsQuestion(
        operation.query.name,
        operation.stored,
        {name: _value(term, operation.parameters[name].type) for name, term in terms.items()},
        None if page is None else page.limit,
        0 if page is None else page.offset,
    )


def _value(term: Term, type_: str) -> str | int | float | bool | None:
    """A term as a value of its column; None, which nothing equals, where it cannot have such a value.

    >>> from pyoxigraph import Literal
    >>> _value(Literal("+07"), "integer"), _value(Literal("9" * 30), "integer")
    (7, None)
    """
    if isinstance(term, NamedNode):
        return term.value
    if type_ == "integer":
        digits = term.value.lstrip("+-").lstrip("0")
        return int(term.value) if len(digits) < len(str(LARGEST)) else None
    if type_ == "decimal":
        return float(term.value)
    return term.value in {"true", "1"} if type_ == "boolean" else term.value


async def ask(request: Request, columns: Columnar, question: RowsQuestion, format_: Format) -> Result:
    """A result, whole or its beginning.

    Raises:
        Problem: there is none.
    """
    exchange = exchange_of(request.scope)
    try:
        async with WhileConnected(request.receive):
            result = await columns.ask(question, format_, client_key(request.scope))
    except QueryError as error:
        raise from_query_error(error) from error
    exchange.cost = result.cost
    return result
