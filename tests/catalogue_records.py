"""Records that CKAN's harvester makes of a catalogue."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers import ROOT
from others import Run

FORMATS = ("ttl", "rdf", "jsonld")
Record = dict[str, Any]


def harvest(other: Run, profile: str, paths: Iterable[Path]) -> list[dict[str, Any]]:
    """What the harvester reads from some files: data sets and the next page of each."""
    done = other("python", ROOT / "tests" / "catalogue" / "harvest.py", profile, *paths)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def extras(record: Record) -> dict[str, str]:
    """A record's further fields."""
    return {extra["key"]: extra["value"] for extra in record["extras"]}


def by_iri(harvested: dict[str, Any]) -> list[Record]:
    """The data sets in the order of their IRIs."""
    return sorted(harvested["datasets"], key=lambda d: d.get("uri") or extras(d)["uri"])
