"""A run of ``mappe link``: score, decide, explain, publish."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from mappe_servizi.graph.namespaces import DCT, OWL, PROV, RDF, RDFS, SKOS, XSD, Iris, prefixes
from mappe_servizi.identifiers import slugify
from mappe_servizi.link.lists import read_list
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.linkage.decisions import Link, decide, load_decisions
from mappe_servizi.providers.linkage.explain import explanation, waterfall
from mappe_servizi.providers.linkage.features import Listed, Towns, all_features, load_common
from mappe_servizi.providers.linkage.model import Scored, load_model, score
from mappe_servizi.settings import Settings

COLUMNS = (
    "left", "leftName", "right", "rightName", "relation", "probability", "decidedBy", "reason", "evidence",
    "explanation",
)  # fmt: skip
LEAST = 0.01
"""Pairs below this probability are not even kept for decisions."""
MODEL = "linkage-model.json"


def link(settings: Settings, left: Path, right: Path | None, output: Path) -> list[Link]:
    """Link two lists, or one with itself, and write the results to a directory.

    Raises:
        InputError: a list, the model or the decisions cannot be used.
    """
    first = read_list(left)
    second = read_list(right) if right else first
    directory = settings.data / "providers"
    model = load_model(settings.knowledge / MODEL)
    pairs = score_lists(first, second, settings.knowledge, model)
    if right is None:
        pairs = [pair for pair in pairs if pair.left < pair.right]
    known = {item.id: item for item in (*first, *second)}
    decisions = [
        d for d in load_decisions(directory / "decisions.csv") if d.left in known and d.right in known
    ]
    links = decide(pairs, decisions)
    publish(links, known, output, settings.base_uri, model)
    return links


def score_lists(
    left: Sequence[Listed], right: Sequence[Listed], knowledge: Path, model: dict[str, Any]
) -> list[Scored]:
    """Every pair of two lists that the model finds worth a look, best first."""
    forms = LegalForms.load(knowledge / "legal-forms.csv")
    towns = Towns.load(knowledge, (item.town for item in (*left, *right)))
    common = load_common(knowledge / "common-names.csv")
    return score(
        all_features(left, forms, towns, common), all_features(right, forms, towns, common), model, LEAST
    )


def publish(
    links: Sequence[Link], known: Mapping[str, Listed], output: Path, base: str, model: dict[str, Any]
) -> None:
    """Write links.csv, links.ttl and an explanation (SVG and JSON) of every scored pair."""
    drawings = output / "explanations"
    drawings.mkdir(parents=True, exist_ok=True)
    with (output / "links.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for item in links:
            names = known[item.left].name, known[item.right].name
            writer.writerow(_row(item, names))
            if item.scored is not None:
                stem = drawings / pair_slug(item)
                stem.with_suffix(".svg").write_text(waterfall(item.scored, *names), "utf-8")
                text = json.dumps(explanation(item.scored, *names), ensure_ascii=False, indent=1)
                stem.with_suffix(".json").write_text(text + "\n", "utf-8")
    triples = list(_triples(links, known, Iris(base), model))
    serialize(triples, output / "links.ttl", RdfFormat.TURTLE, prefixes=prefixes(base))


def pair_slug(item: Link) -> str:
    """A stable name for a pair."""
    digest = hashlib.sha256(f"{item.left}\n{item.right}".encode()).hexdigest()[:10]
    return f"{slugify(item.left.rsplit('/', 1)[-1], 40)}-{digest}"


def _row(item: Link, names: tuple[str, str]) -> list[object]:
    decision = item.decision
    return [
        item.left, names[0], item.right, names[1], item.relation,
        item.scored.probability if item.scored else "",
        "reviewer" if decision else "model",
        decision.reason if decision else "",
        decision.evidence if decision else "",
        f"explanations/{pair_slug(item)}.svg" if item.scored else "",
    ]  # fmt: skip


def _triples(
    links: Sequence[Link], known: Mapping[str, Listed], iris: Iris, model: dict[str, Any]
) -> list[Triple]:
    """Each link and its evidence; rejected pairs are stated as rejected, with no link."""
    mds = iris.mds
    digest = hashlib.sha256(json.dumps(model, sort_keys=True).encode()).hexdigest()
    activity = iris.data("activity", f"link-{digest[:12]}")
    found = [
        Triple(activity, RDF["type"], PROV["Activity"]),
        Triple(activity, RDFS["label"], Literal("Collegamento dei fornitori (splink)", language="it")),
        Triple(activity, DCT["identifier"], Literal(digest)),
    ]
    for item in links:
        if ":" not in item.left or ":" not in item.right:
            continue  # a list's row without an IRI cannot be the subject of a triple
        left, right = NamedNode(item.left), NamedNode(item.right)
        node = iris.data("activity", f"link-{digest[:12]}", pair_slug(item))
        label = f"{known[item.left].name} ~ {known[item.right].name}"
        found += [
            Triple(node, RDF["type"], mds["ProviderLink"]),
            Triple(node, RDFS["label"], Literal(label, language="it")),
            Triple(node, mds["linkedProvider"], left),
            Triple(node, mds["linkedProvider"], right),
            Triple(node, mds["linkRelation"], Literal(item.relation)),
            Triple(node, PROV["wasGeneratedBy"], activity),
        ]
        if item.scored is not None:
            probability = Literal(str(item.scored.probability), datatype=XSD["decimal"])
            found.append(Triple(node, mds["linkProbability"], probability))
        if item.decision is not None:
            text = f"{item.decision.reason} [{item.decision.evidence}]"
            found.append(Triple(node, SKOS["editorialNote"], Literal(text, language="en")))
        if item.relation != "rejected":
            property_ = OWL["sameAs"] if item.relation == "sameAs" else SKOS["closeMatch"]
            found.append(Triple(left, property_, right))
    return found
