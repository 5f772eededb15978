"""What the tables of several homes share: who a row is about, its certainty, its reason and its evidence."""

from __future__ import annotations

from typing import Literal, get_args

from mappe_servizi.model.service_map import Table as FigureTable
from mappe_servizi.model.tables.cells import (
    TEXT,
    one_of,
)
from mappe_servizi.model.tables.table import Row, Table, column

NUMBER_IT, NUMBER_EN = "numero del servizio nell'indice", "number of the service in the index"
SERVICE_IT, SERVICE_EN = "slug del servizio nel registro", "slug of the service in the registry"
READERS_IT, READERS_EN = "per chi legge", "for readers"
LINE_IT, LINE_EN = "riga del documento", "line of the document"
PRINTED_IT, PRINTED_EN = "come sta nel documento", "as the document prints it"
Certainty = Literal["certain", "likely"]
CERTAINTY = one_of(*get_args(Certainty))
FIGURES = one_of(*get_args(FigureTable))


def reason() -> str:
    """The column that says why; every decision has it."""
    text: str = column(TEXT, "perché", "why")
    return text


def evidence() -> str:
    """The column that says what a decision rests on."""
    text: str = column(
        TEXT,
        "su che cosa si fonda: righe, una fonte, o assumed",
        "what it rests on: lines, a source, or assumed",
    )
    return text


def known(
    file: str, row: type[Row], it: str, en: str, *unique: tuple[str, ...], source: str = ""
) -> Table[Row]:
    """A table of what is known for every municipality."""
    return Table(file, "knowledge", row, it, en, unique, source=source)
