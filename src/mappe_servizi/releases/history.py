"""The releases that there were, as the manifest and the catalogue tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from mappe_servizi.graph.catalogue import Numbered
from mappe_servizi.rdf.builder import en, it
from mappe_servizi.rdf.namespaces import ADMS, DCAT, DCT, FOAF, PROV, RDF, RDFS, XSD, Iris


def entry(numbered: Numbered) -> dict[str, str]:
    """A release as the manifest's history has it."""
    notes = numbered.notes
    return {"number": str(numbered.number), "date": numbered.date, "it": notes["it"], "en": notes["en"]}


def described(base: str, history: Iterable[Mapping[str, Any]]) -> list[Triple]:
    """Every release as a version of the whole data set; the last one is the current one."""
    iris = Iris(base)
    whole = iris.data("dataset", "all")
    found, number = [], 0
    for one in history:
        found += _release_triples(iris, whole, one)
        number = int(one["number"])
    if number > 1:
        found.append(Triple(whole, DCAT["previousVersion"], iris.data("release", number - 1)))
    return found


def _release_triples(iris: Iris, whole: NamedNode, entry: Mapping[str, Any]) -> list[Triple]:
    node, number = iris.data("release", entry["number"]), entry["number"]
    found = [
        Triple(node, RDF["type"], PROV["Entity"]),
        Triple(node, RDF["type"], DCAT["Resource"]),
        Triple(node, RDFS["label"], it(f"Rilascio {number}")),
        Triple(node, RDFS["label"], en(f"Release {number}")),
        Triple(node, DCT["title"], it(f"Mappe dei servizi, rilascio {number}")),
        Triple(node, DCT["title"], en(f"Service maps, release {number}")),
        Triple(node, DCAT["version"], Literal(number)),
        Triple(node, DCT["issued"], Literal(entry["date"], datatype=XSD["date"])),
        Triple(node, ADMS["versionNotes"], it(entry["it"])),
        Triple(node, ADMS["versionNotes"], en(entry["en"])),
        Triple(node, FOAF["page"], NamedNode(f"{iris.base}release/{number}/")),
        Triple(whole, DCAT["hasVersion"], node),
    ]
    if int(number) > 1:
        found.append(Triple(node, DCAT["previousVersion"], iris.data("release", int(number) - 1)))
    return found
