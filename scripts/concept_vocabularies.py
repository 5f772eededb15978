"""Write the vocabularies of service and indicator concepts from their tables in data/knowledge.

The tables are where the concepts are maintained; the Turtle is made from them, and the CSV form from the
Turtle (``python scripts/vocabulary_csv.py``). Tests compare all three.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.model.tables.concepts import (
    INDICATOR_CONCEPTS,
    SERVICE_CONCEPTS,
    IndicatorConceptRow,
    ServiceConceptRow,
)

ROOT = Path(__file__).resolve().parents[1]
KNOWLEDGE = ROOT / "data" / "knowledge"
VOCABULARIES = ROOT / "ontology" / "assets" / "controlled-vocabularies"
ISSUED = "2026-11-28"
COFOG = "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/cofog-2009/"
HEAD = """\
# Made from data/knowledge/{name}s.csv by scripts/concept_vocabularies.py: change the table.
@base <https://w3id.org/mappe-servizi/> .
@prefix mds: <https://w3id.org/mappe-servizi/onto/MDS/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatapit: <http://dati.gov.it/onto/dcatapit#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix muapit: <https://w3id.org/italia/onto/MU/> .
@prefix ndc: <https://w3id.org/italia/onto/NDC/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<controlled-vocabulary/{name}> a skos:ConceptScheme, adms:Asset, dcatapit:Dataset ;
    rdfs:label {title} ;
    dct:title {title} ;
    dct:description {description} ;
    rdfs:comment {description} ;
    rdfs:isDefinedBy <controlled-vocabulary/{name}> ;
    dct:identifier "mappe-servizi:{name}" ;
    ndc:keyConcept "{name}" ;
    dct:type <http://purl.org/adms/assettype/CodeList> ;
    adms:representationTechnique <http://purl.org/adms/representationtechnique/SKOS> ;
    dcat:keyword "mappa dei servizi"@it, "servizi pubblici"@it, "service map"@en, "public services"@en ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE> ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/IRREG> ;
    dct:conformsTo <https://w3id.org/italia/data/standard/SKOS> ;
    dct:language <http://publications.europa.eu/resource/authority/language/ITA>, <http://publications.europa.eu/resource/authority/language/ENG> ;
    dct:issued "{issued}"^^xsd:date ;
    dct:modified "{issued}"^^xsd:date ;
    owl:versionInfo "0.1" ;
    dct:creator <data/organization/mappe-servizi> ;
    dct:publisher <data/organization/mappe-servizi> ;
    dct:rightsHolder <data/organization/mappe-servizi> ;
    dcat:distribution <controlled-vocabulary/{name}.ttl> ;
    skos:hasTopConcept {tops} .

<controlled-vocabulary/{name}.ttl> a dcat:Distribution, dcatapit:Distribution ;
    rdfs:label "Distribuzione Turtle: {it}"@it, "Turtle distribution: {en}"@en ;
    dct:title "Distribuzione Turtle: {it}"@it, "Turtle distribution: {en}"@en ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE> ;
    dct:license <https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40> ;
    dcat:accessURL <controlled-vocabulary/{name}> ;
    dcat:downloadURL <controlled-vocabulary/{name}.ttl> .

<data/organization/mappe-servizi> a foaf:Agent, dcatapit:Agent ;
    rdfs:label "mappe-servizi"@it, "mappe-servizi"@en ;
    dct:identifier "mappe-servizi" ;
    dct:title "mappe-servizi"@it ;
    foaf:name "mappe-servizi" .

<https://w3id.org/italia/data/standard/SKOS> a dcatapit:Standard, dct:Standard ;
    rdfs:label "Simple Knowledge Organization System (SKOS)"@it ;
    dct:identifier "SKOS" ;
    dct:title "Simple Knowledge Organization System (SKOS)"@it .
