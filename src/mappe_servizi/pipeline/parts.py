"""What a build made of each municipality, kept in the build: where it cannot be read later, it stands for it.

The manifest has the hash of each, and of what could not be published when it was made: a part that was
made before something was redacted is not taken over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs import declared
from mappe_servizi.pipeline.archive import pack, unpack
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.stages import Stage
from mappe_servizi.progress import Progress
from mappe_servizi.releases import open_release
from mappe_servizi.releases.manifest import PARTS

FORMAT: Final = 1
"""Of what is in a part; one of another format is not taken over."""


def write_part(stage: Stage, folder: str, results: Path, directory: Path, cache: Cache) -> dict[str, Any]:
    """Keep a municipality's results in a build; returns what the manifest says of them."""
    content = cache.archive(stage) or pack(results)
    declared.PART.at(directory, municipality=folder).write_bytes(content)
    return {"format": FORMAT, "sha256": hashlib.sha256(content).hexdigest(), "privacy": stage.privacy}


@dataclass(frozen=True, slots=True)
class Previous:
    """The parts of a release, or of another build's output.

    Attributes:
        directory: the real one.
        parts: what its manifest says of each, by folder.
        key: the hash of the manifest.
    """

    directory: Path
    parts: Mapping[str, Mapping[str, Any]]
    key: str

    @classmethod
    def open(cls, path: Path, base: str) -> Previous:
        """Read its manifest.

        Raises:
            MappeError: it is no build's output, or of another base.
        """
        release = open_release(path)
        try:
            if release.base_uri != base:
                raise MappeError(f"{path} has the base {release.base_uri}, and this build {base}")
            said = json.dumps(release.facts, sort_keys=True).encode()
            parts = release.facts.get(PARTS, {})
            return cls(release.path, parts, hashlib.sha256(said).hexdigest())
        finally:
            release.close()

    def stage(self, stage: Stage, folder: str) -> Stage | str:
        """The stage that stands in for a municipality's, or why there is none."""
        said = self.parts.get(folder)
        if said is None:
            return "the previous release has nothing of it"
        if said["format"] != FORMAT:
            return "what the previous release has of it was written by another version"
        if said["privacy"] != stage.privacy:
            return "what may be published of it has changed since the previous release"
        path, digest = declared.PART.at(self.directory, municipality=folder), said["sha256"]
        inputs = {"program": stage.inputs["program"], "part": digest}
        return replace(stage, name="kept municipality", inputs=inputs, make=partial(take_over, path, digest))


def take_over(part: Path, digest: str, target: Path, progress: Progress) -> None:
    """Write the results that a part has.

    Raises:
        MappeError: it is not there, or not as the manifest says.
    """
    try:
        content = part.read_bytes()
    except OSError as error:
        raise MappeError(f"{part} cannot be read: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise MappeError(f"{part} is not what the release's manifest says: it is damaged")
    unpack(content, target)
