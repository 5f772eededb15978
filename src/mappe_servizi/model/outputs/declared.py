"""The files of a build or a release: an entry a kind. A new output is an entry here, and what writes it."""

from __future__ import annotations

from typing import Final

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, W3C
from mappe_servizi.model.outputs.output import OF_PART, OF_TABLE, Output, Written

RDF: Final = (TURTLE, RDF_XML, JSON_LD)
"""The formats of the catalogue, and of what the server makes from the graph."""
FORMER: Final = (RDF_XML, JSON_LD)
"""The formats that there were of every dump, which cost a seventh of a build and said the same."""

DUMP: Final = Output(
    path="dump/mappe-servizi.nq",
    what="everything, canonical N-Quads: sorted, each quad once, no blank nodes; two builds of the same "
    "input are byte-identical; also compressed",
    compressed=("gz", "zst"),
    written=Written.ANEW,
    dataset="all",
    standards=((f"{W3C}rdf-canon/", "1.0"),),
    holds_catalogue=True,
)
DUMP_OF_CATALOGUE: Final = Output(
    path="dump/catalogue.ttl",
    formerly=FORMER,
    what="the catalogue as it stands in the whole dump, without that dump's own size and checksum",
    written=Written.ANEW,
    left_out="the catalogue itself, as it stands in the whole dump",
)
DUMP_OF_VOCABULARIES: Final = Output(
    path="dump/vocabularies.ttl",
    formerly=FORMER,
    what="ontology, controlled vocabularies, structures of the cubes, names of what is others'",
    knowledge=True,
    dataset=OF_PART,
)
DUMP_OF_EDITION: Final = Output(
    path="dump/{municipality}-{edition}.ttl",
    formerly=FORMER,
    what="a municipality's service maps in an edition",
    dataset=OF_PART,
)
DUMP_OF_PART: Final = Output(
    path="dump/{part}.ttl",
    formerly=FORMER,
    what="what all municipalities share: providers, links, quality, provenance, schema",
    dataset=OF_PART,
)
NETWORK: Final = Output(
    path="dump/network.graphml",
    what="the network of providers and services, for Gephi, Cytoscape, igraph or NetworkX",
    dataset="providers",
    title={"it": "Rete dei fornitori e dei servizi", "en": "Network of providers and services"},
)
NETWORK_GEXF: Final = Output(
    path="dump/network.gexf",
    what="the same network as GEXF, for Gephi",
    dataset="providers",
    title={"it": "Rete dei fornitori e dei servizi (GEXF)", "en": "Network of providers and services (GEXF)"},
)
SSSOM: Final = Output(
    path="dump/links.sssom.tsv",
    what="the links to lists of others, as SSSOM mappings",
    dataset="links",
    title={"it": "Collegamenti come corrispondenze SSSOM", "en": "Links as SSSOM mappings"},
    standards=(("https://w3id.org/sssom/", ""),),
)
TABLE: Final = Output(
    path="csv/{table}.csv",
    what="the tables: UTF-8, comma, RFC 4180, a header row; an absent value is an empty cell",
    dataset=OF_TABLE,
    standards=((f"{W3C}tabular-metadata/", ""),),
    documentation="-metadata.json",
)
TABLE_DESCRIPTION: Final = Output(
    path="csv/{table}.csv-metadata.json",
    what="their descriptions (CSV on the Web) in Italian and English",
    left_out="documentation of a table (CSVW), to which its distribution points",
)
TABLES_DESCRIPTION: Final = Output(
    path="csv/csv-metadata.json",
    what="the description of all of them, with the keys by which a row of one leads to a row of another",
    left_out="documentation of all tables (CSVW), where readers of CSV on the Web look for it",
)
PARQUET: Final = Output(path="tables/{table}.parquet", what="the tables with types", dataset=OF_TABLE)
FIGURES: Final = Output(
    path="tables/figures.parquet",
    what="every figure in one flat table: chosen, grouped and added up without another one",
    dataset="figures",
    title={"it": "Dati annuali, piatti", "en": "Yearly figures, flat"},
)
SHEET_ROWS: Final = 250_000
"""Rows of a table that a sheet has: it takes four times as many, but no memory does."""
WORKBOOK: Final = Output(
    path="tables/mappe-servizi.xlsx",
    what=f"all tables in a workbook that says what they are, and names those of more than {SHEET_ROWS:,} "
    "rows, which it has not (see [cells that begin like a formula](#cells-that-begin-like-a-formula))",
    dataset="all",
)
ARCHIVE: Final = Output(
    path="tables/mappe-servizi-csv.zip",
    what="all tables in one archive, with their descriptions",
    dataset="all",
)
RECORDS_SCHEMA_PATH: Final = "schema/records.json"
RECORDS_SCHEMA_IRI: Final = f"{DEFAULT_BASE}{RECORDS_SCHEMA_PATH}"
"""What the schema is called, whoever publishes it: it is knowledge, like the ontology."""
RECORDS: Final = Output(
    path="records/{municipality}-{edition}.json",
    what="what was read from each document (see [records](#records))",
    dataset=OF_PART,
    standards=((RECORDS_SCHEMA_IRI, ""),),
)
RECORDS_SCHEMA: Final = Output(
    path=RECORDS_SCHEMA_PATH,
    what="the JSON Schema of these files",
    knowledge=True,
    left_out="documentation of the files of records, which state that they conform to it",
)
DATA_PACKAGE: Final = Output(
    path="datapackage.json",
    what="the tables as a Frictionless data package",
    listed=False,
    left_out="documentation of all tables, in the archive with them",
)
LEDGER: Final = Output(
    path="report/ledger.csv",
    what="what every line of the documents is, and the records that came of it",
    dataset="provenance",
    title={
        "it": "Registro di lettura: che cosa si è letto da ogni riga",
        "en": "Ledger: what was read from every line",
    },
)
OPEN_DECISIONS: Final = Output(
    path="report/open-decisions.csv",
    what="what the documents print and nobody has decided how to read",
    left_out="what is still to be decided of the reading: of the making of the data, not data",
)
LINK_PROPOSALS: Final = Output(
    path="report/link-proposals.csv",
    what="pairs of providers of different municipalities that may be one organisation, to be decided",
    left_out="what is still to be decided about providers: of the making of the data, not data",
)
QUARANTINE: Final = Output(
    path="report/quarantine.csv",
    what="municipalities that could not be read, why, and whether they stand as they were before",
    left_out="what is wrong with what is maintained: of the making of the data, not data",
)
PART: Final = Output(
    path="parts/{municipality}.zst",
    what="what the build made of each municipality",
    hidden="a later build takes it over where the municipality cannot be read (`--previous`)",
)
RETIRED: Final = Output(
    path="retired.csv",
    what="the rows of registries whose slugs are no longer in use",
    hidden="a release reads there where what it no longer has went",
)
VALIDATION: Final = Output(
    path="report/validation.ttl",
    what="the SHACL report",
    hidden="a later `mappe validate` writes it anew",
)
QUALITY: Final = Output(
    path="report/quality.ttl", what="the quality findings", left_out="the same as dump/quality.ttl"
)
ONTOLOGY_PAGE: Final = Output(
    path="ontology/{ontology}.{language}.html",
    what="documentation of the ontology, the content of a page",
    listed=False,
    knowledge=True,
    left_out="documentation of the ontology, which its own address answers",
)
CATALOGUE: Final = Output(
    path="catalogue",
    what="the catalogue (DCAT-AP_IT and DCAT-AP 3), with size and checksum of every file",
    formats=(*RDF, N_TRIPLES),
    written=Written.ANEW,
    address="/catalogue",
    left_out="the catalogue itself",
)
CATALOGUE_PAGE: Final = Output(
    path="catalogue/{number}",
    what="the same in pages (Hydra)",
    formats=RDF,
    written=Written.ANEW,
    listed=False,
    left_out="the catalogue itself, in pages",
)
CHECKSUMS: Final = Output(
    path="SHA256SUMS",
    what="checksums of all published files, as `sha256sum --check` reads them",
    written=Written.ANEW,
    listed=False,
    left_out="checksums, which each distribution has",
)
MANIFEST: Final = Output(
    path="manifest.json",
    what="version, base URI, SHA-256 of the dump, counts, and size and SHA-256 of every published file",
    written=Written.ANEW,
    hidden="it is written last, and lists the others",
)
STORE: Final = Output(
    path="store/{file}",
    what="the embedded store (Oxigraph), to be opened read-only",
    written=Written.ANEW,
    hidden="what it holds is in the dump",
)
SEARCH_INDEX: Final = Output(
    path="search.sqlite", what="the index of the texts", written=Written.ANEW, hidden="the server reads it"
)
FIGURES_INDEX: Final = Output(
    path="figures.index.parquet",
    what="the figures as numbers, sorted by what questions choose",
    hidden="the server reads it, where there are too many figures to be held",
    missing="a build of before it has none",
)
RECONCILE_INDEX: Final = Output(
    path="reconcile.json",
    what="the index of the names to reconcile",
    written=Written.ANEW,
    hidden="the server reads it",
)
STATISTICS: Final = Output(
    path="statistics.json", what="counts of the graph", written=Written.ANEW, hidden="the server reads it"
)
LOCK: Final = Output(
    path=".lock", what="the file of the leases", written=Written.ANEW, hidden="it has no content"
)
SIZES: Final = Output(
    path=".sizes.json",
    what="the size of every file as it was published",
    written=Written.ANEW,
    hidden="the server reads it",
    missing="it is written when the directory is published",
)
CHANGES: Final = Output(
    path="report/changes.csv",
    what="what was added, changed or withdrawn since the release before",
    written=Written.RELEASE,
    left_out="what a release changed: the event streams tell it of all of them",
)
RELEASES: Final = Output(
    path="feed/releases.atom",
    what="the releases, as an Atom feed",
    written=Written.RELEASE,
    address="/feed",
    left_out="the list of releases: it is no data set",
)
STREAM: Final = Output(
    path="feed/{stream}.ttl",
    what="a Linked Data Event Stream of each graph (data, catalogue, quality, provenance, links, schema): "
    "its root",
    written=Written.RELEASE,
    address="/feed/{stream}",
    left_out="the event streams: changes of the data sets, not data sets",
)
STREAM_PAGE: Final = Output(
    path="feed/{stream}/{number}.ttl",
    what="the pages of a stream, that never change",
    written=Written.RELEASE,
    address="/feed/{stream}/{number}",
    left_out="the event streams: changes of the data sets, not data sets",
)
OUTPUTS: Final = (
    DUMP, DUMP_OF_CATALOGUE, DUMP_OF_VOCABULARIES, DUMP_OF_EDITION, DUMP_OF_PART,
    NETWORK, NETWORK_GEXF, SSSOM,
    TABLE, TABLE_DESCRIPTION, TABLES_DESCRIPTION, FIGURES, PARQUET, WORKBOOK, ARCHIVE, DATA_PACKAGE,
    RECORDS, RECORDS_SCHEMA, LEDGER, OPEN_DECISIONS, LINK_PROPOSALS, QUARANTINE, PART,
    RETIRED, VALIDATION, QUALITY, ONTOLOGY_PAGE,
    CATALOGUE, CATALOGUE_PAGE, CHECKSUMS, MANIFEST,
    STORE, SEARCH_INDEX, FIGURES_INDEX, RECONCILE_INDEX, STATISTICS, LOCK, SIZES,
    CHANGES, RELEASES, STREAM, STREAM_PAGE,
)  # fmt: skip
"""Of several that a path may be, the first one holds."""
