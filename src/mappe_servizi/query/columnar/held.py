"""A table of a release as a worker knows it: in memory where there is room, else read at each question.

Figures are known twice: as they are published (``figures``), and as questions are answered (``sorted``), with
the numbers of the index of figures; ``alikes`` has what may be added up. In memory both are one table, which
is quicker than what is read: a column of few texts has them once (an enumeration, sorted as its texts are).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from mappe_servizi.model.outputs.figures import ADDED, ALIKE, NUMBERS

FIGURES_TABLE: Final = "figures"
SORTED_TABLE: Final = "sorted"
ALIKES_TABLE: Final = "alikes"
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


LEAF: Final = "(role = 'item' OR (role = 'total' AND len(totalOf) = 0))"
"""``leaf`` of the index, where there is none."""


def know(connection: Any, name: str, path: Path, room: int) -> int:
    """Make a table known by its name; figures in ``know_figures``.

    Args:
        connection: DuckDB's.
        name: of the table; one of ours.
        path: of the file.
        room: cells that may be held.

    Returns:
        The cells that are held of it.
    """
    file = f"read_parquet({text(str(path))})"
    cells = _cells(connection, file)
    kind = "TEMP TABLE" if cells <= room else "TEMP VIEW"
    connection.execute(f'CREATE {kind} "{name}" AS SELECT * FROM {file}')
    return cells if cells <= room else 0


def know_figures(connection: Any, path: Path, index: Path, room: int) -> int:
    """Make figures known, and what questions about them are answered from.

    Args:
        connection: DuckDB's.
        path: of the figures as they are published.
        index: of the index of figures; an earlier release has none.
        room: cells that may be held.

    Returns:
        The cells that are held of them.
    """
    file = f"read_parquet({text(str(path))}, file_row_number = true)"
    cells = _cells(connection, file)
    columns = {one[0] for one in connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()}
    added = "".join(f', NULL::{type_} AS "{n}"' for n, type_ in ADDED.items() if n not in columns)
    figures = f"SELECT * EXCLUDE (file_row_number), file_row_number AS place{added} FROM {file}"
    sorted_ = f"SELECT * FROM read_parquet({text(str(index))})" if index.exists() else _unindexed(figures)
    held = cells <= room
    if held:
        _hold(connection, figures, sorted_)
        sorted_ = f"SELECT * FROM {FIGURES_TABLE}"
    else:
        connection.execute(f"CREATE TEMP VIEW {FIGURES_TABLE} AS {figures}")
    connection.execute(f"CREATE TEMP VIEW {SORTED_TABLE} AS {sorted_}")
    told = ", ".join(f'any_value("{name}")::VARCHAR AS "{name}_"' for name in ALIKE)
    connection.execute(f"""CREATE TEMP TABLE {ALIKES_TABLE} AS SELECT alike AS alike_, {told}
        FROM {SORTED_TABLE} GROUP BY alike""")
    return cells if held else 0


def _unindexed(figures: str) -> str:
    """What stands in for the index of a release that has none: texts where it has numbers."""
    alike = ", ".join(f"coalesce(\"{name}\", '')" for name in ALIKE)
    numbers = f"indicator AS thing, repeats AS again, concat_ws(' ', {alike}) AS alike, {LEAF} AS leaf"
    return f"SELECT *, {numbers} FROM ({figures})"


def _cells(connection: Any, file: str) -> int:
    columns = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
    (rows,) = connection.execute(f"SELECT count(*) FROM {file}").fetchone()
    return int(rows * len(columns))


def _hold(connection: Any, figures: str, indexed: str) -> None:
    """Hold figures, with what the index has of them, in the order in which they are published."""
    counts = ", ".join(f'approx_count_distinct("{name}")' for name in TEXTS)
    counted = connection.execute(f"SELECT {counts} FROM ({figures})").fetchone()
    few = [name for name, count in zip(TEXTS, counted, strict=True) if 0 < count <= FEW]
    for name in few:
        values = f'SELECT DISTINCT "{name}" FROM ({figures}) WHERE "{name}" IS NOT NULL ORDER BY 1'
        connection.execute(f'CREATE TYPE "few_{name}" AS ENUM ({values})')
    replaced = ", ".join(f'"{name}"::"few_{name}" AS "{name}"' for name in few)
    star = f"* REPLACE ({replaced})" if few else "*"
    connection.execute(f"""CREATE TEMP TABLE {FIGURES_TABLE} AS SELECT {star} FROM ({figures})
        JOIN (SELECT {", ".join(NUMBERS)} FROM ({indexed})) USING (place) ORDER BY place""")


def text(value: str) -> str:
    """A text of SQL: of a place of ours, which statements that create cannot bind."""
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
