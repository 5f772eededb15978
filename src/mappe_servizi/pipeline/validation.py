"""Validating a build's output once more: with other shapes, or another engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mappe_servizi.checks.shacl import Report, read_data, read_shapes, validate, validate_files
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.outputs import declared
from mappe_servizi.rdf.dump import triples_of
from mappe_servizi.rdf.namespaces import NAMED_GRAPHS, Iris
from mappe_servizi.releases.integrity import check_content
from mappe_servizi.releases.opened import Release, open_release
from mappe_servizi.settings import Settings

VALIDATION_REPORT = Path(declared.VALIDATION.path)


def validate_release(settings: Settings) -> Report:
    """Validate everything in a release; its own base is the one that counts.

    Raises:
        MappeError: there is no release, or a shape cannot be used.
    """
    release = open_release(settings.release)
    shapes = read_shapes(settings.shapes, release.base_uri)
    try:
        check_content(release.dump, release.files[declared.DUMP.path])
    except InputError:  # whatever it has become, it may be RDF
        return validate(read_data([release.dump]), shapes, settings.engine)
    graphs = map(Iris(release.base_uri).named_graph, NAMED_GRAPHS)
    with release.dump.open("rb") as lines:  # as a build writes them: nothing has to be parsed
        return validate(triples_of(lines, graphs), shapes, settings.engine)


def validate_named(names: Sequence[str], settings: Settings) -> Report:
    """Validate RDF files, and municipalities or editions of a release by their names.

    A file goes before a municipality of its name.

    Raises:
        MappeError: a name is neither, or a file or a shape cannot be used.
    """
    paths = [Path(name) for name in names]
    if all(path.exists() or path.suffix for path in paths):
        return validate_files(paths, settings)
    release = open_release(settings.release)
    files = {file for path in paths for file in ([path] if path.exists() else _parts(release, path.name))}
    return validate_files(sorted(files), replace(settings, base_uri=release.base_uri))


def _parts(release: Release, name: str) -> list[Path]:
    editions = [edition for edition in release.editions if name in (edition, edition.rpartition("-")[0])]
    if not editions:
        there = ", ".join(release.editions)
        raise MappeError(f"{name!r} is no file, and no municipality or edition of the release ({there})")
    return [declared.DUMP_OF_PART.at(release.path, part=edition) for edition in editions]
