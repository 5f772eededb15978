"""The published queries: a SPARQL text that says in its comments what it is.

Lines that start with ``#+`` describe the query, in Italian and, with ``@en``, in English::

    #+ title: Utenti per anno
    #+ title@en: Users per year
    #+ description: Quanti utenti conta una mappa in ogni anno.
    #+ description@en: How many users a map counts in each year.
    #+ param service iri https://example.org/nido: Il servizio.
    #+ param@en service: The service.
    #+ column year gYear: Anno di riferimento.
    #+ column@en year: Reference year.

A parameter is a projected variable of the query. Its value is bound as a term, never pasted
into the text; without a default (the part before the colon) it may be left out. ``column``
lines describe the columns of the tables; what they say in the graph's terms is told by further lines
(``mappe_servizi.rdf.meaning``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Variable

from mappe_servizi.bases import DEFAULT_BASE, rebase
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.rdf.meaning import Meaning, declared_prefixes

Term = NamedNode | Literal
LANGUAGES = ("it", "en")
XSD = "http://www.w3.org/2001/XMLSchema#"
PARAMETER_TYPES = ("iri", "string", "integer", "decimal", "boolean", "date", "gYear")

_COMMENT = re.compile(r"#\+ (?P<key>\w+)(?:@(?P<language>\w+))?(?P<rest>.*)")
_SERVICE = re.compile(r"/data/public-service/(?P<town>[^/]+)/")
_NAMED = re.compile(r"(?P<name>\w+)(?: (?P<type>\w+))?(?: (?P<default>\S.*?))?: (?P<text>.*)")
_LEXICAL = {
    "integer": re.compile(r"[+-]?\d+", re.ASCII),
    "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII),
    "boolean": re.compile(r"true|false|1|0"),
    "date": re.compile(r"-?(?:[1-9]\d{4,}|\d{4})-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", re.ASCII),
    "gYear": re.compile(r"-?(?:[1-9]\d{4,}|\d{4})", re.ASCII),
}
_CANONICAL = {"1": "true", "0": "false"}
"""The truth values that XSD has in two forms: filters compare them by their characters."""


@dataclass(slots=True)
class QueryField:
    """A parameter or a column: its name, type, default, and description by language."""

    name: str
    type: str = "string"
    default: str | None = None
    description: dict[str, str] = field(default_factory=dict)

    def term(self, value: str) -> Term:
        """A value as a term of the parameter's type.

        Raises:
            MappeError: the value is not of that type.

        >>> print(QueryField("year", "gYear").term("2020"))
        "2020"^^<http://www.w3.org/2001/XMLSchema#gYear>
        """
        if self.type == "iri":
            try:
                return NamedNode(value)
            except ValueError as error:
                raise MappeError(f"the parameter {self.name} must be an absolute IRI: {value!r}") from error
        if self.type == "string":
            return Literal(value)
        if not _LEXICAL[self.type].fullmatch(value):
            raise MappeError(f"the parameter {self.name} must be of type {self.type}: {value!r}")
        if self.type == "boolean":
            value = _CANONICAL.get(value, value)
        return Literal(value, datatype=NamedNode(XSD + self.type))


@dataclass(frozen=True, slots=True)
class PublishedQuery:
    """A query of the directory queries/, with what its comments say."""

    name: str
    text: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    parameters: Mapping[str, QueryField]
    columns: Mapping[str, QueryField]
    meaning: Meaning = field(default_factory=Meaning)

    def of(self, towns: Collection[str], service: str) -> PublishedQuery:
        """The same with a service of the data where a default is of a municipality that they lack.

        Args:
            towns: IPA codes of the municipalities that the data are of.
            service: the IRI of one of their services, "" where there is none.
        """

        def own(described: QueryField) -> QueryField:
            of_service = _SERVICE.search(described.default or "") if described.type == "iri" else None
            known = of_service is None or of_service["town"] in towns or not service
            return described if known else replace(described, default=service)

        return replace(self, parameters={name: own(one) for name, one in self.parameters.items()})

    def bind(self, values: Mapping[str, str]) -> dict[Variable, Term]:
        """The parameters' terms, for ``Store.query(substitutions=...)``; defaults fill what is not given.

        Raises:
            MappeError: a parameter is unknown, or a value is not of its type.
        """
        for name in values:
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise MappeError(f"the query {self.name} has no parameter {name!r}; it has: {known}")
        given = {name: values.get(name, p.default) for name, p in self.parameters.items()}
        return {Variable(n): self.parameters[n].term(v) for n, v in given.items() if v is not None}


def read_query(path: Path, base: str = DEFAULT_BASE) -> PublishedQuery:
    """Read one query, under the configured base.

    Raises:
        InputError: the file cannot be read, or one of its ``#+`` lines is not understood.
    """
    try:
        text = rebase(path.read_text(encoding="utf-8-sig"), base)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the query cannot be read: {error}", file=path) from error
    texts: dict[str, dict[str, str]] = {"title": {}, "description": {}}
    described: dict[str, dict[str, QueryField]] = {"param": {}, "column": {}}
    meaning, prefixes = Meaning(), declared_prefixes(text)
    for line, comment in enumerate(text.splitlines(), start=1):
        if not comment.startswith("#+"):
            continue
        match = _COMMENT.fullmatch(comment)
        if not match:
            raise InputError("a #+ line must read like '#+ title: ...'", file=path, line=line)
        key, language, rest = match["key"], match["language"] or "it", match["rest"]
        if key in texts and rest.startswith(":"):
            texts[key][language] = " ".join((texts[key].get(language, "") + rest[1:]).split())
        elif key in described and (named := _NAMED.fullmatch(rest.strip())):
            _describe(described[key], named, language)
        elif not _taken(meaning, key, rest, prefixes, path, line):
            raise InputError(f"this #+ line is not understood: {comment!r}", file=path, line=line)
    _check_types(described["param"], path)
    if unknown := meaning.columns() - {*described["column"]}:
        raise InputError(f"no column {', '.join(sorted(unknown))} is described", file=path)
    return PublishedQuery(
        path.stem,
        text,
        **texts,
        parameters=described["param"],
        columns=described["column"],
        meaning=meaning,
    )


def _taken(  # noqa: PLR0913, PLR0917  # a line, and where it stands
    meaning: Meaning, key: str, rest: str, prefixes: Mapping[str, str], path: Path, line: int
) -> bool:
    try:
        return meaning.take(key, rest, prefixes)
    except MappeError as error:
        raise InputError(str(error), file=path, line=line) from error


def _describe(known: dict[str, QueryField], named: re.Match[str], language: str) -> None:
    item = known.setdefault(named["name"], QueryField(named["name"]))
    item.type = named["type"] or item.type
    item.default = named["default"] or item.default
    item.description[language] = named["text"]


def _check_types(parameters: dict[str, QueryField], path: Path) -> None:
    for item in parameters.values():
        if item.type not in PARAMETER_TYPES:
            raise InputError(f"the parameter {item.name} has the unknown type {item.type!r}", file=path)
        if item.default is not None:
            try:
                item.term(item.default)
            except MappeError as error:
                raise InputError(f"in the default, {error}", file=path) from error


def read_queries(directory: Path, base: str = DEFAULT_BASE) -> dict[str, PublishedQuery]:
    """The queries of a directory by name, sorted by name."""
    return {path.stem: read_query(path, base) for path in sorted(directory.glob("*.rq"))}
