"""The formats of results and documents: the one table of the names that clients ask them by.

Their own media types and suffixes are those of ``mappe_servizi.formats``. What a client may call a
format, on every route and in every parameter, is read from here; so are the service's own
suffixes, the API's description and the page docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mappe_servizi import formats as files
from mappe_servizi.formats import with_charset


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation of results.

    Attributes:
        name: its name in the worker's protocol, and the first of those that clients ask it by.
        media: its registered media type.
        suffix: its file suffix, without the dot.
        aliases: other media types that clients ask for it by.
        suffixes: other suffixes that a resource's address may have.
        names: other short names, as stores and client libraries write them.
        spoil: what to put at the start of a line so that no parser takes the body for a whole
            one. JSON needs none: it is not well-formed before its last byte.
    """

    name: str
    media: str
    suffix: str
    aliases: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    spoil: bytes = b""

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        return with_charset(self.media)

    @property
    def called(self) -> tuple[str, ...]:
        """Every short name, the format's own first.

        >>> TSV.called
        ('tsv', 'tab')
        """
        return tuple(dict.fromkeys((self.name, self.suffix, *self.suffixes, *self.names)))

    @property
    def media_types(self) -> tuple[str, ...]:
        """Every media type, the registered one first."""
        return (self.media, *self.aliases)


CUT: Final = b"<the result was cut off"
JSON: Final = Format(
    "json",
    files.RESULTS_JSON.media,
    files.JSON.suffix,
    ("application/json", "application/x-sparql-results+json", "text/json"),
    names=("srj", "sparql-json", "sparql-results+json", "application-json"),
)
XML: Final = Format(
    "xml",
    files.RESULTS_XML.media,
    "xml",
    ("application/xml", "text/xml", "application/x-sparql-results+xml"),
    names=("srx", "sparql", "sparql-xml", "sparql-results+xml"),
    spoil=CUT,
)
CSV: Final = Format(
    "csv",
    files.CSV.media,
    files.CSV.suffix,
    ("application/csv", "text/x-csv"),
    spoil=b'"the result was cut off',
)
TSV: Final = Format(
    "tsv",
    files.TSV.media,
    files.TSV.suffix,
    ("text/tsv", "application/tab-separated-values"),
    names=("tab",),
    spoil=CUT,
)
N3: Final = "text/n3"
TURTLE: Final = Format(
    "turtle",
    files.TURTLE.media,
    files.TURTLE.suffix,
    ("application/x-turtle", "application/turtle", N3, "text/rdf+n3", "application/n3", "application/rdf+n3"),
    ("n3",),
    spoil=CUT,
)
N_TRIPLES: Final = Format(
    "ntriples",
    files.N_TRIPLES.media,
    files.N_TRIPLES.suffix,
    ("text/plain", "text/ntriples", "application/ntriples"),
    names=("n-triples", "nt11"),
    spoil=CUT,
)
JSON_LD: Final = Format(
    "jsonld",
    files.JSON_LD.media,
    files.JSON_LD.suffix,
    ("application/json", "application/x-ld+json", "application/x-json+ld", "text/json"),
    ("json",),
    ("json-ld", "ld+json"),
)
RDF_XML: Final = Format(
    "rdfxml",
    files.RDF_XML.media,
    files.RDF_XML.suffix,
    ("application/xml", "text/xml", "text/rdf"),
    ("xml", "owl"),
    ("rdf/xml", "rdf-xml", "rdf+xml", "pretty-xml"),
    CUT,
)
N_QUADS: Final = Format(
    "nquads",
    files.N_QUADS.media,
    files.N_QUADS.suffix,
    ("text/x-nquads", "text/nquads"),
    names=("n-quads",),
    spoil=CUT,
)
TRIG: Final = Format("trig", files.TRIG.media, files.TRIG.suffix, ("application/x-trig",), spoil=CUT)
ROWS: Final = Format("json", files.JSON.media, files.JSON.suffix, ("text/json",))
"""Rows as plain JSON objects: what the API and the search give, which is no SPARQL result."""
PARQUET: Final = Format(
    "parquet", files.PARQUET.media, files.PARQUET.suffix, ("application/x-parquet", "application/parquet")
)
XLSX: Final = Format("xlsx", files.XLSX.media, files.XLSX.suffix, names=("excel",))
HTML: Final = Format(
    "html", files.HTML.media, files.HTML.suffix, ("application/xhtml+xml",), names=("xhtml",)
)

