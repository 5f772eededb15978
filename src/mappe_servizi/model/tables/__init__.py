"""The tables that people maintain: each declared once, read by one reader, described in docs/tables.md."""

from mappe_servizi.model.tables.reader import Errors, read_all, read_file, read_rows
from mappe_servizi.model.tables.rows import Found
from mappe_servizi.model.tables.table import SURE, Curation, Table

__all__ = ["SURE", "Curation", "Errors", "Found", "Table", "read_all", "read_file", "read_rows"]
