"""What a run writes: links.csv, clusters.csv, cluster-pairs.csv, links.ttl, and explanations on demand."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, serialize

from mappe_servizi.graph.links import add_link
from mappe_servizi.linking.explain import because, explanation, waterfall
from mappe_servizi.linking.links import By, Link, Linked, Relation, roles
from mappe_servizi.linking.mappings import Justification, LinkMapping, Status
from mappe_servizi.linking.scorecard import probability
from mappe_servizi.model.identifiers import slugify
from mappe_servizi.rdf.builder import Builder
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import Iris, prefixes

LINKS = (
    "left", "leftName", "right", "rightName", "score", "relation", "cluster", "decidedBy", "reason",
    "evidence",
)  # fmt: skip
CLUSTERS = ("cluster", "list", "id", "name", "iri")
STATUS: Mapping[Relation, Status] = {"sameAs": "accepted", "closeMatch": "proposed", "rejected": "rejected"}
JUSTIFICATIONS: Mapping[By, Justification] = {
    "reviewer": "ManualMappingCuration",
    "identifier": "CompositeMatching",
    "model": "LexicalSimilarityThresholdMatching",
}
PAIRS = ("cluster", "role", "leftList", "left", "leftName", "rightList", "right", "rightName", "score")


def publish(linked: Linked, output: Path, base: str, *, explain: bool = False) -> None:
    """Write a run's results to a directory."""
    output.mkdir(parents=True, exist_ok=True)
    _table(output / "links.csv", LINKS, (_link(linked, item) for item in linked.links))
    _table(output / "clusters.csv", CLUSTERS, _clusters(linked))
    _table(output / "cluster-pairs.csv", PAIRS, _pairs(linked))
    serialize(_triples(linked, Iris(base)), output / "links.ttl", RdfFormat.TURTLE, prefixes=prefixes(base))
    if explain:
        _explanations(linked, output / "explanations")


def _table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _link(linked: Linked, link: Link) -> list[object]:
    rows = linked.matched.rows
    left, right, decision = rows[link.left], rows[link.right], link.decision
    cluster = linked.names.get(linked.clusters.of[link.left], "") if link.relation != "rejected" else ""
    return [
        left.id, left.name, right.id, right.name, link.score, link.relation, cluster, link.by,
        because(linked.matched, link), decision.evidence if decision else "",
    ]  # fmt: skip


def _clusters(linked: Linked) -> Iterator[list[object]]:
    matched = linked.matched
    for number, name in sorted(linked.names.items(), key=lambda item: item[1]):
        for row in linked.clusters.members[number]:
            listed = matched.rows[row]
            yield [name, matched.lists[matched.list_of[row]].name, listed.id, listed.name, listed.iri]


def _pairs(linked: Linked) -> Iterator[list[object]]:
    matched = linked.matched
    for pair, role in roles(linked):
        left, right = matched.rows[pair.left], matched.rows[pair.right]
        yield [
            linked.names.get(linked.clusters.of[pair.left], "") if role == "holds" else "", role,
            matched.lists[matched.list_of[pair.left]].name, left.id, left.name,
            matched.lists[matched.list_of[pair.right]].name, right.id, right.name,
            round(probability(pair.odds), 6),
        ]  # fmt: skip


def pair_slug(linked: Linked, link: Link) -> str:
    """A stable name for a pair."""
    left, right = linked.matched.rows[link.left], linked.matched.rows[link.right]
    digest = hashlib.sha256(f"{left.iri}\n{right.iri}".encode()).hexdigest()[:10]
    return f"{slugify(left.name, 40)}-{digest}"


def _explanations(linked: Linked, directory: Path) -> None:
    directory.mkdir(exist_ok=True)
    for link in linked.links:
        data = explanation(linked.matched, link)
        stem = directory / pair_slug(linked, link)
        stem.with_suffix(".svg").write_text(waterfall(data), "utf-8")
        stem.with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _mappings(linked: Linked) -> Iterator[LinkMapping]:
    """Each link as it is published: the model's are never more than linked, whatever their probability."""
    rows = linked.matched.rows
    for link in linked.links:
        left, right, decision = rows[link.left], rows[link.right], link.decision
        sure = link.by != "model"
        yield LinkMapping(
            left.iri,
            left.name,
            "sameAs" if sure else "linkedTo",
            right.iri,
            right.name,
            STATUS[link.relation],
            JUSTIFICATIONS[link.by],
            None if link.by == "reviewer" else link.score,
            f"{decision.reason} [{decision.evidence}]" if decision else because(linked.matched, link),
            decision.decided if decision else None,
        )


def _triples(linked: Linked, iris: Iris) -> list[Triple]:
    """Each link and its evidence; those that are not accepted state nothing of their rows."""
    b = Builder(iris, Hierarchy(()))
    for mapping in _mappings(linked):
        add_link(b, mapping)
    return [Triple(*statement) for statement in b]
