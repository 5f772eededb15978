"""Every maintained file that there is: each is a declared table, and all that is wrong is told together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, meant
from mappe_servizi.instance import BUNDLED, PACKAGE
from mappe_servizi.model.tables.every import TABLES
from mappe_servizi.model.tables.local import LOCAL, local_files
from mappe_servizi.model.tables.reader import Errors, read_file
from mappe_servizi.model.tables.table import Home, Table

File = tuple[Home, Path]
_BESIDE_DOCUMENTS = ("municipality", "edition")
"""Homes where other CSV files may be too."""


def shared_files(data: Path, knowledge: Path) -> list[File]:
    """The files of an instance's registry of providers, and of what is known for every municipality."""
    known = [*_files("knowledge", knowledge, "*.csv")]
    tables = {path.name for _, path in known}  # which are read with the instance's rows
    unknown: list[File] = [("knowledge", path) for path in local_files(knowledge) if path.name not in tables]
    return [*_files("providers", data, "providers/*.csv"), *known, *unknown]


def municipality_files(folder: Path) -> list[File]:
    """The files of a municipality and of its editions."""
    return [*_files("municipality", folder, "*.csv"), *_files("edition", folder, "editions/*/*.csv")]


def program_files(ontology: Path) -> list[File]:
    """The files beside the ontology and beside the program's modules."""
    bundled = PACKAGE / BUNDLED
    beside = [item for item in _files("program", PACKAGE, "**/*.csv") if bundled not in item[1].parents]
    vocabularies = _files("vocabularies", ontology, "assets/controlled-vocabularies/*/latest/*.csv")
    return [*_files("ontology", ontology, "*.csv"), *vocabularies, *beside]


def _files(home: Home, directory: Path, pattern: str) -> Iterator[File]:
    yield from ((home, path) for path in sorted(directory.glob(pattern)))


def declared(home: Home, name: str) -> Table[Any] | None:
    """The table that a file of a home is."""
    of_home = (table for table in TABLES if table.home == home)
    return next((table for table in of_home if table.file in (name, "*.csv")), None)


def local_rows(knowledge: Path) -> dict[str, int]:
    """How many rows an instance adds to each table of knowledge, by its file; errors are told by others."""
    tables = {path.name: declared("knowledge", path.name) for path in local_files(knowledge)}
    own = knowledge / LOCAL
    return {name: len(read_file(table, own / name, errors=[])) for name, table in tables.items() if table}


def told_local(knowledge: Path) -> str:
    """The same in words; "" where the program's knowledge is all that there is."""
    counted = (f"{rows} of {name}" for name, rows in local_rows(knowledge).items())
    said = ", ".join(counted)
    return f"rows of this instance's own ({LOCAL}/): {said}" if said else ""


def check_file(home: Home, path: Path, errors: Errors) -> None:
    """Add what is wrong with a file, of itself; one that is no table is told where none else can be.

    A misspelt name would silently leave a table out.
    """
    if table := declared(home, path.name):
        read_file(table, path, errors=errors)
        return
    known = sorted(table.file for table in TABLES if table.home == home)
    near = meant(path.name, known)
    if near or home not in _BESIDE_DOCUMENTS:
        errors.append(InputError(f"there is no such table{near}; there are {', '.join(known)}", file=path))