# In the order of the server's preference, which decides between equal wishes of a client.
SOLUTIONS: Final = (JSON, XML, CSV, TSV)
BOOLEANS: Final = (JSON, XML)  # W3C's CSV and TSV are for tables only
GRAPHS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, N_QUADS, TRIG)
DOCUMENTS: Final = (*GRAPHS, HTML)
TABLES: Final = (ROWS, CSV, TSV, TURTLE, XLSX)
"""What a query of rows is given as by the API."""
STORED: Final = (*TABLES, PARQUET)
"""What the rows of a release's table are."""
FIGURES: Final = (ROWS, CSV, TSV, PARQUET)
"""What a question about figures is."""
VIEWS: Final = (HTML, CSV, TSV, ROWS, XLSX)
"""What a page whose rows a visitor can choose is: itself, or those rows as a file."""
SUFFIXES: Final = {suffix: f.name for f in DOCUMENTS for suffix in (f.suffix, *f.suffixes)}
"""File suffix of a resource's address to the name of its format."""
BY_NAME: Final = {f.name: f for f in (*SOLUTIONS, *DOCUMENTS)}


def expanded(wish: str, formats: Iterable[Format]) -> str:
    """A parameter's list of names and media types as the Accept field that says the same.

    A plus that came undecoded in an address is a space there; names that are none of the
    formats' are left out.

    >>> expanded("turtle", GRAPHS), expanded("n3", GRAPHS), expanded("xml,json;q=0.5", SOLUTIONS)
    ('text/turtle', 'text/n3', 'application/sparql-results+xml, application/sparql-results+json;q=0.5')
    >>> expanded("application/rdf xml", GRAPHS)
    'application/rdf+xml'
    """
    named = {name: f.media for f in formats for name in f.called}
    if "n3" in named:
        named["n3"] = N3
    found = []
    for part in wish.split(","):
        name, semicolon, rest = part.partition(";")
        key = name.strip().lower().replace(" ", "+")
        if media := named.get(key) or (key if "/" in key else ""):
            found.append(f"{media}{semicolon}{rest}")
    return ", ".join(found)


def documentation() -> str:
    """The page docs/formats.md."""
    parts = [PREFACE]
    for title, formats in (
        ("Rows and truth values (SELECT, ASK)", SOLUTIONS),
        ("Triples (CONSTRUCT, DESCRIBE, resources, catalogue, descriptions)", GRAPHS),
        ("Rows of the API", TABLES),
        ("Rows of a table (/api/observations and the others)", STORED),
        ("Figures (/api/figures)", FIGURES),
        ("Pages with a filter, search", VIEWS),
    ):
        parts += [f"\n## {title}\n", "| media type | names | other media types |", "|---|---|---|"]
        for f in formats:
            names, others = (" ".join(f"`{text}`" for text in texts) for texts in (f.called, f.aliases))
            parts.append(f"| `{f.media}` | {names} | {others} |")
    return "\n".join(parts) + "\n"


PREFACE = """# Formats

Written from `src/mappe_servizi/query/formats.py`, the one table of what clients may call them.

A client names a format by the field Accept, by a suffix of the address (`/doc/....ttl`,
`/api/observations.csv`), or by a parameter: `format` (Virtuoso, SPARQLWrapper), `output`, `out`
(Fuseki), `results` (SPARQLWrapper) or `Accept` (RDF4J). The parameter takes a short name, a media
type, or a list of them with commas, of which the server chooses as it does of Accept; it wins over
Accept. Names are told apart by what is asked: `json` is SPARQL JSON for rows, JSON-LD for triples,
plain JSON of the API. **What a parameter or a suffix names is given, or the answer is 406 with the
list of what there is**; two that contradict each other are 400. `format=auto`, or one that is empty,
names none. `stylesheet` (Fuseki) and `callback` (JSONP) are refused: no result has either.

CONSTRUCT and DESCRIBE whose Accept has result types of rows only (rdflib's and Rasqal's clients send
these with every query) are answered with Turtle."""
