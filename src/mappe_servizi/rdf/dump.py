"""The dumps: canonical N-Quads of everything, and Turtle of each part.

The graph has no blank nodes, so canonical N-Quads are its quads in the canonical form of
N-Triples, each once, sorted by their bytes (RDF Dataset Canonicalization, section 5).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from mappe_servizi.errors import MappeError
from mappe_servizi.rdf import reading_order

Term = NamedNode | BlankNode | Literal | Triple
BATCH = 10_000  # lines
BLOCK = 4 << 20
"""Bytes of each file that are held while files are merged."""
FIRST = {f"<{predicate}>".encode(): rank for predicate, rank in reading_order.FIRST.items()}


def canonical_lines(statements: Iterable[Iterable[Term]]) -> list[bytes]:
    """Triples in canonical N-Triples, a line each, each once, sorted.

    Args:
        statements: triples, or their terms, whose text is canonical: no triple is made of them.

    Raises:
        MappeError: a triple has a blank node, which would have no stable name.
    """
    names: dict[Term, str] = {}
    before, about = None, ""
    lines = list[bytes]()
    for subject, predicate, value in statements:
        if subject is not before:
            before, about = subject, str(subject)
        name = names.get(predicate) or names.setdefault(predicate, str(predicate))
        line = f"{about} {name} {value!s} ."
        if line.startswith("_:") or line.startswith("_:", len(about) + len(name) + 2):
            raise MappeError(f"the graph must not have blank nodes: {line}")
        lines.append(line.encode())
    lines.sort()  # before what is double goes: triples come nearly in order, and a set would shuffle them
    return list(dict.fromkeys(lines))


def quad_lines(lines: Iterable[bytes], graph: NamedNode | DefaultGraph) -> Iterable[bytes]:
    """N-Triples lines as N-Quads lines of a graph, in the same order."""
    if isinstance(graph, DefaultGraph):
        return lines
    end = f" {graph} .".encode()
    return (line.removesuffix(b" .") + end for line in lines)


def graph_of(path: Path) -> NamedNode | DefaultGraph:
    """The graph that the lines of a file of N-Quads stand in, by the first; a build's parts have one each."""
    with path.open("rb") as file:
        quad = next(iter(parse(file.readline(), format=RdfFormat.N_QUADS)), None)
    graph = quad.graph_name if quad else DefaultGraph()
    assert isinstance(graph, NamedNode | DefaultGraph)
    return graph


def triple_lines(lines: Iterable[bytes], graph: NamedNode | DefaultGraph) -> Iterable[bytes]:
    """Lines of N-Quads of one graph, as files have them, as N-Triples."""
    if isinstance(graph, DefaultGraph):
        return lines
    end = f" {graph} .".encode()
    return (line.rstrip(b"\n").removesuffix(end) + b" ." for line in lines)


def triples_of(lines: Iterable[bytes], graphs: Iterable[NamedNode]) -> Iterator[bytes]:
    """Lines of canonical N-Quads, as files have them, as N-Triples without their ends.

    Args:
        lines: of the default graph and of named ones.
        graphs: all the named ones that there may be.

    >>> quads = [b'<a:1> <p:1> "a" <g:1> .\\n', b"<a:1> <p:1> <g:1> .\\n"]
    >>> list(triples_of(quads, [NamedNode("g:1")]))
    [b'<a:1> <p:1> "a" .', b'<a:1> <p:1> <g:1> .']
    """
    ends = tuple(f" {graph} .\n".encode() for graph in graphs)
    for line in lines:
        if line.endswith(ends):
            others = line[:-3].rpartition(b" ")[0]
            if others.count(b" ") > 1:  # or it is what a triple is about: no text ends like that
                yield others + b" ."
                continue
        yield line[:-1]


def write_lines(lines: Iterable[bytes], path: Path) -> None:
    """Write lines."""
    with path.open("wb") as file:
        rest = iter(lines)
        while batch := list(islice(rest, BATCH)):
            file.write(b"\n".join([*batch, b""]))


def write_turtle(lines: Iterable[bytes], path: Path, prefixes: Mapping[str, str]) -> int:
    """Turtle of sorted N-Triples lines, of each subject what it is and its names first.

    Returns how many triples there are. Lines are read as they are needed, and become no triples of Python.
    """
    count = 0

    def batches() -> Iterator[Iterable[Quad]]:
        nonlocal count
        ordered = _in_reading_order(lines)
        while batch := list(islice(ordered, BATCH)):
            count += len(batch)
            yield parse(b"\n".join(batch), format=RdfFormat.N_TRIPLES)

    serialize(chain.from_iterable(batches()), path, RdfFormat.TURTLE, prefixes=dict(prefixes))
    return count


def _in_reading_order(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines, of each subject those of ``FIRST`` before the others."""
    last = len(FIRST)
    before, first, others = b"", list[tuple[int, bytes]](), list[bytes]()
    for line in lines:
        subject, predicate, _ = line.split(b" ", 2)
        if subject != before:
            yield from (told for _, told in sorted(first))
            yield from others
            before, first, others = subject, [], []
        if (rank := FIRST.get(predicate, last)) < last:
            first.append((rank, line))
        else:
            others.append(line)
    yield from (told for _, told in sorted(first))
    yield from others


def merge(sources: Sequence[Path], path: Path) -> str:
    """Merge sorted files of lines into one, each line once; returns the SHA-256.

    They are read as they are needed, so that a file may have any length.
    """
    digest = hashlib.sha256()
    with ExitStack() as stack, path.open("wb") as output:
        for block in _merged([stack.enter_context(source.open("rb")) for source in sources]):
            text = b"".join(block)
            output.write(text)
            digest.update(text)
    return digest.hexdigest()


def _merged(files: Sequence[BinaryIO]) -> Iterator[list[bytes]]:
    """The lines of sorted files, each once, in blocks; a block is sorted, which finds the runs that it is."""
    held, before = [file.readlines(BLOCK) for file in files], b""
    while any(held):
        last = min(lines[-1] for lines in held if lines)  # nothing that is not held comes before it
        block = list[bytes]()
        for number, lines in enumerate(held):
            taken = bisect_right(lines, last)
            block += lines[:taken]
            held[number] = lines[taken:] or files[number].readlines(BLOCK)
        block.sort()
        yield [line for line, of in zip(block, [before, *block], strict=False) if line != of]
        before = last
