"""What the columns of a table say: declared once, in ``#+`` lines of its query, for CSVW and data packages.

::

    #+ row indicator: mds:ServiceIndicator
    #+ key: municipality edition number table position
    #+ refers: municipality edition number to services
    #+ says correctedLabel: l0:name @it
    #+ says unit: muapit:hasMeasurementUnit <https://example.org/measurement-unit/{unit}>
    #+ says entry: mds:hasEntry {entry}

``row`` names the column with the IRI of what a row is about, and its class; ``key`` the columns that tell
rows apart; ``refers`` columns that are the key of another table's row. ``says`` gives a column its property;
the value is a literal, with a language or a type (``^^int``) where it is not the column's, or the IRI of a
column in braces or of a template in angle brackets. Names are abbreviated by the query's own prefixes.

All of a row is said of one thing: csvw, the library of most Python users, fails on a table in which a column
is about another (``aboutUrl`` of a column) and any other has a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mappe_servizi.errors import MappeError

_ROW = re.compile(r"(?P<column>\w+)(?:: (?P<kind>\S+))?")
_REFERS = re.compile(r"(?P<columns>\w+(?: \w+)*) to (?P<table>\w+)")
_SAYS = re.compile(
    r"(?P<column>\w+): (?P<property>\S+)"
    r"(?: (?:@(?P<language>[a-z]+)|\^\^(?P<type>\w+)|(?P<value>\{\w+\}|<[^<>\s]+>)))?"
)
_PREFIX = re.compile(r"^PREFIX (?P<name>[\w-]*): *<(?P<iri>[^<>]*)>", re.MULTILINE)
_VARIABLE = re.compile(r"\{\+?(\w+)\}")


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column says.

    Attributes:
        property: its IRI.
        value: URI template of the value; empty where it is a literal.
        language: of the literal.
        type: XSD name of the literal's type, where it is not the column's.
    """

    property: str
    value: str = ""
    language: str = ""
    type: str = ""


@dataclass(slots=True)
class Meaning:
    """What a table says.

    Attributes:
        row: the column with the IRI that a row is about; empty where there is none.
        kind: the class of that, where all have one.
        key: the columns that tell rows apart.
        refers: columns that are the key of a row of another table, by its name.
        says: what a column says, by its name.
    """

    row: str = ""
    kind: str = ""
    key: tuple[str, ...] = ()
    refers: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    says: dict[str, ColumnMeaning] = field(default_factory=dict)

    def take(self, key: str, rest: str, prefixes: Mapping[str, str]) -> bool:
        """Take a ``#+`` line; whether it is one of these.

        Raises:
            MappeError: a prefix is not declared.
        """
        rest = rest.strip()
        if key == "row" and (match := _ROW.fullmatch(rest)):
            self.row = match["column"]
            self.kind = expanded(match["kind"], prefixes) if match["kind"] else ""
        elif key == "key" and rest.startswith(":"):
            self.key = tuple(rest[1:].split())
        elif key == "refers" and (match := _REFERS.fullmatch(rest.removeprefix(":").strip())):
            self.refers.append((tuple(match["columns"].split()), match["table"]))
        elif key == "says" and (match := _SAYS.fullmatch(rest)):
            name, value = expanded(match["property"], prefixes), _template(match["value"] or "")
            self.says[match["column"]] = ColumnMeaning(
                name, value, match["language"] or "", match["type"] or ""
            )
        else:
            return False
        return True

    def columns(self) -> set[str]:
        """Every column that is named."""
        named = {*self.key, *self.says, *(c for columns, _ in self.refers for c in columns)}
        return named | self.spelled()

    def spelled(self) -> set[str]:
        """The columns whose values are put into templates."""
        values = (name for said in self.says.values() for name in _VARIABLE.findall(said.value))
        return {self.row, *values} - {""}


def declared_prefixes(text: str) -> dict[str, str]:
    """The prefixes of a query, at the beginning of its lines."""
    return {match["name"]: match["iri"] for match in _PREFIX.finditer(text)}


def expanded(name: str, prefixes: Mapping[str, str]) -> str:
    """The IRI of an abbreviated name.

    Raises:
        MappeError: its prefix is not declared.

    >>> expanded("dct:title", {"dct": "http://purl.org/dc/terms/"})
    'http://purl.org/dc/terms/title'
    """
    prefix, _, local = name.partition(":")
    if prefix not in prefixes:
        raise MappeError(f"the prefix {prefix!r} of {name} is not declared in the query")
    return prefixes[prefix] + local


def _template(text: str) -> str:
    """A URI template: what a column has is an IRI as it is, what stands in angle brackets a template.

    >>> _template("{channel}"), _template("<https://e.org/{kind}>")
    ('{+channel}', 'https://e.org/{kind}')
    """
    if text.startswith("<"):
        return text[1:-1]
    return f"{{+{text.strip('{}')}}}" if text else ""
