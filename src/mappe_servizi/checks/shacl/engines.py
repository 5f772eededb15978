"""The SHACL engines: shifty is fast, pyshacl is the reference; both give the same results."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rdflib import Graph

from mappe_servizi.checks.failing import CannotEvaluate, failing_shapes
from mappe_servizi.checks.shacl.relevant import SH, TYPE, TriplesByProperty, shapes_of
from mappe_servizi.checks.shacl.report import Report
from mappe_servizi.rdf.dump import write_lines

Engine = Callable[[Iterable[bytes], bytes], Report]

TARGETED = re.compile(rb"^(\S+) (?:<%starget\w*> |%s <%sNodeShape>)" % (SH, TYPE, SH), re.MULTILINE)


def _shifty(lines: Iterable[bytes], shapes: bytes) -> Report:
    """Two passes: a fast one finds the shapes that fail, and only these are reported in full.

    Each is given files of N-Triples, which it reads faster than the Turtle that bytes are to it.
    """
    triples = TriplesByProperty(lines, shapes)
    with TemporaryDirectory() as name:
        place = Path(name)
        failed = failing_shapes(*_written(triples, _told_apart(shapes), place))
        if not failed:
            return Report.union([])
        # A shape without a name cannot be asked for alone.
        names = None if "" in failed else sorted(failed)
        asked = shapes if names is None else shapes_of(names, shapes)
        return Report.from_rdflib(_reported(*_written(triples, asked, place), names))


def _reported(data: Path, shapes: Path, names: list[str] | None) -> Graph:
    import shifty  # noqa: PLC0415 - most data have no fault

    try:
        with warnings.catch_warnings():
            # A constraint that could not be evaluated must not look like one that holds.
            warnings.simplefilter("error", shifty.ShaclDiagnosticWarning)
            _, report, _ = shifty.validate(
                data, shapes, graph_mode="data", shape_names=names, infer=False, on_unsupported="error"
            )
    except (ValueError, RuntimeError, shifty.ShaclDiagnosticWarning) as error:
        raise CannotEvaluate(f"shifty cannot evaluate the shapes: {error}") from error
    return report


def _written(triples: TriplesByProperty, shapes: bytes, place: Path) -> tuple[Path, Path]:
    """The files of what shapes look at in the data, and of the shapes."""
    files = place / "data.nt", place / "shapes.nt"
    write_lines(triples.seen_by(shapes), files[0])
    files[1].write_bytes(shapes)
    return files


def _told_apart(shapes: bytes) -> bytes:
    """The shapes, N-Triples, each with a message of its own.

    Without it shifty takes shapes of equal constraints for one, and names only the first.
    """
    targeted = sorted(set(TARGETED.findall(shapes)))
    return shapes + b"".join(b'%s <%smessage> "%d" .\n' % (shape, SH, n) for n, shape in enumerate(targeted))


def _pyshacl(lines: Iterable[bytes], shapes: bytes) -> Report:
    import pyshacl  # noqa: PLC0415  (slow to load, and seldom needed)

    try:
        # rdflib's own in-memory store: over an oxrdflib store pyshacl reports what is no violation.
        _, report, text = pyshacl.validate(
            Graph().parse(b"\n".join(lines), format="nt"),
            shacl_graph=Graph().parse(shapes, format="nt"),
            inplace=True,
        )
    except (RuntimeError, ValueError) as error:
        raise CannotEvaluate(f"pyshacl cannot evaluate the shapes: {error}") from error
    if not isinstance(report, Graph):
        raise CannotEvaluate(f"pyshacl cannot evaluate the shapes: {text}")
    return Report.from_rdflib(report)


ENGINES: Mapping[str, Engine] = {"shifty": _shifty, "pyshacl": _pyshacl}


def validate(data: bytes | Iterable[bytes], shapes: bytes, engine: str = "shifty") -> Report:
    """Validate triples against shapes.

    Args:
        data: N-Triples without comments, or their lines without their ends.
        shapes: N-Triples.
        engine: its name.

    Raises:
        CannotEvaluate: the engine is not able to.
    """
    lines = filter(None, data.splitlines()) if isinstance(data, bytes) else data
    return ENGINES[engine](lines, shapes)
