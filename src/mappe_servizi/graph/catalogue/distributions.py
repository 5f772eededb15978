"""Distributions: one a file, with its format, size and checksum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from mappe_servizi.bases import iri_below
from mappe_servizi.formats import format_of
from mappe_servizi.graph.catalogue.common import EU, Describer
from mappe_servizi.graph.catalogue.inputs import Described, File
from mappe_servizi.model.outputs.declared import RDF
from mappe_servizi.model.outputs.lookup import declaration, stem
from mappe_servizi.model.outputs.output import OF_PART, OF_TABLE
from mappe_servizi.rdf.builder import en, it
from mappe_servizi.rdf.namespaces import ADMS, DCAT, DCATAP, DCATAPIT, DCT, RDFS, SPDX, XSD, Iris, iri
from mappe_servizi.rights import Rights, Texts

Terms = tuple[Rights, tuple[str, str] | None]
"""Under which terms files are published, and their own dates, ISO 8601, where those are not the release's."""
IANA: Final = "http://www.iana.org/assignments/media-types/"


def files_of(d: Describer, described: Described) -> Iterator[str]:
    """The files of a data set."""
    rest = described.rest
    yield from d.files.get((described.slug, ""), ())
    for kind, names in ((OF_PART, rest.get("parts", ())), (OF_TABLE, rest.get("tables", ()))):
        for name in names:
            yield from d.files.get((kind, name), ())


def add_file(d: Describer, dataset: NamedNode, path: str, title: Texts, terms: Terms) -> NamedNode:
    """The distribution of a file; what holds the catalogue cannot tell its own size and checksum in it."""
    output = declaration(path)
    if output.dataset == OF_TABLE and (table := d.inputs.tables.get(stem(path))):
        title = table[0]
    node = _distribution(d, dataset, path, output.title or title, terms)
    d.add(node, DCAT["downloadURL"], NamedNode(d.inputs.base + path))
    d.add(node, DCAT["accessURL"], NamedNode(d.inputs.base + path))
    d.standard(node, format_of(path).standard)
    for standard, version in output.standards:
        d.standard(node, standard, version)
    if output.documentation:
        d.page(node, DCATAPIT["referenceDocumentation"], f"{d.inputs.base}{path}{output.documentation}")
        d.page(node, iri("http://xmlns.com/foaf/0.1/page"), f"{d.inputs.base}{path}{output.documentation}")
    if not output.holds_catalogue:
        add_facts(d, node, d.inputs.files[path])
    return node


def distribution_iri(iris: Iris, path: str) -> NamedNode:
    """The IRI of a file's distribution."""
    return iris.data("distribution", path.rsplit("/", 1)[-1].replace(".", "-"))


def former(paths: Iterable[str], iris: Iris) -> Iterator[Triple]:
    """What leads from the distributions in formats of before to those of the files that there are."""
    for path in paths:
        output = declaration(path)
        for before in output.former_paths if output.dataset else ():
            filled = before.format_map(output.match(path) or {})
            yield Triple(distribution_iri(iris, filled), DCT["isReplacedBy"], distribution_iri(iris, path))


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
    for suffix in (f.suffix for f in RDF):
        node = _distribution(d, dataset, f"{name}.{suffix}", title, terms)
        d.add(node, DCAT["accessURL"], NamedNode(iri_below(d.inputs.base, f"onto/{name}")))
        d.add(node, DCAT["downloadURL"], NamedNode(iri_below(d.inputs.base, f"onto/{name}.{suffix}")))
        d.standard(node, "https://www.w3.org/TR/owl2-overview/")


def _distribution(d: Describer, dataset: NamedNode, path: str, title: Texts, terms: Terms) -> NamedNode:
    node, format_ = distribution_iri(d.b.iris, path), format_of(path)
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
