"""The catalogue, its data sets and its data services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.builder import Part, en, it
from mappe_servizi.graph.catalogue import distributions
from mappe_servizi.graph.catalogue.common import EU, EUROVOC, SUBJECT, THEMES, Describer
from mappe_servizi.graph.catalogue.inputs import Configuration, Covered, Described, File, Inputs
from mappe_servizi.graph.namespaces import (
    ADMS,
    DCAT,
    DCATAPIT,
    DCT,
    FOAF,
    OWL,
    PROV,
    RDFS,
    iri,
)
from mappe_servizi.rights import Rights

GRAPH: Final = "catalogue"
TAXONOMY: Final = EU["data-theme"]
EUROPEAN: Final = ("http://data.europa.eu/r5r/", "DCAT-AP 3.0", "3.0.1")
ITALIAN: Final = ("http://dati.gov.it/onto/dcatapit", "DCAT-AP_IT", "1.1")


def build(inputs: Inputs, configuration: Configuration) -> Part:
    """The catalogue's part."""
    d = Describer(inputs)
    _add_catalogue(d, configuration.catalogue)
    datasets = [
        (described, covered)
        for dataset in configuration.datasets
        for described, covered in _of_each(dataset, inputs.covered)
        if any(True for _ in distributions.files_of(described, inputs.files)) or "ontology" in described.rest
    ]
    nodes = [_add_dataset(d, described, covered) for described, covered in datasets]
    for described, node in zip([x for x, _ in datasets], nodes, strict=True):
        if described.rest.get("whole"):
            d.add(node, DCT["hasPart"], *(other for other in nodes if other != node))
    for service in configuration.services:
        _add_service(d, service, nodes)
    return d.b.part(GRAPH, d.b.iris.named_graph(GRAPH))


def whole(inputs: Inputs, part: Part, files: Mapping[str, File]) -> Part:
    """The catalogue with the size and checksum of the whole dump, which it can't have inside of it."""
    d = Describer(inputs)
    for path in distributions.WHOLE_FILES:
        distributions.add_facts(d, distributions.distribution_iri(d, path), files[path])
    return Part(part.name, part.graph, [*part.triples, *d.b])


def _of_each(described: Described, covered: Sequence[Covered]) -> list[tuple[Described, Covered | None]]:
    if described.rest.get("scope") == "edition":
        return [(described.in_edition(one), one) for one in covered]
    return [(described, None)]


def _add_catalogue(d: Describer, texts: Described) -> None:
    node = d.typed(d.catalogue, DCAT["Catalog"], DCATAPIT["Catalog"])
    rights = d.inputs.standing.whole
    d.titled(node, texts.title, {tag: f"{t} {rights.statement[tag]}" for tag, t in texts.description.items()})
    d.people(node)
    d.contact(node)
    d.dates(node)
    d.licensed(node, rights)
    d.languages(node)
    d.page(node, FOAF["homepage"], d.inputs.base)
    d.add(node, DCAT["themeTaxonomy"], TAXONOMY)
    for covered in d.inputs.covered:
        d.places(node, covered)
    for standard in (EUROPEAN, ITALIAN):
        d.standard(node, *standard)
    _versioned(d, node)


def _add_dataset(d: Describer, described: Described, covered: Covered | None) -> NamedNode:
    inputs, iris = d.inputs, d.b.iris
    path = (covered.ipa, covered.edition, described.slug) if covered else (described.slug,)
    node = d.typed(iris.data("dataset", *path), DCAT["Dataset"], DCATAPIT["Dataset"])
    d.add(d.catalogue, DCAT["dataset"], node)
    d.titled(node, described.title, described.description)
    standing = inputs.standing
    own = standing.knowledge if described.rest.get("knowledge") else None
    rights = own or (covered.rights if covered else standing.whole)
    holder = inputs.covered[0].holder
    code = holder.identifier if holder else inputs.covered[0].ipa
    d.add(node, DCT["identifier"], Literal(f"{code}:mappe-servizi:{'-'.join(map(str, path))}"))
    _classified(d, node, described)
    d.people(node)
    d.contact(node)
    d.dates(node)
    d.languages(node)
    about = [covered] if covered else inputs.covered
    d.add(node, DCT["license"], *map(d.licence, rights.licences))
    d.add(node, DCT["rightsHolder"], *map(d.agent, rights.holders))
    for one in about:
        d.places(node, one)
    d.period(node, (min(one.years[0] for one in about), max(one.years[1] for one in about)))
    d.page(node, DCAT["landingPage"], f"{inputs.base}catalogue.html")
    if own is None:
        _provenance(d, node, about, rights)
    _versioned(d, node)
    d.ontology(node)
    for path_ in distributions.files_of(described, inputs.files):
        table = path_.rsplit("/", 1)[-1].split(".", 1)[0]
        title = (
            inputs.tables[table][0]
            if path_.startswith(("csv/", "tables/")) and table in inputs.tables
            else None
        )
        distributions.add_file(d, node, path_, title or described.title, rights)
    if "ontology" in described.rest:
        distributions.add_ontology(d, node, described.rest["ontology"], described.title, rights)
    return node


