"""The national catalogue of semantic assets (schema.gov.it), which harvests a fresh clone of a repository.

The rules are those of its harvester (teamdigitale/dati-semantic-backend: which folders it scans, which
files it takes, which metadata it refuses an asset without, and of which it only warns), told anew.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from mappe_servizi.formats import TURTLE
from mappe_servizi.rdf.namespaces import DCAT, DCATAPIT, DCT, FOAF, OWL, RDFS, VCARD, Namespace
from mappe_servizi.rehearsal.account import Account, Record
from mappe_servizi.rehearsal.triples import Node, Triples, text
from mappe_servizi.rehearsal.visit import Visit

ADMSAPIT = Namespace("https://w3id.org/italia/onto/ADMS/")
NDC = Namespace("https://w3id.org/italia/onto/NDC/")
RDF_TURTLE = NamedNode(f"http://publications.europa.eu/resource/authority/file-type/{TURTLE.code}")
SKIPPED_FOLDERS = ("scriptr2rml", "sparql", "deprecated")
VERSION = re.compile(r"v?\d+(\.\d+){0,2}|latest")
KEY_CONCEPT = re.compile(r"\w(:?[\w-]+\w)*")
SECONDS = 300


@dataclass(frozen=True)
class AssetKind:
    """What the harvester looks for: where, which files, of which class, with which distributions.

    Attributes:
        folder: below the clone's top.
        legacy: where there is none, this one.
        of: the class of the one asset that a file has.
        distribution: the property that leads to its distributions.
        skipped: parts of names of files that are no assets.
        only_latest: whether only the newest version's folder is looked into.
        index: whether only ``index.ttl`` is taken.
    """

    folder: str
    legacy: str
    of: NamedNode
    distribution: NamedNode
    skipped: tuple[str, ...] = ()
    only_latest: bool = False
    index: bool = False


ONTOLOGY = AssetKind(
    "assets/ontologies",
    "Ontologie",
    OWL["Ontology"],
    ADMSAPIT["hasSemanticAssetDistribution"],
    ("aligns", "example"),
    only_latest=True,
)
VOCABULARY = AssetKind(
    "assets/controlled-vocabularies", "VocabolariControllati", DCATAPIT["Dataset"], DCAT["distribution"]
)
SCHEMA = AssetKind("assets/schemas", "Schema", DCATAPIT["Dataset"], DCAT["distribution"], index=True)
KINDS = (ONTOLOGY, VOCABULARY, SCHEMA)


@dataclass(frozen=True)
class HarvestedAsset:
    """An asset as the harvester sees it; without errors, it is in the catalogue."""

    path: Path
    iri: str = ""
    record: Record | None = None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def harvest(visit: Visit) -> list[Account]:
    """Scan a fresh clone, or the folder of the ontology where there is no repository."""
    account = Account("national catalogue, schema.gov.it")
    folder = visit.settings.ontology
    if visit.repository is not None:
        folder = visit.place / "clone"
        if problem := clone(visit.repository, folder):
            account.lose(visit.repository, f"it cannot be cloned: {problem}")
            return [account]
    else:
        account.notes.append("no repository: the ontology's own folder is scanned in a clone's place")
    found = {kind: [look(path, kind) for path in scan(folder, kind)] for kind in KINDS}
    for kind in (ONTOLOGY, VOCABULARY):
        if not found[kind]:
            account.lose(visit.repository or str(folder), f"nothing is found in {kind.folder}")
    for asset in (one for assets in found.values() for one in assets):
        name = asset.iri or asset.path.relative_to(folder).as_posix()
        account.lose(name, *asset.errors)
        account.advise(name, *asset.warnings)
        if asset.record is not None and not asset.errors:
            account.records[name] = asset.record
    account.notes.append(
        ", ".join(f"{len(assets)} in {kind.folder}" for kind, assets in found.items() if assets)
    )
    return [account]


def clone(repository: str, target: Path) -> str:
    """Clone a repository, as committed; why it cannot be, empty where it is."""
    git = shutil.which("git")
    if git is None:
        return "there is no git on this machine"
    command = [git, "clone", "--quiet", "--no-hardlinks", "--", repository, str(target)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"it takes more than {SECONDS} s"
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no reason"])[-1]


def scan(top: Path, kind: AssetKind) -> list[Path]:
    """The files that the harvester takes."""
    for name in (kind.folder, kind.legacy):
        if (top / name).is_dir():
            return list(_leaves(top / name, kind))
    return []


def _leaves(folder: Path, kind: AssetKind) -> Iterator[Path]:
    """The files of folders that have no folder below them; of versions, an ontology's newest only."""
    below = [p for p in sorted(folder.iterdir()) if not any(w in p.name.lower() for w in SKIPPED_FOLDERS)]
    folders = [p for p in below if p.is_dir()]
    versions = [p.name for p in folders if VERSION.fullmatch(p.name)]
    newest = "latest" if "latest" in versions else max(versions, key=_number, default=None)
    for one in folders:
        if not (kind.only_latest and one.name in versions and one.name != newest):
            yield from _leaves(one, kind)
    if not folders:
        files = [
            p
            for p in below
            if p.suffix.lower() == ".ttl" and not any(w in p.name.lower() for w in kind.skipped)
        ]
        if kind.index:
            yield from (p for p in files if p.name == "index.ttl")
        elif kind is ONTOLOGY or len(files) == 1:  # a vocabulary's folder with two is skipped
            yield from files


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version))


