"""Acts that the maps cite: laws by urn:nir with their page on Normattiva, regulations by name."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.identifiers import slugify
from mappe_servizi.providers.references import Reference
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import DCT, RDFS, Namespace

ELI: Final = Namespace("http://data.europa.eu/eli/ontology#")


def add_references(edition: Edition) -> None:
    """Every citation of an edition; an act cited in many places is one act."""
    for reference in edition.delivery.references:
        _add(edition, reference)


def _add(edition: Edition, reference: Reference) -> None:
    b, mds, number = edition.builder, edition.mds, reference.number
    slug = f"{slugify(reference.label, 40)}-{reference.line}"
    subject = NamedNode(f"{edition.map(number).value}/citation/{slug}")
    b.add(subject, mds["statedIn"], edition.map(number))
    shown = f"{reference.label}, alla riga {reference.line}"
    b.resource(subject, shown, mds["Citation"], name=reference.label)
    b.add(edition.map(number), mds["hasCitation"], subject)
    b.add(subject, mds["citationText"], it(reference.printed))
    b.add(subject, mds["decisionCertainty"], b.iris.concept("decision-certainty", reference.certainty))
    if reference.urn:
        act = b.resource(NamedNode(reference.urn), reference.label, ELI["LegalResource"])
        b.add(act, DCT["identifier"], Literal(reference.urn))
        b.add(act, RDFS["seeAlso"], NamedNode(reference.url))
        b.add(subject, mds["citedAct"], act)
        b.add(edition.map(number), DCT["references"], act)
    b.derived(subject, (reference.line,))
