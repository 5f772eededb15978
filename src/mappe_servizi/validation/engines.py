"""The SHACL engines: shifty is fast, pyshacl is the reference; both give the same results."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping

import shifty
from rdflib import Graph

from mappe_servizi.errors import MappeError
from mappe_servizi.validation.report import Report

Engine = Callable[[bytes, bytes], Graph]


class CannotEvaluate(MappeError):
    """The engine cannot evaluate the shapes."""


def _shifty(data: bytes, shapes: bytes) -> Graph:
    try:
        with warnings.catch_warnings():
            # A constraint that could not be evaluated must not look like one that holds.
            warnings.simplefilter("error", shifty.ShaclDiagnosticWarning)
            _, report, _ = shifty.validate(
                data, shapes, graph_mode="data", infer=False, on_unsupported="error", sort_results=False
            )
    except (ValueError, RuntimeError, shifty.ShaclDiagnosticWarning) as error:
        raise CannotEvaluate(f"shifty cannot evaluate the shapes: {error}") from error
    return report


def _pyshacl(data: bytes, shapes: bytes) -> Graph:
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
    return report


ENGINES: Mapping[str, Engine] = {"shifty": _shifty, "pyshacl": _pyshacl}


def validate(data: bytes, shapes: bytes, engine: str = "shifty") -> Report:
    """Validate triples against shapes, both N-Triples.

    Raises:
        CannotEvaluate: the engine is not able to.
    """
    return Report.from_rdflib(ENGINES[engine](data, shapes))
