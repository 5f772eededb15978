"""The SHACL engines: shifty is fast, pyshacl is the reference; both give the same results."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import shifty
from rdflib import RDF, Graph

from mappe_servizi.checks.failing import CannotEvaluate, failing_shapes
from mappe_servizi.checks.shacl.relevant import relevant, shapes_of
from mappe_servizi.checks.shacl.report import Report

Engine = Callable[[bytes, bytes], Report]

SH = b"http://www.w3.org/ns/shacl#"
TARGETED = re.compile(
    rb"^(\S+) <(?:%starget\w*> |%s> <%sNodeShape>)" % (SH, RDF.type.encode(), SH), re.MULTILINE
)


def _shifty(data: bytes, shapes: bytes) -> Report:
    """Two passes: a fast one finds the shapes that fail, and only these are reported in full.

    Each is given files of N-Triples, which it reads faster than the Turtle that bytes are to it.
    """
    with TemporaryDirectory() as name:
        place = Path(name)
        failed = failing_shapes(*_written(data, shapes, _told_apart(shapes), place))
        if not failed:
            return Report.union([])
        # A shape without a name cannot be asked for alone.
        names = None if "" in failed else sorted(failed)
        asked = shapes if names is None else shapes_of(names, shapes)
        try:
            with warnings.catch_warnings():
                # A constraint that could not be evaluated must not look like one that holds.
                warnings.simplefilter("error", shifty.ShaclDiagnosticWarning)
                _, report, _ = shifty.validate(
                    *_written(data, asked, asked, place),
                    graph_mode="data",
                    shape_names=names,
                    infer=False,
                    on_unsupported="error",
                )
        except (ValueError, RuntimeError, shifty.ShaclDiagnosticWarning) as error:
            raise CannotEvaluate(f"shifty cannot evaluate the shapes: {error}") from error
    return Report.from_rdflib(report)


def _written(data: bytes, shapes: bytes, given: bytes, place: Path) -> tuple[Path, Path]:
    """The files of what shapes look at in the data, and of the shapes as they are given to the engine."""
    files = place / "data.nt", place / "shapes.nt"
    with files[0].open("wb") as file:
        file.writelines(relevant(data, shapes))
    files[1].write_bytes(given)
    return files


def _told_apart(shapes: bytes) -> bytes:
    """The shapes, N-Triples, each with a message of its own.

    Without it shifty takes shapes of equal constraints for one, and names only the first.
    """
    targeted = sorted(set(TARGETED.findall(shapes)))
    return shapes + b"".join(b'%s <%smessage> "%d" .\n' % (shape, SH, n) for n, shape in enumerate(targeted))


def _pyshacl(data: bytes, shapes: bytes) -> Report:
    import pyshacl  # noqa: PLC0415  (slow to load, and seldom needed)

    try:
        # rdflib's own in-memory store: over an oxrdflib store pyshacl reports what is no violation.
        _, report, text = pyshacl.validate(
            Graph().parse(data, format="nt"), shacl_graph=Graph().parse(shapes, format="nt"), inplace=True
        )
    except (RuntimeError, ValueError) as error:
        raise CannotEvaluate(f"pyshacl cannot evaluate the shapes: {error}") from error
    if not isinstance(report, Graph):
        raise CannotEvaluate(f"pyshacl cannot evaluate the shapes: {text}")
    return Report.from_rdflib(report)


ENGINES: Mapping[str, Engine] = {"shifty": _shifty, "pyshacl": _pyshacl}


def validate(data: bytes, shapes: bytes, engine: str = "shifty") -> Report:
    """Validate triples against shapes, both N-Triples.

    Raises:
        CannotEvaluate: the engine is not able to.
    """
    return ENGINES[engine](data, shapes)
