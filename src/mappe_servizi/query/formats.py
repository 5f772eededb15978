"""The result formats: media types, file suffixes, and how an aborted body is spoilt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation of results.

    Attributes:
        name: its name in the worker's protocol and in the ``format`` parameter.
        media: its registered media type.
        suffix: its file suffix, without the dot.
        aliases: other media types that clients ask for it by.
        spoil: what to put at the start of a line so that no parser takes the body for a whole
            one. JSON needs none: it is not well-formed before its last byte.
    """

    name: str
    media: str
    suffix: str
    aliases: tuple[str, ...] = ()
    spoil: bytes = b""

    @property
    def content_type(self) -> str:
        """The value of Content-Type: text types say their charset (CSV's default is not UTF-8)."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


CUT: Final = b"<the result was cut off"
JSON: Final = Format("json", "application/sparql-results+json", "json", ("application/json",))
XML: Final = Format("xml", "application/sparql-results+xml", "xml", ("application/xml", "text/xml"), CUT)
CSV: Final = Format("csv", "text/csv", "csv", (), b'"the result was cut off')
TSV: Final = Format("tsv", "text/tab-separated-values", "tsv", (), CUT)
TURTLE: Final = Format("turtle", "text/turtle", "ttl", ("application/x-turtle", "text/n3"), CUT)
N_TRIPLES: Final = Format("ntriples", "application/n-triples", "nt", ("text/plain",), CUT)
JSON_LD: Final = Format("jsonld", "application/ld+json", "jsonld", ("application/json",))
RDF_XML: Final = Format("rdfxml", "application/rdf+xml", "rdf", ("application/xml", "text/xml"), CUT)
N_QUADS: Final = Format("nquads", "application/n-quads", "nq", (), CUT)
TRIG: Final = Format("trig", "application/trig", "trig", (), CUT)

# In the order of the server's preference, which decides between equal wishes of a client.
SOLUTIONS: Final = (JSON, XML, CSV, TSV)
BOOLEANS: Final = (JSON, XML)  # W3C's CSV and TSV are for tables only
GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, N_QUADS, TRIG)
BY_NAME: Final = {f.name: f for f in (*SOLUTIONS, *GRAPHS)} | {f.suffix: f for f in GRAPHS}
