"""Records to RDF: one module a subject, put together here as the parts of the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mappe_servizi.graph import (
    coproduction,
    cube,
    elements,
    indicators,
    management,
    municipality,
    responsibility,
    segments,
    services,
    structures,
    vocabularies,
)
from mappe_servizi.graph.builder import Builder, Derivation, Part
from mappe_servizi.graph.curated import read_audiences, read_classifications
from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.vocabularies import Common
from mappe_servizi.identifiers import Registry
from mappe_servizi.providers.rules import Rules
from mappe_servizi.records import Document
from mappe_servizi.settings import DEFAULT_BASE

__all__ = ["DEFAULT_BASE", "Common", "Derivation", "Part", "build_edition", "build_parts"]

SUBJECTS = (
    responsibility.add_responsibility,
    elements.add_elements,
    segments.add_criteria,
    segments.add_segments,
    indicators.add_indicators,
    management.add_management,
    management.add_personnel,
    coproduction.add_coproduction,
    structures.add_structures,
)
"""What is read from a map, in the form's order."""


def build_parts(
    documents: Sequence[Document],
    registries: Mapping[str, Registry],
    *,
    data: Path,
    ontology: Path,
    base: str = DEFAULT_BASE,
) -> list[Part]:
    """The graph of some documents, part by part.

    Args:
        documents: one a municipality and edition.
        registries: the slugs of each municipality, by IPA code.
        data: the directory of the maintained data.
        ontology: the directory of the ontology and the controlled vocabularies.
        base: the base of every IRI.

    Raises:
        InputError: a curated file does not fit its document.
        UnknownLabels: a label has no registered slug.
    """
    common = Common.load(ontology, base)
    parts = [
        build_edition(document, registries[document.municipality.ipa], data, common) for document in documents
    ]
    for ipa in {document.municipality.ipa for document in documents}:
        registries[ipa].check()
    parts.append(vocabularies.build(documents, ontology, common).part("vocabularies"))
    return parts


def build_edition(document: Document, registry: Registry, data: Path, common: Common) -> Part:
    """The graph of one municipality's document.

    Raises:
        InputError: a curated file does not fit the document.
    """
    record = document.municipality
    directory = data / "municipalities" / record.ipa
    edition = Edition(
        document,
        registry,
        Builder(common.iris, common.hierarchy),
        read_classifications(directory, document),
        read_audiences(directory, document),
        Rules.load(data).types,
        common.concepts,
    )
    municipality.add_municipality(edition)
    municipality.add_areas(edition)
    cube.add_datasets(edition)
    maps = {service_map.number: service_map for service_map in document.maps}
    for entry in document.entries:
        service_map = maps.get(entry.number)
        services.add_service(edition, entry, service_map)
        if service_map is not None:
            for add in SUBJECTS:
                add(edition, service_map)
    return edition.builder.part(f"{record.ipa}-{record.edition}")
