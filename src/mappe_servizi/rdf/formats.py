"""A part's other RDF formats, and the whole dump compressed; the same input gives the same bytes."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import zstandard
from pyoxigraph import RdfFormat, Triple, parse, serialize

from mappe_servizi.rdf.jsonld import write_jsonld

ZSTD_LEVEL, GZIP_LEVEL = 3, 6  # a build spends a tenth of the time of 12 on it, for a quarter more bytes


def write_formats(turtle: Path, prefixes: Mapping[str, str]) -> None:
    """Write RDF/XML and JSON-LD (with a context) beside a Turtle file, in its order."""
    known = dict(prefixes)
    with ThreadPoolExecutor(1) as beside:  # pyoxigraph works outside of Python's lock
        xml = beside.submit(
            serialize, _triples(turtle), turtle.with_suffix(".rdf"), RdfFormat.RDF_XML, prefixes=known
        )
        with turtle.with_suffix(".jsonld").open("wb") as file:
            write_jsonld(_triples(turtle), file, known)
        xml.result()


def _triples(turtle: Path) -> Iterator[Triple]:
    return (quad.triple for quad in parse(path=turtle, format=RdfFormat.TURTLE))


def compress(path: Path) -> None:
    """Write a file compressed beside it, with gzip and zstd, without names or times."""
    with ThreadPoolExecutor(1) as beside:
        zipped = beside.submit(_gzip, path)
        with path.open("rb") as file, path.with_name(f"{path.name}.zst").open("wb") as output:
            zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).copy_stream(
                file, output, size=path.stat().st_size
            )
        zipped.result()


def _gzip(path: Path) -> None:
    with (
        path.open("rb") as file,
        path.with_name(f"{path.name}.gz").open("wb") as raw,
        gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0) as output,
    ):
        shutil.copyfileobj(file, output, 1 << 20)
