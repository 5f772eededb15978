"""The tables beside the ontology: what others' things are called, and the CSV form of our vocabularies."""

from __future__ import annotations

from dataclasses import dataclass

from mappe_servizi.model.tables.cells import CODE, IRI, TEXT, many
from mappe_servizi.model.tables.table import Table, column


@dataclass(frozen=True, slots=True)
class ThingRow:
    """Something of others that data or catalogue point to."""

    iri: str = column(IRI, "IRI", "IRI")
    types: tuple[str, ...] = column(many(IRI), "le sue classi", "its classes")
    label_it: str = column(TEXT, "nome", "Italian name")
    label_en: str = column(TEXT, "nome inglese", "English name", default="")
    notation: str = column(TEXT, "codice", "code", default="")
    scheme: str = column(IRI, "il suo vocabolario", "its vocabulary", default="")


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """A concept of one of our vocabularies."""

    code: str = column(CODE, "codice", "code")
    uri: str = column(IRI, "IRI", "IRI")
    label_it: str = column(TEXT, "nome", "Italian name")
    label_en: str = column(TEXT, "nome inglese", "English name")
    definition_it: str = column(TEXT, "definizione", "Italian definition", default="")
    definition_en: str = column(TEXT, "definizione inglese", "English definition", default="")
    broader: str = column(CODE, "concetto più generale", "broader concept", default="")


EXTERNAL = Table(
    "external.csv", "ontology", ThingRow, "I concetti altrui che i dati possono nominare.",
    "Others' concepts that the data may point to.", (("iri",),),
    source="OntoPiA's vocabularies (italia/daf-ontologie-vocabolari-controllati, December 2024, CC BY 4.0) "
    "and the EU's data themes; written by `scripts/external_concepts.py`",
)  # fmt: skip
CATALOGUE = Table(
    "catalogue.csv", "ontology", ThingRow, "Ciò che il catalogo nomina.", "What the catalogue points to.",
    (("iri",),),
)  # fmt: skip
CONCEPTS = Table(
    "*.csv", "vocabularies", ConceptRow, "La forma CSV di un nostro vocabolario.",
    "The CSV form of one of our vocabularies.", (("code",), ("uri",)),
    source="the vocabulary's Turtle; written by `scripts/vocabulary_csv.py`",
)  # fmt: skip
TABLES = (EXTERNAL, CATALOGUE, CONCEPTS)
