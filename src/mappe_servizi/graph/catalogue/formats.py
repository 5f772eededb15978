"""The formats of published files: file-type of the Publications Office, IANA media type, standard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format.

    Attributes:
        name: as people call it.
        code: in the EU's file-type list.
        media: IANA media type, of the content where it is compressed.
        compression: IANA media type of the compression; ``package`` that of what holds several such files.
        standard: IRI of the specification.
    """

    name: str
    code: str
    media: str
    standard: str
    compression: str | None = None
    package: str | None = None


W3C = "https://www.w3.org/TR/"
N_QUADS = FileFormat("N-Quads", "RDF_N_QUADS", "application/n-quads", f"{W3C}n-quads/")
FORMATS = {
    "nq": N_QUADS,
    "nq.gz": FileFormat("N-Quads, gzip", N_QUADS.code, N_QUADS.media, N_QUADS.standard, "application/gzip"),
    "nq.zst": FileFormat("N-Quads, zstd", N_QUADS.code, N_QUADS.media, N_QUADS.standard, "application/zstd"),
    "ttl": FileFormat("Turtle", "RDF_TURTLE", "text/turtle", f"{W3C}turtle/"),
    "rdf": FileFormat("RDF/XML", "RDF_XML", "application/rdf+xml", f"{W3C}rdf-syntax-grammar/"),
    "jsonld": FileFormat("JSON-LD", "JSON_LD", "application/ld+json", f"{W3C}json-ld11/"),
    "json": FileFormat("JSON", "JSON", "application/json", "https://www.rfc-editor.org/rfc/rfc8259"),
    "csv": FileFormat("CSV", "CSV", "text/csv", f"{W3C}tabular-data-model/"),
    "parquet": FileFormat(
        "Parquet", "PARQUET", "application/vnd.apache.parquet", "https://parquet.apache.org/docs/file-format/"
    ),
    "xlsx": FileFormat(
        "XLSX",
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "https://www.iso.org/standard/71691.html",
    ),
    "graphml": FileFormat(
        "GraphML", "XML", "application/xml", "http://graphml.graphdrawing.org/specification.html"
    ),
    "zip": FileFormat(
        "CSV, ZIP",
        "ZIP",
        "text/csv",
        "https://specs.frictionlessdata.io/data-package/",
        package="application/zip",
    ),
}
"""By file suffix."""


def suffix_of(path: str) -> str:
    """The suffix that tells a file's format.

    >>> suffix_of("dump/mappe-servizi.nq.gz"), suffix_of("csv/services.csv")
    ('nq.gz', 'csv')
    """
    return path.rsplit("/", 1)[-1].split(".", 1)[1]