"""
SERVICES = (
    "service-concept",
    ("Servizi dei comuni", "Services of municipalities"),
    (
        "Che cosa fanno i comuni, con le attività di cui un servizio è fatto: ciò su cui due comuni si confrontano.",
        "What municipalities do, with the activities that a service consists of: what two of them compare on.",
    ),
)
INDICATORS = (
    "indicator-concept",
    ("Indicatori dei comuni", "Indicators of municipalities"),
    (
        "Che cosa i comuni contano, con unità, cosa contata e denominatore: ciò su cui i dati di due comuni si confrontano.",
        "What municipalities count, with unit, thing counted and denominator: what their figures compare on.",
    ),
)


def both(it: str, en: str) -> str:
    """A text in both languages."""
    return f"{text(it)}@it, {text(en)}@en"


def text(value: str) -> str:
    """A Turtle literal: JSON's escapes are among Turtle's."""
    return json.dumps(value, ensure_ascii=False)


def of(scheme: str, code: str) -> str:
    """A concept of ours."""
    return f"<controlled-vocabulary/{scheme}/{code}>"


def head(vocabulary: tuple[str, tuple[str, str], tuple[str, str]], tops: list[str]) -> str:
    """The scheme with the national catalogue's metadata."""
    name, title, description = vocabulary
    return HEAD.format(
        name=name,
        it=title[0],
        en=title[1],
        title=both(*title),
        description=both(*description),
        issued=ISSUED,
        tops=", ".join(of(name, code) for code in tops),
    )


def concept(name: str, row: ServiceConceptRow | IndicatorConceptRow, broader: str, more: list[str]) -> str:
    """A concept: what all have, then what its scheme adds."""
    place = (
        f"skos:broader {of(name, broader)}" if broader else f"skos:topConceptOf <controlled-vocabulary/{name}>"
    )
    lines = [
        f"{of(name, row.code)} a skos:Concept",
        f"skos:inScheme <controlled-vocabulary/{name}>",
        place,
        f"skos:notation {text(row.code)}",
        f"skos:prefLabel {both(row.label, row.label_en)}",
        f"skos:definition {both(row.definition, row.definition_en)}",
        *more,
    ]
    return " ;\n    ".join(lines) + " .\n"


def services(rows: list[ServiceConceptRow]) -> Iterator[str]:
    """The scheme of services, with activities as its lower level."""
    yield head(SERVICES, [row.code for row in rows if not row.broader])
    for row in rows:
        more = []
        if row.words:
            more.append("skos:altLabel " + ", ".join(f"{text(word)}@it" for word in row.words))
        more += [f"skos:relatedMatch <{COFOG}{code}>" for code in row.cofog]
        if row.provided:
            more.append(f"skos:exactMatch {of('provided-activity', row.provided)}")
        yield concept(SERVICES[0], row, row.broader, more)


def indicators(rows: list[IndicatorConceptRow]) -> Iterator[str]:
    """The scheme of indicators."""
    yield head(INDICATORS, [row.code for row in rows])
    for row in rows:
        more = [
            f"mds:ofServiceConcept {of('service-concept', row.service)}",
            f"mds:counts {of('counted-thing', row.counted)}",
            f"muapit:hasMeasurementUnit {of('measurement-unit', row.unit)}",
            f"mds:aggregation {of('aggregation', row.aggregation)}",
            f"mds:denominator {of('denominator', row.denominator)}",
            f"mds:periodKind {of('period-kind', row.period)}",
        ]
        yield concept(INDICATORS[0], row, "", more)


def turtle() -> dict[Path, str]:
    """The two files, from the tables as they are."""
    above = read_rows(SERVICE_CONCEPTS, KNOWLEDGE / SERVICE_CONCEPTS.file)
    # A service that is new in this very table is not among the vocabulary's codes yet.
    codes = {**load_codes(ROOT / "ontology"), SERVICES[0]: frozenset(row.code for row in above)}
    below = read_rows(INDICATOR_CONCEPTS, KNOWLEDGE / INDICATOR_CONCEPTS.file, codes)
    made = {SERVICES[0]: services(above), INDICATORS[0]: indicators(below)}
    return {VOCABULARIES / name / "latest" / f"{name}.ttl": "\n".join(parts) for name, parts in made.items()}


if __name__ == "__main__":
    for path, written in turtle().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
