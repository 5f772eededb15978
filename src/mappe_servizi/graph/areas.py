"""The areas of the index: a vocabulary of the municipality's own, with the metadata of one."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from mappe_servizi.formats import TURTLE
from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.records import Area
from mappe_servizi.rdf.builder import Builder, en, it
from mappe_servizi.rdf.namespaces import (
    ADMS,
    DATA_THEME,
    DCAT,
    DCATAPIT,
    DCT,
    ITALIAN_VOCABULARY,
    OWL,
    RDFS,
    SKOS,
    XSD,
    iri,
)
from mappe_servizi.rights import Licence

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_KEYWORDS = (it("mappa dei servizi"), it("servizi pubblici"), en("service map"), en("public services"))


def add_areas(edition: Edition) -> None:
    """The areas of the index, a scheme of the municipality's own."""
    b, name = edition.builder, edition.document.municipality.name
    scheme = edition.iris.scheme(f"service-area-{edition.ipa}")
    b.add(edition.municipality, edition.mds["hasAreaScheme"], scheme)
    _scheme(edition, scheme, name)
    for area in edition.document.areas:
        slug = edition.slug("area", area.title.printed)
        subject = edition.iris.data("area", edition.ipa, slug)
        english = edition.areas.get(slug, "")
        b.resource(subject, area.title.value, edition.mds["ServiceArea"], english=english)
        b.add(subject, SKOS["prefLabel"], it(area.title.value), en(english) if english else None)
        _place(b, subject, scheme, area)
        titles = ", ".join(e.title.value for e in edition.document.entries if e.area == area)
        b.add(subject, SKOS["definition"], it(f"Area dell'indice con i servizi: {titles}."))
        b.add(subject, SKOS["definition"], en(f"Area of the index with the services: {titles}."))
        b.derived(subject, area.title.lines, area.title.corrections)


def _place(b: Builder, subject: NamedNode, scheme: NamedNode, area: Area) -> None:
    b.printed(subject, area.title)
    b.add(subject, SKOS["notation"], Literal(str(area.position)))
    b.add(subject, SKOS["inScheme"], scheme)
    b.add(subject, SKOS["topConceptOf"], scheme)
    b.add(scheme, SKOS["hasTopConcept"], subject)
    b.position(subject, area.position)


def _scheme(edition: Edition, scheme: NamedNode, name: str) -> None:
    """The metadata that the national catalogue of semantic assets asks of a vocabulary."""
    b, code = edition.builder, f"service-area-{edition.ipa}"
    title = it(f"Aree dei servizi del {name}"), en(f"Service areas of {name}")
    described = (
        it(f"Le aree in cui il documento del {name} raccoglie i suoi servizi."),
        en(f"The areas into which the document of {name} groups its services."),
    )
    classes = (SKOS["ConceptScheme"], ADMS["Asset"], DCATAPIT["Dataset"])
    b.resource(scheme, title[0].value, *classes, english=title[1].value)
    b.add(scheme, DCT["title"], *title)
    for predicate in (RDFS["comment"], DCT["description"]):
        b.add(scheme, predicate, *described)
    b.add(scheme, RDFS["isDefinedBy"], scheme)
    b.add(scheme, DCT["identifier"], Literal(f"mappe-servizi:{code}"))
    b.add(scheme, iri("https://w3id.org/italia/onto/NDC/keyConcept"), Literal(code))
    b.add(scheme, DCT["type"], iri("http://purl.org/adms/assettype/CodeList"))
    b.add(scheme, ADMS["representationTechnique"], iri("http://purl.org/adms/representationtechnique/SKOS"))
    b.add(scheme, DCAT["keyword"], *_KEYWORDS)
    b.add(scheme, DCAT["theme"], DATA_THEME["GOVE"])
    b.add(scheme, DCT["accrualPeriodicity"], iri(f"{_AUTHORITY}frequency/IRREG"))
    b.add(scheme, DCT["conformsTo"], iri("https://w3id.org/italia/data/standard/SKOS"))
    languages = ("ITA", "ENG")
    b.add(scheme, DCT["language"], *(iri(f"{_AUTHORITY}language/{tag}") for tag in languages))
    if modified := edition.document.municipality.modified:
        b.add(scheme, DCT["modified"], Literal(modified.isoformat(), datatype=XSD["date"]))
    b.add(scheme, OWL["versionInfo"], Literal(str(edition.year)))
    b.add(scheme, DCT["rightsHolder"], edition.municipality)
    _distribution(b, scheme, title, edition.licence)


def _distribution(b: Builder, scheme: NamedNode, title: Sequence[Literal], licence: Licence | None) -> None:
    file = iri(f"{scheme.value}.ttl")
    b.add(scheme, DCAT["distribution"], file)
    italian, english = f"Distribuzione Turtle: {title[0].value}", f"Turtle distribution: {title[1].value}"
    b.resource(file, italian, DCAT["Distribution"], DCATAPIT["Distribution"], english=english)
    b.add(file, DCT["title"], it(italian), en(english))
    b.add(file, DCT["format"], iri(f"{_AUTHORITY}file-type/{TURTLE.code}"))
    if licence is not None:
        national = ITALIAN_VOCABULARY[f"licences/{licence.national}"]
        b.add(file, DCT["license"], national if licence.national else iri(licence.iri))
    b.add(file, DCAT["accessURL"], scheme)
    b.add(file, DCAT["downloadURL"], file)
