"""The columns of the table of figures: written by a build, asked by the server."""

from typing import Final

COLUMNS: Final = (
    "municipality", "istat", "province", "region", "edition", "current", "service", "number", "title", "area",
    "kind", "serviceConcept", "indicator", "label", "group", "table", "indicatorConcept", "denominator",
    "unit", "counted", "role", "totalOf", "repeats", "periodKind", "activities", "audiences", "year", "value",
    "population", "raw", "status", "curation", "observation", "sourceDocument", "source", "sourceLine",
)  # fmt: skip
"""As the contract has them (design, section 5)."""
ADDED: Final = {"denominator": "VARCHAR", "population": "DOUBLE"}
"""Columns that earlier releases have not, and what DuckDB calls their types: there they have no value."""
INDEXED: Final = (
    "municipality", "istat", "province", "region", "edition", "current", "service", "title", "area", "kind",
    "serviceConcept", "indicator", "label", "group", "table", "indicatorConcept", "denominator", "unit",
    "counted", "role", "periodKind", "activities", "audiences", "year", "value", "population", "status",
    "curation",
)  # fmt: skip
"""Those that a question chooses or groups by, or computes with: what the index of figures has of them."""
ALIKE: Final = ("unit", "counted", "periodKind")
"""Figures that differ in one of these are not added up without a word."""
NUMBERS: Final = ("thing", "again", "alike", "leaf", "place")
"""What the index has beside them: the number of the indicator, that of the indicator which it repeats, that
of what must be alike; whether the row may stand beside others in a sum (an item, or a total of which no part
is printed); and the place of the row among the figures, from 0."""
