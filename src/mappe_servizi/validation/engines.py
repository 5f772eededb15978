"""The SHACL engines: shifty is fast, pyshacl is the reference; both give the same results."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping

import pyshacl
import shifty
from rdflib import Graph

from mappe_servizi.errors import MappeError
from mappe_servizi.validation.report import Report

Engine = Callable[[bytes, bytes], Graph]


def _shifty(data: bytes, shapes: bytes) -> Graph:
    with warnings.catch_warnings():
        # A constraint that could not be evaluated must not look like one that holds.
        warnings.simplefilter("error", shifty.ShaclDiagnosticWarning)
        _, report, _ = shifty.validate(
            data, shapes, graph_mode="data", infer=False, on_unsupported="error", sort_results=False
        )
    return report


def _pyshacl(data: bytes, shapes: bytes) -> Graph:
    # rdflib's own in-memory store: over an oxrdflib store pyshacl reports what is no violation.
    _, report, text = pyshacl.validate(
        Graph().parse(data, format="nt"),
        shacl_graph=Graph().parse(shapes, format="nt"),
        advanced=False,
        inplace=True,
    )
    if not isinstance(report, Graph):
        raise ValueError(text)
    return report


ENGINES: Mapping[str, Engine] = {"shifty": _shifty, "pyshacl": _pyshacl}


def validate(data: bytes, shapes: bytes, engine: str = "shifty") -> Report:
    """Validate triples against shapes, both N-Triples.

    Raises:
        MappeError: the engine cannot evaluate the shapes.
    """
    try:
        graph = ENGINES[engine](data, shapes)
    except (
        ValueError,
        RuntimeError,
        SyntaxError,
        shifty.ShaclDiagnosticWarning,
        pyshacl.errors.ValidationFailure,
        pyshacl.errors.ShapeLoadError,
        pyshacl.errors.ConstraintLoadError,
    ) as error:
        raise MappeError(f"the SHACL engine {engine} cannot evaluate the shapes: {error}") from error
    return Report.from_rdflib(graph)
