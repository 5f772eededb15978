"""Validation of RDF with SHACL."""

from collections.abc import Iterable
from pathlib import Path

from rdflib import Graph

from mappe_servizi.checks.shacl.engines import validate
from mappe_servizi.checks.shacl.inputs import read_data, read_shape_file, read_shapes
from mappe_servizi.checks.shacl.report import Report, ShapeResult
from mappe_servizi.checks.shacl.table import as_json, print_report, summary
from mappe_servizi.errors import MappeError
from mappe_servizi.settings import Settings

__all__ = [
    "Report",
    "ShapeResult",
    "as_json",
    "print_report",
    "read_data",
    "read_report",
    "read_shape_file",
    "read_shapes",
    "summary",
    "validate",
    "validate_files",
    "write_report",
]


def validate_files(files: Iterable[Path], settings: Settings) -> Report:
    """Validate RDF files with the configured shapes, base and engine.

    Raises:
        MappeError: a file or a shape cannot be used.
    """
    return validate(read_data(files), read_shapes(settings.shapes, settings.base_uri), settings.engine)


def read_report(path: Path) -> Report:
    """A report that ``write_report`` wrote.

    Raises:
        InputError: it cannot be read, or is not RDF.
    """
    graph = Graph().parse(read_data([path]), format="nt")
    return Report.from_rdflib(graph)


def write_report(report: Report, path: Path) -> None:
    """Write a report, whole or not at all.

    Raises:
        MappeError: it cannot be written there.
    """
    new = path.with_name(f".{path.name}.new")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_bytes(report.turtle())
            return
        new.write_bytes(report.turtle())
        new.replace(path)
    except OSError as error:
        raise MappeError(f"the report cannot be written: {error}") from error
