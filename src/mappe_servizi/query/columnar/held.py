"""A table of a release as a worker knows it: in memory where there is room, else read at each question.

In memory figures are quicker than as they are published: a column of few texts has them once (an
enumeration, sorted as its texts are), and indicators are numbers. ``thing`` is an indicator, ``again`` the
one that it repeats; of figures that are read at each question they are the IRIs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from mappe_servizi.model.outputs.figures import ADDED

FIGURES_TABLE: Final = "figures"
ROOM: Final = 8_000_000
"""Cells that a worker holds: of twelve million, with a question, its address space would be full."""
FEW: Final = 1000
"""Texts of an enumeration at most: DuckDB plans with all of them."""
TEXTS: Final = (
    "municipality", "istat", "province", "region", "edition", "service", "title", "area", "kind",
    "serviceConcept", "table", "indicatorConcept", "denominator", "unit", "counted", "role", "periodKind",
    "status", "curation", "sourceDocument",
)  # fmt: skip
"""Columns of figures that may be enumerations: what is told of them is text again."""


def know(connection: Any, name: str, path: Path, room: int) -> int:
    """Make a table known by its name.

    Args:
        connection: DuckDB's.
        name: of the table; one of ours.
        path: of the file.
        room: cells that may be held.

    Returns:
        The cells that are held of it.
    """
    file = f"read_parquet({text(str(path))})"
    columns = [one[0] for one in connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()]
    (rows,) = connection.execute(f"SELECT count(*) FROM {file}").fetchone()
    cells = rows * len(columns)
    kind = "TEMP TABLE" if cells <= room else "TEMP VIEW"
    if name != FIGURES_TABLE:
        connection.execute(f'CREATE {kind} "{name}" AS SELECT * FROM {file}')
    else:
        added = "".join(f', NULL::{type_} AS "{n}"' for n, type_ in ADDED.items() if n not in columns)
        if cells <= room:
            _hold(connection, f"(SELECT *{added} FROM {file})")
        else:
            held = f"SELECT *{added}, indicator AS thing, repeats AS again FROM {file}"
            connection.execute(f"CREATE TEMP VIEW {name} AS {held}")
    return cells if cells <= room else 0


def _hold(connection: Any, figures: str) -> None:
    counts = ", ".join(f'approx_count_distinct("{name}")' for name in TEXTS)
    counted = connection.execute(f"SELECT {counts} FROM {figures}").fetchone()
    few = [name for name, count in zip(TEXTS, counted, strict=True) if 0 < count <= FEW]
    for name in few:
        values = f'SELECT DISTINCT "{name}" FROM {figures} WHERE "{name}" IS NOT NULL ORDER BY 1'
        connection.execute(f'CREATE TYPE "few_{name}" AS ENUM ({values})')
    replaced = ", ".join(f'"{name}"::"few_{name}" AS "{name}"' for name in few)
    star = f"f.* REPLACE ({replaced})" if few else "f.*"
    connection.execute(f"""CREATE TEMP TABLE things AS SELECT iri, row_number() OVER () AS id
        FROM (SELECT DISTINCT indicator AS iri FROM {figures})""")
    connection.execute(f"""CREATE TEMP TABLE {FIGURES_TABLE} AS
        SELECT {star}, one.id::INTEGER AS thing, other.id::INTEGER AS again FROM {figures} AS f
        JOIN things AS one ON one.iri = f.indicator LEFT JOIN things AS other ON other.iri = f.repeats""")
    connection.execute("DROP TABLE things")


def text(value: str) -> str:
    """A text of SQL: of a place of ours, which statements that create cannot bind."""
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
