"""Write ontology/.../MDS-aligns.ttl: what OntoPiA says above the terms that we use.

No engine that we use infers, so the build writes superclasses and superproperties out; this
file is where it knows them from. Run it (``make alignment``) when the ontology or the graph
use a new OntoPiA term; a test compares the result with the graph.

    python scripts/alignment.py REFERENCE [DUMP.nq]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, URIRef

ROOT = Path(__file__).resolve().parents[1]
ONTOLOGY = ROOT / "ontology" / "assets" / "ontologies" / "MDS" / "latest"
ONTOPIA = "https://w3id.org/italia/onto/"
KEPT = (
    ONTOPIA,
    "http://data.europa.eu/m8g/",
    "http://purl.org/vocab/cpsv#",
    "http://www.w3.org/ns/org#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2006/time#",
    "http://xmlns.com/foaf/0.1/",
)
"""Whose terms are worth writing out; left away are the upper ontologies (DUL, d0), the
misspelled https: forms of W3C namespaces, and what has no meaning in our data (INSPIRE, Geonames)."""
LEFT_OUT = frozenset({"http://www.w3.org/2006/time#inXSDDate"})
"""What OntoPiA's alignments get wrong: it is of an instant, and years are intervals."""
OURS = [
    ("http://data.europa.eu/m8g/PublicOrganisation", RDFS.subClassOf, "http://xmlns.com/foaf/0.1/Agent"),
    (f"{ONTOPIA}CPSV/PublicService", RDFS.subClassOf, "http://purl.org/vocab/cpsv#PublicService"),
]
"""What OntoPiA's own alignments leave out (they name the EU classes without an axiom)."""


def axioms(reference: Path) -> Graph:
    """All that the OntoPiA modules and their alignments say."""
    graph = Graph()
    for path in sorted((reference / "ontopia" / "ontologies").glob("*.ttl")):
        graph.parse(path)
    return graph


def used_terms(dump: Path | None) -> set[str]:
    """The OntoPiA terms in our ontology and, if given, in a dump of the graph."""
    texts = [(ONTOLOGY / "MDS.ttl").read_text(encoding="utf-8")]
    terms: set[str] = set()
    graph = Graph().parse(data=texts[0])
    terms |= {str(node) for triple in graph for node in triple if str(node).startswith(ONTOPIA)}
    if dump is not None:
        terms |= set(re.findall(rf"<({re.escape(ONTOPIA)}[^>]+)>", dump.read_text(encoding="utf-8")))
    return terms


def closure(graph: Graph, terms: set[str]) -> list[tuple[str, str, str]]:
    """The direct named super terms of each term, and of those, until there are no more."""
    found: set[tuple[str, str, str]] = {(a, str(p), b) for a, p, b in OURS}
    todo, seen = set(terms), set[str]()
    while todo:
        term = todo.pop()
        seen.add(term)
        for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
            for above in graph.objects(URIRef(term), predicate):
                name = str(above)
                if isinstance(above, URIRef) and name.startswith(KEPT) and name not in {term, *LEFT_OUT}:
                    found.add((term, str(predicate), name))
                    if name not in seen:
                        todo.add(name)
    return sorted(found)


def main() -> None:
    """Write the file."""
    reference = Path(sys.argv[1])
    dump = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    graph = axioms(reference)
    lines = [
        "# Written by scripts/alignment.py from OntoPiA's modules and alignments (CC BY 4.0): the named",
        "# super terms of the terms that the graph uses, which the build writes out.",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "",
    ]
    for term, predicate, above in closure(graph, used_terms(dump)):
        if (URIRef(term), RDF.type, OWL.Ontology) not in graph:
            lines.append(f"<{term}> rdfs:{predicate.rsplit('#', 1)[1]} <{above}> .")
    (ONTOLOGY / "MDS-aligns.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
