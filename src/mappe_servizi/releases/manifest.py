"""manifest.json: what is in a build's directory. Written last, it makes the directory complete."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, parse

from mappe_servizi import __version__
from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.outputs.declared import MANIFEST
from mappe_servizi.model.outputs.lookup import is_published
from mappe_servizi.model.records import Document
from mappe_servizi.rdf.namespaces import DCT, FOAF
from mappe_servizi.releases.opened import FORMAT
from mappe_servizi.rights import Licences, to_manifest
from mappe_servizi.settings import Settings

PARTS, QUARANTINED = "parts", "quarantined"
"""Facts: what there is of each municipality's results, by folder, and which of them could not be read."""
ONTOLOGY = Path("assets") / "ontologies" / "MDS" / "latest" / "MDS.ttl"


def facts_of_edition(document: Document) -> dict[str, Any]:
    """What the manifest says of one document, as plain values."""
    of = document.municipality
    return {
        "edition": f"{of.ipa}-{of.edition}",
        "modified": of.modified.isoformat() if of.modified else None,
        "redactions": list(document.redactions),
        "municipality": {**_plain(of.settings), "years": list(document.years)},
    }


def facts_of(editions: Sequence[Mapping[str, Any]], settings: Settings) -> dict[str, Any]:
    """What the manifest says of its input (date, editions, municipalities) and of who publishes it.

    Args:
        editions: what ``facts_of_edition`` says of each.
        settings: who publishes it, and where knowledge is.

    Raises:
        InputError: the table of licences, or the ontology, cannot be used.
    """
    own = knowledge(settings.ontology)
    municipalities = [edition["municipality"] for edition in editions]
    used = {own["licence"], *(of.get("rights", {}).get("licence") for of in municipalities)}
    return {
        **published_by(settings),
        "knowledge": own,
        "licences": to_manifest(one for one in Licences.load(settings.knowledge).all if one.iri in used),
        "modified": modified(edition["modified"] for edition in editions),
        "editions": sorted(edition["edition"] for edition in editions),
        "suppressedBelow": settings.small_count_threshold if settings.suppress_small_counts else 0,
        "redactions": sorted({key for edition in editions for key in edition["redactions"]}),
        "municipalities": municipalities,
    }


def published_by(settings: Settings) -> dict[str, Any]:
    """Who publishes, and who made the data set."""
    return {
        "publisher": settings.publisher_identifier,
        "publisherName": settings.publisher_name,
        "creator": settings.creator_identifier,
        "creatorName": settings.creator_name,
    }


def knowledge(ontology: Path) -> dict[str, str]:
    """Licence and rights holder of ontology, vocabularies and shapes, as the ontology states them.

    Raises:
        InputError: it cannot be read, or does not state them.
    """
    path = ontology / ONTOLOGY
    try:
        stated = {(q.subject, q.predicate): q.object for q in parse(path=path, base_iri=DEFAULT_BASE)}
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"the ontology cannot be read: {error}", file=path) from error
    subject = NamedNode(f"{DEFAULT_BASE}onto/MDS")
    licence, holder = (stated.get((subject, DCT[name])) for name in ("license", "rightsHolder"))
    code, name = (stated.get((holder, p)) for p in (DCT["identifier"], FOAF["name"]))
    if not isinstance(licence, NamedNode) or not isinstance(code, Literal) or not isinstance(name, Literal):
        raise InputError("the ontology must state dct:license and dct:rightsHolder", file=path)
    return {"licence": licence.value, "holder": code.value, "holderName": name.value}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A TOML table as JSON has it, its dates as texts."""
    return {
        key: _plain(v) if isinstance(v, Mapping) else v.isoformat() if isinstance(v, date) else v
        for key, v in values.items()
    }


def write_manifest(  # noqa: PLR0913  # all that a manifest says
    directory: Path,
    base: str,
    facts: Mapping[str, Any],
    dump_sha256: str,
    counts: Mapping[str, Mapping[str, int]],
    *,
    known: Mapping[str, dict[str, Any]] | None = None,
    release: Mapping[str, Any] | None = None,
) -> None:
    """Describe everything that stands in the directory.

    Args:
        directory: the build's, or a release's.
        base: of every IRI.
        facts: those of the input (``facts_of``).
        dump_sha256: of the whole dump.
        counts: triples of each part, rows of each table, results of validation.
        known: files that have been described and are as they were.
        release: number and date of a release.
    """
    manifest = {
        "format": FORMAT,
        "version": __version__,
        "baseUri": base,
        **facts,
        "dump": dump_sha256,
        "counts": counts,
        "release": release,
        "files": describe_files(directory, known=known),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    MANIFEST.at(directory).write_text(text + "\n", encoding="utf-8")


def describe_files(
    directory: Path, names: Iterable[str] | None = None, known: Mapping[str, dict[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of published files, by path; of all that there are where none are named.

    Args:
        directory: the build's, or a release's.
        names: paths in it.
        known: of files that are as they were.
    """
    told = names or filter(is_published, files_in(directory))
    return {name: (known or {}).get(name) or _described(directory / name) for name in told}


def modified(dates: Iterable[str | None]) -> str | None:
    """The date of the newest input: SOURCE_DATE_EPOCH where it is set, else of the documents.

    Raises:
        MappeError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
        except (ValueError, OverflowError) as error:
            raise MappeError(f"SOURCE_DATE_EPOCH must be a number of seconds: {epoch!r}") from error
    return max(filter(None, dates), default=None)


def files_in(directory: Path) -> Iterator[str]:
    """The paths of all files, sorted."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path.relative_to(directory).as_posix()


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
