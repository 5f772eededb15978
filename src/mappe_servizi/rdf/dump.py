"""The dumps: canonical N-Quads of everything, and Turtle of each part.

The graph has no blank nodes, so canonical N-Quads are its quads in the canonical form of
N-Triples, each once, sorted by their bytes (RDF Dataset Canonicalization, section 5).
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from mappe_servizi.errors import MappeError
from mappe_servizi.rdf import reading_order

Term = NamedNode | BlankNode | Literal | Triple
BLANK_NODE = re.compile(rb"^(_:|\S+ \S+ _:).*$", re.MULTILINE)
BATCH = 10_000  # lines
TOGETHER = 64 << 20
"""Bytes of files that are merged in memory, a town or two; they take about the double of it."""
FIRST = {f"<{predicate}>".encode(): rank for predicate, rank in reading_order.FIRST.items()}


def canonical_lines(statements: Iterable[Iterable[Term]]) -> list[bytes]:
    """Triples in canonical N-Triples, a line each, each once, sorted.

    Args:
        statements: triples, or their terms, whose text is canonical: no triple is made of them.

    Raises:
        MappeError: a triple has a blank node, which would have no stable name.
    """
    lines = [f"{subject!s} {predicate!s} {value!s} ." for subject, predicate, value in statements]
    lines.sort()  # before what is double goes: triples come nearly in order, and a set would shuffle them
    text = "\n".join(dict.fromkeys(lines)).encode()
    if b"_:" in text and (blank := BLANK_NODE.search(text)):
        raise MappeError(f"the graph must not have blank nodes: {blank.group().decode()}")
    return text.split(b"\n") if text else []


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


def write_lines(lines: Iterable[bytes], path: Path) -> None:
    """Write lines."""
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)


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
    """Merge sorted files into one, each line once; returns the SHA-256.

    Large files are read as they are needed. Others are sorted together, which finds the runs that they are.
    """
    digest = hashlib.sha256()
    with ExitStack() as stack, path.open("wb") as output:
        files = [stack.enter_context(source.open("rb")) for source in sources]
        if sum(source.stat().st_size for source in sources) <= TOGETHER:
            merged: Iterable[bytes] = sorted(chain.from_iterable(files))
        else:
            merged = heapq.merge(*files)
        lines = map(itemgetter(0), groupby(merged))
        while batch := b"".join(islice(lines, BATCH)):
            output.write(batch)
            digest.update(batch)
    return digest.hexdigest()
