"""Records that CKAN's harvester makes of a catalogue."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mappe_servizi.rehearsal.harvesters.ckan import flat, parsed
from others import BIN

FORMATS = ("ttl", "rdf", "jsonld")
Record = dict[str, Any]


def harvest(profile: str, paths: Iterable[Path]) -> list[dict[str, Any]]:
    """What the harvester reads from some files: data sets and the next page of each."""
    assert (BIN.parent / ".done").exists(), "run `make .venv/harvest/.done`"
    [found] = parsed(BIN / "python", [profile], paths).values()
    return [{**one, "datasets": [flat(dataset) for dataset in one["datasets"]]} for one in found]


def by_iri(harvested: dict[str, Any]) -> list[Record]:
    """The data sets in the order of their IRIs."""
    return sorted(harvested["datasets"], key=lambda d: str(d["uri"]))