def _classified(d: Describer, node: NamedNode, described: Described) -> None:
    for theme in described.rest["themes"]:
        concept = d.concept(EU[f"data-theme/{theme}"], THEMES[theme])
        d.add(node, DCAT["theme"], concept)
    d.add(node, DCT["subject"], d.concept(iri(SUBJECT), EUROVOC[SUBJECT]))
    keywords: Mapping[str, Sequence[str]] = described.rest["keywords"]
    d.add(node, DCAT["keyword"], *map(it, keywords["it"]), *map(en, keywords["en"]))
    frequency = d.concept(EU["frequency/IRREG"], ("irregolare", "irregular"), DCT["Frequency"])
    d.add(node, DCT["accrualPeriodicity"], frequency)
    access = d.concept(EU["access-right/PUBLIC"], ("pubblico", "public"), DCT["RightsStatement"])
    d.add(node, DCT["accessRights"], access)
    kind = "ONTOLOGY" if "ontology" in described.rest else "STATISTICAL"
    if "ontology" in described.rest or described.slug == "figures":
        names = {
            "ONTOLOGY": ("ontologia", "ontology"),
            "STATISTICAL": ("dati statistici", "statistical data"),
        }
        d.add(node, DCT["type"], d.concept(EU[f"dataset-type/{kind}"], names[kind]))


def _provenance(d: Describer, node: NamedNode, about: Sequence[Covered], rights: Rights) -> None:
    """Whether it is an official publication, and why its licence holds."""
    name = "publication" if rights.official else "elaboration"
    statement = d.typed(NamedNode(f"{d.catalogue.value}#{name}"), DCT["ProvenanceStatement"])
    d.texts(statement, RDFS["label"], rights.statement)
    d.add(node, DCT["provenance"], statement)
    for one in about:
        if one.basis:
            basis = d.typed(
                NamedNode(f"{d.catalogue.value}#basis-{one.ipa}-{one.edition}"), DCT["RightsStatement"]
            )
            d.add(basis, RDFS["label"], it(one.basis))
            d.add(node, DCT["rights"], basis)
        source = d.b.iris.data("distribution", one.ipa, one.edition, "document")
        d.add(node, PROV["wasDerivedFrom"], source)


def _versioned(d: Describer, node: NamedNode) -> None:
    release = d.inputs.release
    if release is None:
        return
    d.add(node, DCAT["version"], Literal(str(release.number)))
    d.add(node, OWL["versionInfo"], Literal(str(release.number)))
    d.texts(node, ADMS["versionNotes"], release.notes)
    if node != d.catalogue:
        status = d.concept(EU["dataset-status/COMPLETED"], ("completato", "completed"))
        d.add(node, ADMS["status"], status)


def _add_service(d: Describer, described: Described, datasets: Sequence[NamedNode]) -> None:
    inputs, rest = d.inputs, described.rest
    node = d.typed(NamedNode(f"{inputs.base}{rest['endpoint']}#service"), DCAT["DataService"])
    d.add(d.catalogue, DCAT["service"], node)
    d.titled(node, described.title, described.description)
    d.people(node)
    d.contact(node)
    d.licensed(node, inputs.standing.whole)
    d.languages(node)
    d.add(node, DCT["identifier"], Literal(f"mappe-servizi:{described.slug}"))
    endpoint = NamedNode(f"{inputs.base}{rest['endpoint']}")
    d.add(node, DCAT["endpointURL"], endpoint)
    description = NamedNode(f"{inputs.base}{rest['description_path']}")
    d.add(node, DCAT["endpointDescription"], description)
    d.page(node, DCAT["landingPage"], f"{inputs.base}{rest['endpoint']}")
    d.add(node, DCAT["servesDataset"], *datasets)
    access = d.concept(EU["access-right/PUBLIC"], ("pubblico", "public"), DCT["RightsStatement"])
    d.add(node, DCT["accessRights"], access)
    theme = d.concept(EU["data-theme/GOVE"], THEMES["GOVE"])
    d.add(node, DCAT["theme"], theme)
    keywords: Mapping[str, Sequence[str]] = {"it": ["API", "dati aperti"], "en": ["API", "open data"]}
    d.add(node, DCAT["keyword"], *map(it, keywords["it"]), *map(en, keywords["en"]))
    for standard in rest["standards"]:
        d.standard(node, *standard)
