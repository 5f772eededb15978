"""A row that a table lacks, as a rule proposes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mappe_servizi.model.tables import Table
from mappe_servizi.reading.proposals.evidence import Rule

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed row.

    Attributes:
        table: of the municipality.
        key: what it is about, as the table's unique columns have it.
        cells: by the columns' names.
        rule: what proposes it.
        probability: how often such a proposal is right.
        edition: which edition's table it is, None where it holds for all.
    """

    table: Table[Any]
    key: Key
    cells: Mapping[str, str]
    rule: Rule
    probability: Decimal
    edition: int | None = None
