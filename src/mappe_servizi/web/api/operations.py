"""The published queries as operations: which parameters each takes, and of which types."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema, create_model
from pyoxigraph import Variable

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.outputs.declared import TABLE
from mappe_servizi.query.formats import GRAPHS, STORED, TABLES, Format
from mappe_servizi.query.scan import scan
from mappe_servizi.rdf.queries import PublishedQuery, QueryField, Term, read_queries
from mappe_servizi.rdf.query_text import with_filters, with_values
from mappe_servizi.releases import Release
from mappe_servizi.web.http import paging
from mappe_servizi.web.http.offers import PARAMETERS as FORMAT_PARAMETERS
from mappe_servizi.web.http.offers import REFUSED
from mappe_servizi.web.http.parameters import Parameters, said

DIRECTORIES = ("examples", "tables")
OWN = frozenset({*paging.PARAMETERS, *FORMAT_PARAMETERS, *REFUSED, "lang"})
"""The parameters that are the API's, not the query's."""
SCHEMAS: Mapping[str, dict[str, Any]] = {
    "iri": {"type": "string", "format": "uri"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "gYear": {"type": "string", "pattern": r"^-?\d{4,}$"},
}
"""What the types of parameters and columns are in JSON Schema."""
TYPED: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "decimal": float,
    "boolean": lambda text: text in {"true", "1"},
}


@dataclass(frozen=True)
class PublishedOperation:
    """A published query as it is offered.

    Attributes:
        parameters: those of its comments, or, for a table, its columns: they filter its rows.
        graph: whether it gives triples.
        stored: the columns that the release's table of its name has, in their order.
    """

    query: PublishedQuery
    table: bool
    parameters: Mapping[str, QueryField]
    graph: bool
    stored: tuple[str, ...] = ()

    @property
    def formats(self) -> tuple[Format, ...]:
        """What it is offered as."""
        if self.table:
            return STORED
        return GRAPHS if self.graph else TABLES

    @property
    def is_stored(self) -> bool:
        """Whether the release's table has what the query gives."""
        return bool(self.stored) and {*self.stored} == self.query.columns.keys()

    @cached_property
    def model(self) -> type[Parameters]:
        """The model of its parameters, each under a name that no method of a model has."""
        names = [format_.name for format_ in self.formats]
        wished = Annotated[str, WithJsonSchema({"type": "string", "enum": names})]
        fields: dict[str, Any] = {
            f"term_{name}": (typed(described), optional(described))
            for name, described in self.parameters.items()
        }
        fields["format"] = (
            wished,
            Field(default_factory=str, description="Il formato; vince sul campo Accept."),
        )
        base = OfGraph if self.graph else OfRows
        return create_model(f"{self.query.name}Parameters", __base__=base, **fields)

    def taken(self, values: Mapping[str, str]) -> dict[str, str]:
        """What is read of a request's parameters: not those that others read, or that do not matter here."""
        own = self.model.model_fields
        return {name: value for name, value in values.items() if name not in OWN or name in own}

    def terms(self, parameters: Parameters) -> dict[str, Term]:
        """The terms that its parameters have."""
        terms = {name: getattr(parameters, f"term_{name}") for name in self.parameters}
        return {name: term for name, term in terms.items() if term is not None}

    def text(self, parameters: Parameters) -> str:
        """The query with the terms that its parameters have."""
        given = self.terms(parameters)
        if self.table:
            return with_filters(self.query.text, given)
        return with_values(self.query.text, {Variable(name): term for name, term in given.items()})


class OfGraph(Parameters):
    """The parameters of an operation that gives triples: its own ones and no other."""

    model_config = ConfigDict(extra="forbid")


class OfRows(paging.Paged):
    """Those of an operation that gives rows."""

    model_config = ConfigDict(extra="forbid")


def typed(described: QueryField) -> Any:
    """The type of a parameter: a term, from its lexical form."""

    def term(value: str) -> Term:
        try:
            return described.term(value)
        except MappeError as error:
            raise said(str(error)) from error

    schema = SCHEMAS[described.type] | value("default", described, described.default)
    return Annotated[Any, PlainValidator(term), WithJsonSchema(schema)]


def optional(described: QueryField) -> Any:
    """What a parameter is where it is not given: the term of its default, or None."""
    default = None if described.default is None else described.term(described.default)
    about = described.description.get("it", "")
    return Field(default_factory=lambda: default, alias=described.name, description=about)


def value(key: str, described: QueryField, text: str | None) -> dict[str, Any]:
    """A value under a key, of the type that its schema says; nothing where there is none."""
    return {key: TYPED.get(described.type, str)(text)} if text else {}


def read_operations(queries: Path, base: str, release: Release | None) -> dict[str, PublishedOperation]:
    """The operations by name, the examples first.

    Args:
        release: that they are of, whose services stand in their examples; None where it is not known.

    Raises:
        InputError: a query's comments are not understood, or one of its names is taken.
    """
    found: dict[str, PublishedOperation] = {}
    towns, service = (release.towns, release.first_service) if release else ((), "")
    for directory in DIRECTORIES:
        for name, published in read_queries(queries / directory, base).items():
            query = published.of(towns, service)
            table, graph = directory == "tables", scan(query.text).is_graph
            parameters = {n: _filter(c) for n, c in query.columns.items()} if table else query.parameters
            if taken := parameters.keys() & OWN:
                told = f"{', '.join(sorted(taken))}: the name is one of the API's own parameters"
                raise InputError(told, file=queries / directory / f"{name}.rq")
            stored = columns_in(release, name) if table and release else ()
            found.setdefault(name, PublishedOperation(query, table, parameters, graph, stored))
    return found


def columns_in(release: Release, table: str) -> tuple[str, ...]:
    """The columns of a release's table; none where it has no such table."""
    path = TABLE.filled(table=table)
    if path not in release.files:
        return ()
    with (release.path / path).open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file), ()))


def _filter(column: QueryField) -> QueryField:
    """A column as a parameter: one of addresses takes an IRI."""
    type_ = "iri" if column.type == "anyURI" else column.type
    return QueryField(column.name, type_, None, column.description)
