"""What is validated, and against what, as N-Triples: both engines read it without guessing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from mappe_servizi.bases import DEFAULT_BASE, rebase
from mappe_servizi.errors import InputError
from mappe_servizi.rdf.files import read_rdf


def read_data(paths: Iterable[Path]) -> bytes:
    """The triples of some RDF files, in whatever graph they stand.

    Raises:
        InputError: a file cannot be read, or is not RDF of the format that its name says.
    """
    return b"".join(_triples(path) for path in paths)


def read_shapes(directory: Path, base: str = DEFAULT_BASE) -> bytes:
    """The shapes of a directory's Turtle files, under the configured base.

    Raises:
        InputError: there are none, or a file is not Turtle.
    """
    files = sorted(directory.glob("*.ttl"))
    if not files:
        raise InputError("there are no shapes here", file=directory)
    return b"".join(_triples(path, base) for path in files)


def read_shape_file(path: Path, base: str = DEFAULT_BASE) -> bytes:
    """The shapes of one Turtle file, under the configured base.

    Raises:
        InputError: it cannot be read, or is not Turtle.
    """
    return _triples(path, base)


def _triples(path: Path, base: str | None = None) -> bytes:
    data, kind = read_rdf(path)
    try:
        if base is not None:
            data = rebase(data.decode(), base).encode()
        quads = parse(data, format=kind, base_iri=path.absolute().as_uri(), rename_blank_nodes=True)
        return serialize(map(_triple, quads), format=RdfFormat.N_TRIPLES) or b""
    except (OSError, ValueError) as error:
        raise InputError(f"the file cannot be read: {error}", file=path) from error
    except SyntaxError as error:
        raise InputError(f"not {kind.name}: {error.msg}", file=path, line=error.lineno) from error


def _triple(quad: Quad) -> Triple:
    return quad.triple
