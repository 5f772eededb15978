"""Write ontology/external.csv: label, types and notation of the concepts that the data point to.

The national and European vocabularies are used, not copied: only the concepts that the curated
tables name are excerpted, so that pages and queries have their labels. Run it (``make external``)
when a curated table names a new one.

    python scripts/external_concepts.py REFERENCE
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SKOS

ROOT = Path(__file__).resolve().parents[1]
ITALIA = "https://w3id.org/italia/controlled-vocabulary/"
SERVICES = f"{ITALIA}classifications-for-public-services/"
ORGANISATIONS = f"{ITALIA}classifications-for-organizations/"
DATA_THEME = "http://publications.europa.eu/resource/authority/data-theme"
COLUMNS = {  # of services.csv: file of the reference, base of the concepts
    "theme": ("public-services-subject-matters", f"{SERVICES}public-services-subject-matters/"),
    "cofog": ("cofog-2009", f"{ORGANISATIONS}cofog-2009/"),
    "life_events": ("life-event", f"{SERVICES}life-business-event/life-event/"),
    "business_events": ("business-event", f"{SERVICES}life-business-event/business-event/"),
    "interactivity": ("interactivity-level", f"{SERVICES}interactivity-level/"),
    "channels": ("channel", f"{SERVICES}channel/"),
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
Row = tuple[str, str, str, str, str, str]


def curated() -> dict[str, set[str]]:
    """The codes that the municipalities' services.csv name, by column."""
    used: dict[str, set[str]] = {}
    for path in (ROOT / "data" / "municipalities").glob("*/services.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for column in (*COLUMNS, "data_theme"):
                    used.setdefault(column, set()).update(
                        c.strip() for c in row[column].split("|") if c.strip()
                    )
    return used


def legal_statuses() -> set[str]:
    """The codes that the tables of providers name, and the municipality's own."""
    found = {"2430"}
    for name in ("knowledge/legal-forms.csv", "providers/registry.csv"):
        path = ROOT / "data" / name
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                found |= {row.get("code") or row.get("legalForm") or "" for row in csv.DictReader(file)}
    return {code for code in found if code.isdecimal()}


def mended(label: str) -> str:
    """A label without what OntoPiA's COFOG has once: UTF-8 that was read as Windows-1252."""
    if "Ã" not in label:
        return label
    try:
        return label.encode("cp1252").decode()
    except UnicodeError:
        return label.replace("Ã\u00a0", "à").replace("Ã ", "à ")


def excerpt(reference: Path, name: str, base: str, codes: set[str]) -> list[Row]:
    """The rows of some concepts of one vocabulary."""
    graph = Graph().parse(reference / "ontopia" / "vocabularies" / f"{name}.ttl")
    rows = []
    for code in sorted(codes):
        concept = URIRef(base + code)
        labels = {label.language: mended(str(label)) for label in graph.objects(concept, SKOS.prefLabel)}
        if "it" not in labels:
            raise SystemExit(f"{concept} is no concept of {name}")
        types_ = {str(t).replace(SUPERSEDED, f"{KEPT_TYPES}COV/") for t in graph.objects(concept, RDF.type)}
        own = sorted(t for t in types_ if t.startswith(KEPT_TYPES))
        types = " | ".join([*own, str(SKOS.Concept)])
        notation = str(next(iter(graph.objects(concept, SKOS.notation)), code))
        rows.append((str(concept), types, labels["it"], labels.get("en", ""), notation, base.rstrip("/")))
    return rows


def main() -> None:
    """Write the file."""
    reference, used = Path(sys.argv[1]), curated()
    rows: list[Row] = []
    for column, (name, base) in COLUMNS.items():
        rows += excerpt(reference, name, base, used[column])
    rows += excerpt(reference, "legal-status", f"{ORGANISATIONS}legal-status/", legal_statuses())
    rows += excerpt(reference, "S13", f"{ORGANISATIONS}S13/", {"204"})
    for code in sorted(used["data_theme"]):
        types = f"https://w3id.org/italia/onto/CPSV/ServiceTheme | {SKOS.Concept}"
        rows.append((f"{DATA_THEME}/{code}", types, *THEMES[code], code, DATA_THEME))
    for name, labels in ROLES.items():
        rows.append((f"{KEPT_TYPES}CPSV/{name}", f"{KEPT_TYPES}CPSV/RoleOnService", *labels, "", ""))
    with (ROOT / "ontology" / "external.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("iri", "types", "label_it", "label_en", "notation", "scheme"))
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
