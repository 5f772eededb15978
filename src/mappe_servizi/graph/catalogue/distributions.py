"""Distributions: one a file, with its format, size and checksum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.builder import en, it
from mappe_servizi.graph.catalogue.common import EU, Describer
from mappe_servizi.graph.catalogue.formats import FORMATS, suffix_of
from mappe_servizi.graph.catalogue.inputs import Described, File
from mappe_servizi.graph.namespaces import ADMS, DCAT, DCATAP, DCATAPIT, DCT, RDFS, SPDX, XSD, iri
from mappe_servizi.model.records_file import DIRECTORY as RECORDS
from mappe_servizi.model.records_file import SCHEMA_IRI
from mappe_servizi.rights import Rights, Texts
from mappe_servizi.settings import iri_below

WHOLE: Final = "dump/mappe-servizi.nq"
WHOLE_FILES: Final = (WHOLE, f"{WHOLE}.gz", f"{WHOLE}.zst")
TABLES_FILES: Final = ("tables/mappe-servizi.xlsx", "tables/mappe-servizi-csv.zip")
ONTOLOGY_SUFFIXES: Final = ("ttl", "rdf", "jsonld")
RDFC: Final = "https://www.w3.org/TR/rdf-canon/"
CSVW: Final = "https://www.w3.org/TR/tabular-metadata/"
Terms = tuple[Rights, tuple[str, str] | None]
"""Under which terms files are published, and their own dates, ISO 8601, where those are not the release's."""
IANA: Final = "http://www.iana.org/assignments/media-types/"


def files_of(described: Described, files: Mapping[str, File]) -> Iterator[str]:
    """The files of a data set, of those that there are, in order."""
    if described.rest.get("whole"):
        yield from (f for f in (*WHOLE_FILES, *TABLES_FILES) if f in files or f in WHOLE_FILES)
    for part in described.rest.get("parts", ()):
        yield from (f for s in ("ttl", "rdf", "jsonld") if (f := f"dump/{part}.{s}") in files)
        yield from (f for f in (f"{RECORDS}/{part}.json",) if f in files)
    for table in described.rest.get("tables", ()):
        names = (f"csv/{table}.csv", f"tables/{table}.parquet")
        yield from (name for name in names if name in files)
    yield from (one["path"] for one in described.rest.get("files", ()) if one["path"] in files)


def add_file(d: Describer, dataset: NamedNode, path: str, title: Texts, terms: Terms) -> NamedNode:
    """The distribution of a file; the whole dump's size and checksum are not in the dump itself."""
    format_ = FORMATS[suffix_of(path)]
    node = _distribution(d, dataset, path, title, terms)
    d.add(node, DCAT["downloadURL"], NamedNode(d.inputs.base + path))
    d.add(node, DCAT["accessURL"], NamedNode(d.inputs.base + path))
    d.standard(node, format_.standard)
    if path.startswith(WHOLE):
        d.standard(node, RDFC, "1.0")
    if path.startswith(f"{RECORDS}/"):
        d.standard(node, SCHEMA_IRI)
    if path.startswith("csv/"):
        d.standard(node, CSVW)
        d.page(node, DCATAPIT["referenceDocumentation"], f"{d.inputs.base}{path}-metadata.json")
        d.page(node, iri("http://xmlns.com/foaf/0.1/page"), f"{d.inputs.base}{path}-metadata.json")
    if path not in WHOLE_FILES:
        add_facts(d, node, d.inputs.files[path])
    return node


def distribution_iri(d: Describer, path: str) -> NamedNode:
    """The IRI of a file's distribution."""
    name = path.rsplit("/", 1)[-1].replace(".", "-")
    return d.b.iris.data("distribution", name)


def add_facts(d: Describer, node: NamedNode, file: File) -> None:
    """Size and checksum."""
    d.add(node, DCAT["byteSize"], Literal(str(file.bytes), datatype=XSD["nonNegativeInteger"]))
    checksum = d.typed(NamedNode(f"{node.value}#sha256"), SPDX["Checksum"])
    d.add(checksum, RDFS["label"], it("Impronta SHA-256"), en("SHA-256 checksum"))
    d.add(checksum, SPDX["algorithm"], SPDX["checksumAlgorithm_sha256"])
    d.typed(SPDX["checksumAlgorithm_sha256"], SPDX["ChecksumAlgorithm"])
    d.add(checksum, SPDX["checksumValue"], Literal(file.sha256, datatype=XSD["hexBinary"]))
    d.add(node, SPDX["checksum"], checksum)


def add_ontology(d: Describer, dataset: NamedNode, name: str, title: Texts, terms: Terms) -> None:
    """The distributions of the ontology, which the server makes from the graph."""
    for suffix in ONTOLOGY_SUFFIXES:
        node = _distribution(d, dataset, f"{name}.{suffix}", title, terms)
        d.add(node, DCAT["accessURL"], NamedNode(iri_below(d.inputs.base, f"onto/{name}")))
        d.add(node, DCAT["downloadURL"], NamedNode(iri_below(d.inputs.base, f"onto/{name}.{suffix}")))
        d.standard(node, "https://www.w3.org/TR/owl2-overview/")


def _distribution(d: Describer, dataset: NamedNode, path: str, title: Texts, terms: Terms) -> NamedNode:
    node, format_ = distribution_iri(d, path), FORMATS[suffix_of(path)]
    rights, dates = terms
    d.typed(node, DCAT["Distribution"], DCATAPIT["Distribution"])
    d.add(dataset, DCAT["distribution"], node)
    what = {tag: f"{text} ({format_.name})" for tag, text in title.items()}
    own = rights is d.inputs.standing.knowledge
    d.titled(node, what, {tag: t if own else f"{t}. {rights.statement[tag]}" for tag, t in what.items()})
    d.add(node, DCT["format"], d.concept(EU[f"file-type/{format_.code}"], DCT["MediaTypeOrExtent"]))
    media = d.typed(iri(IANA + format_.media), DCT["MediaType"])
    d.add(media, RDFS["label"], it(format_.media), en(format_.media))  # what CKAN takes for a MIME type
    d.add(node, DCAT["mediaType"], media)
    for predicate, name in (("compressFormat", format_.compression), ("packageFormat", format_.package)):
        if name:
            d.add(node, DCAT[predicate], d.typed(iri(IANA + name), DCT["MediaType"]))
    d.add(node, DCATAP["availability"], d.concept(EU["planned-availability/STABLE"]))
    status = EU[f"distribution-status/{'COMPLETED' if d.inputs.release else 'DEVELOP'}"]
    d.add(node, ADMS["status"], d.concept(status))
    d.dates(node, dates)
    d.licensed(node, rights)
    d.languages(node)
    return node
