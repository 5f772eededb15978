"""Write ontology/external.csv: label, types and notation of the concepts that data may point to.

The national and European vocabularies are used, not copied: what a municipality's tables may name is
excerpted whole, so that any town's pages and queries have their labels; a graph has those that its data
point to. Run it when the reference has a new edition of one.

    python scripts/external_concepts.py REFERENCE
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, SKOS

ROOT = Path(__file__).resolve().parents[1]
ITALIA = "https://w3id.org/italia/controlled-vocabulary/"
SERVICES = f"{ITALIA}classifications-for-public-services/"
ORGANISATIONS = f"{ITALIA}classifications-for-organizations/"
DATA_THEME = "http://publications.europa.eu/resource/authority/data-theme"
VOCABULARIES = {  # by file of the reference: base of the concepts
    "public-services-subject-matters": f"{SERVICES}public-services-subject-matters/",
    "cofog-2009": f"{ORGANISATIONS}cofog-2009/",
    "life-event": f"{SERVICES}life-business-event/life-event/",
    "business-event": f"{SERVICES}life-business-event/business-event/",
    "interactivity-level": f"{SERVICES}interactivity-level/",
    "channel": f"{SERVICES}channel/",
    "legal-status": f"{ORGANISATIONS}legal-status/",
    "S13": f"{ORGANISATIONS}S13/",
    "poi-category-classification": f"{ITALIA}poi-category-classification/",
    "cultural-interest-places": f"{ITALIA}classifications-for-culture/cultural-interest-places/",
    "licences": f"{ITALIA}licences/",
}
KEPT_TYPES = "https://w3id.org/italia/onto/"
SUPERSEDED = "http://dati.gov.it/onto/covapit#"  # S13 still has its concepts typed in it
THEMES = {  # the EU's data themes are not among the reference files
    "AGRI": (
        "Agricoltura, pesca, silvicoltura e prodotti alimentari",
        "Agriculture, fisheries, forestry and food",
    ),
    "ECON": ("Economia e finanze", "Economy and finance"),
    "EDUC": ("Istruzione, cultura e sport", "Education, culture and sport"),
    "ENER": ("Energia", "Energy"),
    "ENVI": ("Ambiente", "Environment"),
    "GOVE": ("Governo e settore pubblico", "Government and public sector"),
    "HEAL": ("Salute", "Health"),
    "JUST": ("Giustizia, sistema giuridico e sicurezza pubblica", "Justice, legal system and public safety"),
    "REGI": ("Regioni e città", "Regions and cities"),
    "SOCI": ("Popolazione e società", "Population and society"),
    "TECH": ("Scienza e tecnologia", "Science and technology"),
    "TRAN": ("Trasporti", "Transport"),
}
ROLES = {"Provider": ("Fornitore", "Provider"), "Concessionaire": ("Concessionario", "Concessionaire")}
"""Individuals of OntoPiA's ontology of services, not concepts of a vocabulary."""
DAYS = {
    "Monday": "lunedì",
    "Tuesday": "martedì",
    "Wednesday": "mercoledì",
    "Thursday": "giovedì",
    "Friday": "venerdì",
    "Saturday": "sabato",
    "Sunday": "domenica",
}
SCHEMA = "http://schema.org/"
ADMS = {  # what an OntoPiA vocabulary says of itself
    "assettype/CodeList": ("Elenco di codici", "Code list"),
    "representationtechnique/SKOS": ("SKOS", "SKOS"),
}
Row = tuple[str, str, str, str, str, str]


def mended(label: str) -> str:
    """A label without what OntoPiA's COFOG has once: UTF-8 that was read as Windows-1252."""
    if "Ã" not in label:
        return label
    try:
        return label.encode("cp1252").decode()
    except UnicodeError:
        return label.replace("Ã\u00a0", "à").replace("Ã ", "à ")


def excerpt(graph: Graph, base: str) -> list[Row]:
    """The rows of the concepts of one vocabulary."""
    rows = []
    concepts = {str(subject) for subject in graph.subjects(RDF.type, SKOS.Concept)}
    codes = {concept.removeprefix(base) for concept in concepts if concept.startswith(base)}
    for code in sorted(codes):
        concept = URIRef(base + code)
        labels = {label.language: mended(str(label)) for label in graph.objects(concept, SKOS.prefLabel)}
        if "it" not in labels:  # some of S13's are not described
            print(f"{concept} has no Italian label: left out", file=sys.stderr)
            continue
        types_ = {str(t).replace(SUPERSEDED, f"{KEPT_TYPES}COV/") for t in graph.objects(concept, RDF.type)}
        own = sorted(t for t in types_ if t.startswith(KEPT_TYPES))
        types = " | ".join([*own, str(SKOS.Concept)])
        notation = str(next(iter(graph.objects(concept, SKOS.notation)), code))
        rows.append((str(concept), types, labels["it"], labels.get("en", ""), notation, base.rstrip("/")))
    return rows


def scheme(graph: Graph, base: str) -> Row:
    """The row of a vocabulary itself: its concepts lead to it."""
    vocabulary = URIRef(base.rstrip("/"))
    titles = {title.language: mended(str(title)) for title in graph.objects(vocabulary, DCTERMS.title)}
    return (str(vocabulary), str(SKOS.ConceptScheme), titles["it"], titles.get("en", ""), "", "")


def main() -> None:
    """Write the file."""
    reference = Path(sys.argv[1])
    rows: list[Row] = []
    for name, base in VOCABULARIES.items():
        graph = Graph().parse(reference / "ontopia" / "vocabularies" / f"{name}.ttl")
        rows += [*excerpt(graph, base), scheme(graph, base)]
    for code, labels in THEMES.items():
        types = f"https://w3id.org/italia/onto/CPSV/ServiceTheme | {SKOS.Concept}"
        rows.append((f"{DATA_THEME}/{code}", types, *labels, code, DATA_THEME))
    for name, labels in ROLES.items():
        rows.append((f"{KEPT_TYPES}CPSV/{name}", f"{KEPT_TYPES}CPSV/RoleOnService", *labels, "", ""))
    for name, label in DAYS.items():
        rows.append((f"{SCHEMA}{name}", f"{SCHEMA}DayOfWeek", label, name, "", ""))
    for name, labels in ADMS.items():
        rows.append((f"http://purl.org/adms/{name}", str(SKOS.Concept), *labels, "", ""))
    with (ROOT / "ontology" / "external.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("iri", "types", "label_it", "label_en", "notation", "scheme"))
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
