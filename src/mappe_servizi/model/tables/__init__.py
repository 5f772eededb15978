"""The tables that people maintain: each declared once, read by one reader, described in docs/tables.md."""

from mappe_servizi.model.tables.reader import Found, read_file, read_rows
from mappe_servizi.model.tables.table import Table

__all__ = ["Found", "Table", "read_file", "read_rows"]
