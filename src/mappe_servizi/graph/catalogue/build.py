"""The catalogue, its data sets and its data services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.bases import iri_below
from mappe_servizi.graph.catalogue import distributions
from mappe_servizi.graph.catalogue.assets import Asset
from mappe_servizi.graph.catalogue.common import EU, SUBJECT, Describer
from mappe_servizi.graph.catalogue.inputs import Configuration, Covered, Described, File, Inputs
from mappe_servizi.graph.catalogue.statistical import add_statistics
from mappe_servizi.graph.cube import CUBES
from mappe_servizi.graph.provenance import DOCUMENT
from mappe_servizi.model.outputs.lookup import holding_the_catalogue
from mappe_servizi.rdf.builder import Part, en, it
from mappe_servizi.rdf.namespaces import (
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
EUROPEAN: Final = ("http://data.europa.eu/r5r/", "3.0.1")
ITALIAN: Final = ("http://dati.gov.it/onto/dcatapit", "1.1")


def build(inputs: Inputs, configuration: Configuration) -> Part:
    """The catalogue's part."""
    d = Describer(inputs)
    _add_catalogue(d, configuration.catalogue)
    datasets = [
        (described, covered)
        for dataset in configuration.datasets
        for described, covered in _of_each(dataset, inputs.covered)
        if any(True for _ in distributions.files_of(d, described)) or "ontology" in described.rest
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
    for path in holding_the_catalogue():
        distributions.add_facts(d, distributions.distribution_iri(d.b.iris, path), files[path])
    return Part(part.name, part.graph, [*part.statements, *d.b])


def _of_each(described: Described, covered: Sequence[Covered]) -> list[tuple[Described, Covered | None]]:
    if described.of_editions:
        return [(described.in_edition(one.ipa, one.name, one.edition), one) for one in covered]
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
    for standard, version in (EUROPEAN, ITALIAN):
        d.standard(node, standard, version)
    _versioned(d, node)


def _add_dataset(d: Describer, described: Described, covered: Covered | None) -> NamedNode:
    assets = _assets(d, described)
    if "ontology" in described.rest:
        described = described.as_itself(assets[0])
    path = (covered.ipa, covered.edition, described.slug) if covered else (described.slug,)
    node = d.typed(d.b.iris.data("dataset", *path), DCAT["Dataset"], DCATAPIT["Dataset"])
    d.add(d.catalogue, DCAT["dataset"], node)
    d.titled(node, described.title, described.description)
    rights = _rights(d, described, covered)
    d.add(node, DCT["license"], *map(d.licence, rights.licences))
    d.contact(node)
    d.languages(node)
    d.page(node, DCAT["landingPage"], f"{d.inputs.base}page/{node.value.partition('/data/')[2]}")
    dates = None
    if assets:
        dates = _as_the_assets_are(d, node, described, assets)
    else:
        _as_the_documents_are(d, node, path, [covered] if covered else d.inputs.covered, rights)
    _classified(d, node, described, assets)
    if described.rest.get("cubes"):
        _add_cubes(d, node, [covered] if covered else d.inputs.covered)
        add_statistics(d, node, [covered] if covered else d.inputs.covered)
    _add_distributions(d, node, described, (rights, dates))
    return node


def _rights(d: Describer, described: Described, covered: Covered | None) -> Rights:
    standing = d.inputs.standing
    if described.rest.get("knowledge"):
        return standing.knowledge
    return covered.rights if covered else standing.whole


def _add_cubes(d: Describer, node: NamedNode, about: Sequence[Covered]) -> None:
    """The cubes of editions: parts of a data set. Their publisher is the release's to say."""
    publisher = d.inputs.standing.publisher
    for one in about:
        for table in CUBES:
            cube = d.b.iris.data("dataset", one.ipa, one.edition, f"{table}-cube")
            d.add(node, DCT["hasPart"], cube)
            d.add(cube, DCT["publisher"], d.agent(publisher) if publisher else None)
    if about is d.inputs.covered:  # the cube that all municipalities share
        cube = d.b.iris.data("dataset", "comparable-cube")
        d.add(node, DCT["hasPart"], cube)
        d.add(cube, DCT["publisher"], d.agent(publisher) if publisher else None)


def _add_distributions(
    d: Describer, node: NamedNode, described: Described, terms: distributions.Terms
) -> None:
    for path in distributions.files_of(d, described):
        distributions.add_file(d, node, path, described.title, terms)
    if "ontology" in described.rest:
        distributions.add_ontology(d, node, described.rest["ontology"], described.title, terms)


def _assets(d: Describer, described: Described) -> list[Asset]:
    """What of ontology and vocabularies a data set is made of; nothing where it is the municipalities'."""
    if not described.rest.get("knowledge"):
        return []
    name = described.rest.get("ontology")
    ontology = NamedNode(iri_below(d.inputs.base, f"onto/{name}"))
    return [asset for iri_, asset in d.inputs.vocabularies.assets.items() if name is None or iri_ == ontology]


def _as_the_documents_are(
    d: Describer, node: NamedNode, path: Sequence[str | int], about: Sequence[Covered], rights: Rights
) -> None:
    """Holder, publisher, dates, place and period of what was read from municipalities' documents."""
    holder = d.inputs.covered[0].holder
    code = holder.identifier if holder else d.inputs.covered[0].ipa
    d.add(node, DCT["identifier"], Literal(f"{code}:mappe-servizi:{'-'.join(map(str, path))}"))
    d.people(node)
    d.dates(node)
    d.add(node, DCT["rightsHolder"], *map(d.agent, rights.holders))
    for one in about:
        d.places(node, one)
    d.period(node, (min(one.years[0] for one in about), max(one.years[1] for one in about)))
    _provenance(d, node, about, rights)
    _versioned(d, node)
    d.ontology(node)


def _as_the_assets_are(
    d: Describer, node: NamedNode, described: Described, assets: Sequence[Asset]
) -> tuple[str, str]:
    """The same as ontology and vocabularies say it of themselves: no municipality's, of no place or year.

    Returns the dates of the first issue and of the last change.
    """
    for predicate in (DCT["rightsHolder"], DCT["publisher"], DCT["creator"]):
        agents = [agent for asset in assets for agent in asset.agents(predicate)]
        d.add(node, predicate, *map(d.agent, agents))
    dates = min(a.one(DCT["issued"]) for a in assets), max(a.one(DCT["modified"]) for a in assets)
    d.dates(node, dates)
    for asset in assets:
        for standard in asset.all(DCT["conformsTo"]):
            d.standard(node, standard.value)
    if "ontology" in described.rest:
        d.add(node, DCT["identifier"], Literal(assets[0].one(DCT["identifier"])))
        d.add(node, DCAT["version"], Literal(assets[0].version))
        d.add(node, OWL["versionInfo"], *assets[0].all(OWL["versionInfo"]))
    else:
        holder = assets[0].agents(DCT["rightsHolder"])[0]
        d.add(node, DCT["identifier"], Literal(f"{holder.identifier}:{described.slug}"))
        _versioned(d, node)
    return dates


def _classified(d: Describer, node: NamedNode, described: Described, assets: Sequence[Asset]) -> None:
    if "ontology" in described.rest:
        themes = [theme for theme in assets[0].all(DCAT["theme"]) if isinstance(theme, NamedNode)]
        d.add(node, DCAT["keyword"], *assets[0].keywords)
    else:
        themes = [EU[f"data-theme/{theme}"] for theme in described.rest["themes"]]
        keywords: Mapping[str, Sequence[str]] = described.rest["keywords"]
        d.add(node, DCAT["keyword"], *map(it, keywords["it"]), *map(en, keywords["en"]))
    d.add(node, DCAT["theme"], *map(d.concept, themes))
    d.add(node, DCT["subject"], d.concept(iri(SUBJECT)))
    d.add(node, DCT["accrualPeriodicity"], d.concept(EU["frequency/IRREG"], DCT["Frequency"]))
    d.add(node, DCT["accessRights"], d.concept(EU["access-right/PUBLIC"], DCT["RightsStatement"]))
    kind = "ONTOLOGY" if "ontology" in described.rest else described.rest.get("type")
    d.add(node, DCT["type"], d.concept(EU[f"dataset-type/{kind}"]) if kind else None)


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
        source = d.b.iris.data("document", one.ipa, one.edition, DOCUMENT)
        d.add(node, PROV["wasDerivedFrom"], source)


def _versioned(d: Describer, node: NamedNode) -> None:
    release = d.inputs.release
    if release is None:
        return
    d.add(node, DCAT["version"], Literal(str(release.number)))
    d.add(node, OWL["versionInfo"], Literal(str(release.number)))
    d.texts(node, ADMS["versionNotes"], release.notes)
    if node != d.catalogue:
        d.add(node, ADMS["status"], d.concept(EU["dataset-status/COMPLETED"]))


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
    d.add(node, DCT["accessRights"], d.concept(EU["access-right/PUBLIC"], DCT["RightsStatement"]))
    d.add(node, DCAT["theme"], d.concept(EU["data-theme/GOVE"]))
    keywords: Mapping[str, Sequence[str]] = {"it": ["API", "dati aperti"], "en": ["API", "open data"]}
    d.add(node, DCAT["keyword"], *map(it, keywords["it"]), *map(en, keywords["en"]))
    for standard, version in rest["standards"]:
        d.standard(node, standard, version)
