"""Write the CSV form of every controlled vocabulary from its Turtle, with a data package.

The national catalogue reads at most one flat CSV a vocabulary, beside its Turtle. Run it
(``python scripts/vocabulary_csv.py``) when a vocabulary changes; a test compares the two.
"""

from __future__ import annotations

import csv
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Node
from rdflib.namespace import SKOS

VOCABULARIES = Path(__file__).resolve().parents[1] / "ontology" / "assets" / "controlled-vocabularies"
COLUMNS = ("code", "uri", "label_it", "label_en", "definition_it", "definition_en", "broader")
PACKAGE = """name: {name}
profile: tabular-data-package
title: {title}
licenses:
  - name: CC-BY-4.0
    path: https://creativecommons.org/licenses/by/4.0/
resources:
  - name: {name}
    path: {file}
    profile: tabular-data-resource
    mediatype: text/csv
    encoding: utf-8
    schema:
      primaryKey: code
      fields:
{fields}
"""


def texts(graph: Graph, concept: Node, predicate: Node) -> dict[str, str]:
    """The texts of a property by language."""
    return {str(getattr(o, "language", None)): str(o) for o in graph.objects(concept, predicate)}


def row(graph: Graph, concept: Node) -> tuple[str, ...]:
    """The row of a concept."""
    labels, definitions = texts(graph, concept, SKOS.prefLabel), texts(graph, concept, SKOS.definition)
    broader = graph.value(concept, SKOS.broader)
    above = str(graph.value(broader, SKOS.notation)) if broader is not None else ""
    languages = ("it", "en")
    return (
        str(graph.value(concept, SKOS.notation)),
        str(concept),
        *(labels.get(language, "") for language in languages),
        *(definitions.get(language, "") for language in languages),
        above,
    )


def write(path: Path) -> None:
    """Write the CSV and the data package of one vocabulary."""
    graph = Graph().parse(path)
    rows = [row(graph, concept) for concept in graph.subjects(RDF.type, SKOS.Concept)]
    file = path.with_name(f"{path.stem.replace('-', '_')}.csv")
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))
    scheme = graph.value(None, RDF.type, SKOS.ConceptScheme)
    title = texts(graph, scheme, RDFS.label)["it"] if scheme is not None else path.stem
    fields = "\n".join(f"        - name: {name}\n          type: string" for name in COLUMNS)
    package = PACKAGE.format(name=path.stem, title=title, file=file.name, fields=fields)
    path.with_name("datapackage.yaml").write_text(package, encoding="utf-8")


if __name__ == "__main__":
    for turtle in sorted(VOCABULARIES.glob("*/latest/*.ttl")):
        write(turtle)
