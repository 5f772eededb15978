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

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse, serialize

from mappe_servizi.errors import MappeError
from mappe_servizi.rdf import reading_order

BLANK_NODE = re.compile(rb"^(_:|\S+ \S+ _:).*$", re.MULTILINE)
BATCH = 10_000  # lines
TOGETHER = 64 << 20
"""Bytes of files that are merged in memory, a town or two; they take about the double of it."""
FIRST = {f"<{predicate}>".encode(): rank for predicate, rank in reading_order.FIRST.items()}


def canonical_lines(triples: Iterable[Triple]) -> list[bytes]:
    """The triples in canonical N-Triples, a line each, each once, sorted.

    Raises:
        MappeError: a triple has a blank node, which would have no stable name.
    """
    text = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    if blank := BLANK_NODE.search(text):
        raise MappeError(f"the graph must not have blank nodes: {blank.group().decode()}")
    lines = text.split(b"\n")
    lines.sort()  # before what is double goes: triples come nearly in order, and a set would shuffle them
    found = dict.fromkeys(lines)
    found.pop(b"", None)
    return list(found)


def quad_lines(lines: Iterable[bytes], graph: NamedNode | DefaultGraph) -> Iterable[bytes]:
    """N-Triples lines as N-Quads lines of a graph, in the same order."""
    if isinstance(graph, DefaultGraph):
        return lines
    end = f" {graph} .".encode()
    return (line.removesuffix(b" .") + end for line in lines)


def is_of_default_graph(path: Path) -> bool:
    """Whether a file of N-Quads of one graph has no graph's name in its first line."""
    with path.open("rb") as file:
        quad = next(iter(parse(file.readline(), format=RdfFormat.N_QUADS)), None)
    return quad is None or isinstance(quad.graph_name, DefaultGraph)


def write_lines(lines: Iterable[bytes], path: Path) -> None:
    """Write lines."""
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)


def write_turtle(lines: Iterable[bytes], path: Path, prefixes: Mapping[str, str]) -> int:
    """Turtle of sorted N-Triples or N-Quads lines, of each subject what it is and its names first.

    Returns how many triples there are. Lines are read as they are needed.
    """
    count = 0

    def triples() -> Iterator[Triple]:
        nonlocal count
        ordered = _in_reading_order(lines)
        while batch := b"\n".join(islice(ordered, BATCH)):
            for quad in parse(batch, format=RdfFormat.N_QUADS):
                count += 1
                yield quad.triple

    serialize(triples(), path, RdfFormat.TURTLE, prefixes=dict(prefixes))
    return count


def _in_reading_order(lines: Iterable[bytes]) -> Iterator[bytes]:
    for _, group in groupby(lines, key=lambda line: line.split(b" ", 1)[0]):
        yield from sorted(group, key=lambda line: (FIRST.get(line.split(b" ", 2)[1], len(FIRST)), line))


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
