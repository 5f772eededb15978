"""The declaration of a maintained table: a class of rows, whose fields are the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from mappe_servizi.model.tables.cells import DATE, SHARE, TEXT, CellKind, one_of

Row = TypeVar("Row")
Home = Literal["municipality", "edition", "providers", "knowledge", "ontology", "vocabularies", "program"]
_ABSENT: Any = object()
SURE = Decimal("0.9")
"""The expected precision from which on a proposal is a value."""


def nothing(row: object) -> str:
    """What is wrong with a row beside its cells."""
    return ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the reader and the documentation see it.

    Attributes:
        name: in the header row.
        field: of the class of rows.
        default: the value of an empty cell; without one the cell must not be empty.
        optional: whether the column itself may be absent.
    """

    name: str
    field: str
    kind: CellKind
    it: str
    en: str
    default: Any
    optional: bool

    @property
    def required(self) -> bool:
        """Whether each row must have a value."""
        return self.default is _ABSENT


def column(  # noqa: PLR0913 - what there is to say of a column
    kind: CellKind, it: str, en: str, *, default: Any = _ABSENT, name: str = "", optional: bool = False
) -> Any:
    """A field that is a column.

    Args:
        kind: what its cells may say.
        it, en: what it is, in each language.
        default: the value of an empty cell; where there is none, the cell must not be empty.
        name: in the header row, if not the field's.
        optional: whether the whole column may be absent; it needs a default.
    """
    told = {"kind": kind, "it": it, "en": en, "default": default, "name": name, "optional": optional}
    return field(metadata={"column": told})


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A maintained table.

    Attributes:
        file: its name.
        home: the kind of directory that it stands in.
        row: the class of its rows.
        it, en: what it is for.
        unique: fields that no two rows may share all of, in sets.
        wrong: what is wrong with a row whose cells are right, "" for nothing.
        source: whose table it is, under which licence and of when, where it is not written here.
        drafted: whether `mappe add` proposes rows of it, so that each says who decided it.
    """

    file: str
    home: Home
    row: type[Row]
    it: str
    en: str
    unique: tuple[tuple[str, ...], ...] = ()
    wrong: Callable[[Row], str] = nothing
    source: str = ""
    drafted: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order of the header row."""
        return (*self.own, *self.curation)

    @property
    def own(self) -> tuple[Column, ...]:
        """The columns that are fields of its rows."""
        return tuple(_columns(self.row))

    @property
    def curation(self) -> tuple[Column, ...]:
        """The columns that say who decided a row; all of them may be absent."""
        return tuple(_columns(Curation)) if self.drafted else ()

    @property
    def names_codes(self) -> bool:
        """Whether cells name codes of vocabularies."""
        return any(column.kind.vocabulary for column in self.columns)


@dataclass(frozen=True, slots=True)
class Curation:
    """Who decided a row: a person, or a rule that proposes it.

    Attributes:
        curation: a row that a person wrote or accepted is reviewed.
        method: what proposed it.
        probability: how often such a proposal is right, from 0 to 1; None where nobody has measured.
    """

    curation: Literal["reviewed", "proposed"] = column(
        one_of("reviewed", "proposed"),
        "rivista da una persona (anche se vuota) o proposta",
        "reviewed by a person (also where empty) or proposed",
        default="reviewed",
        optional=True,
    )
    method: str = column(TEXT, "che cosa l'ha proposta", "what proposed it", default="", optional=True)
    probability: Decimal | None = column(
        SHARE,
        "quanto spesso una proposta così è giusta",
        "how often such a proposal is right",
        default=None,
        optional=True,
    )
    reviewer: str = column(TEXT, "chi l'ha rivista", "who reviewed it", default="", optional=True)
    decided: date | None = column(DATE, "quando", "when", default=None, optional=True)

    @property
    def holds(self) -> bool:
        """Whether the row is a value; a proposal that is not sure enough is a question."""
        return self.curation == "reviewed" or (self.probability is not None and self.probability >= SURE)


REVIEWED = Curation("reviewed", "", None, "", None)
"""What holds of a row of a table that says nothing of it."""


def _columns(row: type[Any]) -> Iterator[Column]:
    item: Field[Any]
    for item in fields(row):
        if told := item.metadata.get("column"):
            yield Column(**{**told, "name": told["name"] or item.name, "field": item.name})
