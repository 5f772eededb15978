"""File formats: the one table of media types, suffixes, EU file types and specifications.

The catalogue, the server's Content-Type, the results of queries and a release's files read them here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

W3C: Final = "https://www.w3.org/TR/"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format of files.

    Attributes:
        name: as people call it.
        suffix: of its files, without the dot.
        media: IANA media type, of the content where that is compressed or packed.
        code: in the EU's file-type list, where the catalogue has such files.
        standard: IRI of the specification, for the same.
        compression: IANA media type of the compression.
        package: IANA media type of what holds several such files.
        parameters: what Content-Type says after the media type and the charset.
        dense: whether compressing it gains nothing.
    """

    name: str
    suffix: str
    media: str
    code: str = ""
    standard: str = ""
    compression: str = ""
    package: str = ""
    parameters: str = ""
    dense: bool = False

    @property
    def sent_as(self) -> str:
        """The media type of the file itself.

        >>> N_QUADS_GZIP.media, N_QUADS_GZIP.sent_as
        ('application/n-quads', 'application/gzip')
        """
        return self.compression or self.package or self.media

    @property
    def content_type(self) -> str:
        """The value of Content-Type.

        >>> CSV.content_type
        'text/csv; charset=utf-8; header=present'
        """
        return with_charset(self.sent_as) + self.parameters


def with_charset(media: str) -> str:
    """A media type as a Content-Type: text types say their charset (CSV's default is not UTF-8).

    >>> with_charset("text/turtle"), with_charset("application/json")
    ('text/turtle; charset=utf-8', 'application/json')
    """
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


OCTETS: Final = FileFormat("", "", "application/octet-stream")
TEXT: Final = FileFormat("text", "txt", "text/plain")
HTML: Final = FileFormat("HTML", "html", "text/html")
JSON: Final = FileFormat("JSON", "json", "application/json", "JSON", "https://www.rfc-editor.org/rfc/rfc8259")
PROBLEM: Final = FileFormat("problem details", "json", "application/problem+json")
ATOM: Final = FileFormat("Atom", "atom", "application/atom+xml", parameters="; charset=utf-8")

N_QUADS: Final = FileFormat(
    "N-Quads", "nq", "application/n-quads", code="RDF_N_QUADS", standard=f"{W3C}n-quads/"
)
N_TRIPLES: Final = FileFormat(
    "N-Triples", "nt", "application/n-triples", code="RDF_N_TRIPLES", standard=f"{W3C}n-triples/"
)
TURTLE: Final = FileFormat("Turtle", "ttl", "text/turtle", code="RDF_TURTLE", standard=f"{W3C}turtle/")
TRIG: Final = FileFormat("TriG", "trig", "application/trig", code="RDF_TRIG", standard=f"{W3C}trig/")
RDF_XML: Final = FileFormat(
    "RDF/XML", "rdf", "application/rdf+xml", code="RDF_XML", standard=f"{W3C}rdf-syntax-grammar/"
)
JSON_LD: Final = FileFormat(
    "JSON-LD", "jsonld", "application/ld+json", code="JSON_LD", standard=f"{W3C}json-ld11/"
)
JSON_SCHEMA: Final = FileFormat("JSON Schema", "schema.json", "application/schema+json")
SPARQL_QUERY: Final = FileFormat("SPARQL query", "rq", "application/sparql-query")
SPARQL_UPDATE: Final = FileFormat("SPARQL update", "ru", "application/sparql-update")
FORM: Final = FileFormat("fields of a form", "", "application/x-www-form-urlencoded")
RESULTS_JSON: Final = FileFormat("SPARQL results, JSON", "srj", "application/sparql-results+json")
RESULTS_XML: Final = FileFormat("SPARQL results, XML", "srx", "application/sparql-results+xml")

CSV: Final = FileFormat(
    "CSV", "csv", "text/csv", "CSV", f"{W3C}tabular-data-model/", parameters="; header=present"
)
TSV: Final = FileFormat(
    "TSV",
    "tsv",
    "text/tab-separated-values",
    "TSV",
    "https://www.iana.org/assignments/media-types/text/tab-separated-values",
)
PARQUET: Final = FileFormat(
    "Parquet",
    "parquet",
    "application/vnd.apache.parquet",
    "PARQUET",
    "https://parquet.apache.org/docs/file-format/",
    dense=True,
)
XLSX: Final = FileFormat(
    "XLSX",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XLSX",
    "https://www.iso.org/standard/71691.html",
    dense=True,
)
XML: Final = FileFormat("XML", "xml", "application/xml", "XML", f"{W3C}xml/")
GRAPHML: Final = FileFormat(
    "GraphML", "graphml", XML.media, XML.code, "http://graphml.graphdrawing.org/specification.html"
)
GEXF: Final = FileFormat("GEXF", "gexf", XML.media, XML.code, "https://gexf.net/")
CSV_ZIP: Final = FileFormat(
    "CSV, ZIP",
    "zip",
    CSV.media,
    "ZIP",
    "https://specs.frictionlessdata.io/data-package/",
    package="application/zip",
    dense=True,
)
COMPRESSIONS: Final = {"gz": ("gzip", "application/gzip"), "zst": ("zstd", "application/zstd")}
"""Suffix of a compressed file to the compression's name and media type."""


def compressed(of: FileFormat, suffix: str) -> FileFormat:
    """A format, compressed.

    >>> compressed(N_QUADS, "zst").name
    'N-Quads, zstd'
    """
    name, media = COMPRESSIONS[suffix]
    return FileFormat(
        f"{of.name}, {name}", f"{of.suffix}.{suffix}", of.media, of.code, of.standard, media, dense=True
    )


N_QUADS_GZIP: Final = compressed(N_QUADS, "gz")
N_QUADS_ZSTD: Final = compressed(N_QUADS, "zst")

CSS: Final = FileFormat("CSS", "css", "text/css")
SCRIPT: Final = FileFormat("JavaScript", "js", "text/javascript")
PNG: Final = FileFormat("PNG", "png", "image/png", dense=True)
SVG: Final = FileFormat("SVG", "svg", "image/svg+xml")
TTF: Final = FileFormat("TTF", "ttf", "font/ttf")
WOFF2: Final = FileFormat("WOFF2", "woff2", "font/woff2", dense=True)

BY_SUFFIX: Final = {
    f.suffix: f
    for f in (
        TEXT, HTML, JSON, ATOM, N_QUADS, N_QUADS_GZIP, N_QUADS_ZSTD, N_TRIPLES, TURTLE, TRIG, RDF_XML,
        JSON_LD, CSV, TSV, PARQUET, XLSX, GRAPHML, GEXF, CSV_ZIP, CSS, SCRIPT, PNG, SVG, TTF, WOFF2,
    )
}  # fmt: skip


def format_of(path: str) -> FileFormat:
    """The format of a file, by the longest suffix that there is one of.

    >>> format_of("dump/mappe-servizi.nq.gz").name, format_of("csv/services.csv-metadata.json").name
    ('N-Quads, gzip', 'JSON')
    >>> format_of("ontology/MDS.it.html").content_type, format_of("SHA256SUMS").content_type
    ('text/html; charset=utf-8', 'text/plain; charset=utf-8')
    """
    if path.startswith("schema/"):  # the name does not tell it
        return JSON_SCHEMA
    suffixes = PurePath(path).suffixes
    if not suffixes:
        return TEXT
    names = (".".join(s[1:] for s in suffixes[start:]) for start in range(len(suffixes)))
    return next((BY_SUFFIX[name] for name in names if name in BY_SUFFIX), OCTETS)