def look(path: Path, kind: AssetKind) -> HarvestedAsset:
    """What the harvester makes of a file."""
    try:
        graph = Triples.of_file(path)
    except (OSError, ValueError) as error:
        return HarvestedAsset(path, errors=(f"it cannot be read: {error}",))
    found = graph.of(kind.of)
    if len(found) != 1:
        return HarvestedAsset(path, errors=(f"{len(found)} of {kind.of.value}, in place of one",))
    [node] = found
    record = {
        "title": graph.texts(node, DCT["title"]),
        "status": graph.text(node, ADMSAPIT["status"]),
        "theme": [text(o) for o in graph.objects(node, DCAT["theme"])],
        "modified": graph.text(node, DCT["modified"]),
        "versionInfo": graph.text(node, OWL["versionInfo"]),
        "keyConcept": [text(o) for o in graph.objects(node, NDC["keyConcept"])],
        "rightsHolder": graph.text(graph.value(node, DCT["rightsHolder"]), FOAF["name"]),
    }
    errors, warnings = tuple(_errors(graph, node, kind)), tuple(_warnings(graph, node, kind))
    return HarvestedAsset(path, text(node), {k: v for k, v in record.items() if v}, errors, warnings)


def _errors(graph: Triples, node: Node, kind: AssetKind) -> Iterator[str]:
    for name in ("title", "description", "modified"):
        if not {"", "it", "en"} & {*graph.texts(node, DCT[name])}:
            yield f"{name} is missing"
    for name, predicate in (("theme", DCAT["theme"]), ("accrualPeriodicity", DCT["accrualPeriodicity"])):
        if not [o for o in graph.objects(node, predicate) if isinstance(o, NamedNode)]:
            yield f"{name} is missing"
    holder = graph.value(node, DCT["rightsHolder"])
    if not (graph.text(holder, DCT["identifier"]) and graph.text(holder, FOAF["name"])):
        yield "rightsHolder with identifier and name is missing"
    turtle = [
        d for d in graph.objects(node, kind.distribution) if graph.value(d, DCT["format"]) == RDF_TURTLE
    ]
    if not turtle or not all(graph.value(d, DCAT["downloadURL"]) for d in turtle):
        yield "a distribution in Turtle with downloadURL is missing"
    concepts = [text(o) for o in graph.objects(node, NDC["keyConcept"])]
    if kind is VOCABULARY and not (len(concepts) == 1 and KEY_CONCEPT.fullmatch(concepts[0])):
        yield f"keyConcept must be one word, not {concepts}"
    if any(not isinstance(o, Literal) for o in graph.objects(node, ADMSAPIT["status"])):
        yield "status is no text"  # the harvester reads it as one, and fails


def _warnings(graph: Triples, node: Node, kind: AssetKind) -> Iterator[str]:
    if graph.value(graph.value(node, DCAT["contactPoint"]), VCARD["hasEmail"]) is None:
        yield "contactPoint with hasEmail is missing"
    for name in ("publisher", "creator"):
        if not [o for o in graph.objects(node, DCT[name]) if graph.value(o, FOAF["name"])]:
            yield f"{name} is missing"
    for name in ("issued", "language", "subject", "conformsTo"):
        if graph.value(node, DCT[name]) is None:
            yield f"{name} is missing"
    if graph.value(node, OWL["versionInfo"]) is None:
        yield "versionInfo is missing"
    if kind is ONTOLOGY:
        yield from _warnings_of_ontologies(graph, node)


def _warnings_of_ontologies(graph: Triples, node: Node) -> Iterator[str]:
    if not all(graph.value(c, RDFS["label"]) for c in graph.objects(node, ADMSAPIT["hasKeyClass"])):
        yield "hasKeyClass has no label"
    for name in ("prefix", "semanticAssetInUse"):
        if graph.value(node, ADMSAPIT[name]) is None:
            yield f"{name} is missing"
