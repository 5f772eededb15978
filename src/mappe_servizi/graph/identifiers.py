"""Codes that others know an organisation or a territory by: a node each, never a value of the thing itself.

OntoPiA's l0:identifier is functional and has sub-properties (IPA code, VAT number, ...): two of
them on one thing would make their values equal. A node for each code has one l0:identifier.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.territory import province_iri
from mappe_servizi.providers.model import Identifier
from mappe_servizi.rdf.builder import Builder, en, it
from mappe_servizi.rdf.namespaces import CLVAPIT, COVAPIT, DCT, L0, SKOS

NAMES = {
    "fiscal-code": "codice fiscale",
    "vat": "partita IVA",
    "runts": "numero RUNTS",
    "rea": "numero REA",
    "ipa": "codice IPA",
    "istat": "codice ISTAT",
    "cadastral": "codice catastale",
    "nuts": "codice NUTS 3",
}
"""What each kind of the vocabulary identifier-kind is called beside its value."""
ISTAT = "ISTAT, codici statistici delle unità amministrative territoriali"


def add_identifiers(b: Builder, subject: NamedNode, identifiers: tuple[Identifier, ...]) -> None:
    """State an organisation's identifiers, each with who has it and how sure that is."""
    for one in identifiers:
        node = _identifier(b, subject, one.scheme, one.value, one.certainty)
        b.add(node, DCT["source"], it(one.evidence))
        b.add(node, SKOS["editorialNote"], en(one.reason))
        b.add(subject, COVAPIT["hasAlternativeIdentifier"], node)


def add_territory(edition: Edition, city: NamedNode) -> None:
    """State the codes of a municipality's territory and of its province, as ISTAT's table has them."""
    b, known = edition.builder, edition.territories.get(edition.document.municipality.istat)
    if known is None:
        return
    codes = (
        ("istat", known.istat, city),
        ("cadastral", known.cadastral, city),
        ("nuts", known.nuts3, province_iri(known)),
    )
    for kind, value, of in codes:
        node = _identifier(b, edition.municipality, kind, value, "certain")
        b.add(node, DCT["source"], it(ISTAT))
        b.add(of, CLVAPIT["hasIdentifier"], node)


def _identifier(b: Builder, owner: NamedNode, kind: str, value: str, certainty: str) -> NamedNode:
    node = NamedNode(f"{owner.value}/identifier/{kind}")
    name = f"{NAMES[kind]} {value}"
    b.resource(node, name, CLVAPIT["Identifier"])
    b.add(node, L0["identifier"], Literal(value))
    b.add(node, CLVAPIT["identifierType"], it(NAMES[kind]))
    b.add(node, b.mds["identifierKind"], b.iris.concept("identifier-kind", kind))
    b.add(node, b.mds["decisionCertainty"], b.iris.concept("decision-certainty", certainty))
    return node
