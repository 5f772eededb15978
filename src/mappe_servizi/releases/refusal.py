"""What keeps a build from being released, all of it at once and before any work: what to set, and where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.errors import MappeError
from mappe_servizi.graph.catalogue import Covered
from mappe_servizi.model.outputs import declared
from mappe_servizi.releases.assessment import Assessment, assess, beyond
from mappe_servizi.releases.manifest import QUARANTINED
from mappe_servizi.releases.opened import Release
from mappe_servizi.releases.rollback import numbers
from mappe_servizi.rights import Standing
from mappe_servizi.settings import Settings


def releasable(build: Release, before: Release | None, settings: Settings) -> Assessment:
    """What was found in a build that may be released.

    Raises:
        MappeError: rights holder, licence, its basis or publisher is not set, the address is another's or not
            that of the releases before, more is wrong or open than is allowed, a municipality of the release
            before could not be read, or the newest release has no number that another could follow.
    """
    _check_number(settings.releases, before)
    _check_base(build, before, settings)
    _check_nothing_lost(build, before)
    found = assess(build, settings)
    said = [*_unset_rights(build, settings), *unset_settings(settings)]
    said = [f"a release needs {one}" for one in said]
    report = declared.VALIDATION.at(settings.release)
    said += beyond(found, settings, settings.release, str(report))
    if said:
        raise MappeError("\n".join(said))
    return found


def _unset_rights(build: Release, settings: Settings) -> Iterator[str]:
    standing = Standing.read(build.facts)
    for facts in build.facts["municipalities"]:
        covered = Covered.read(facts, standing)
        file = settings.data / "municipalities" / covered.ipa / "municipality.toml"
        values = (
            ("rights holder", "holder", covered.holder),
            ("licence", "licence", covered.rights.licences),
            ("licence basis", "basis", covered.basis),
        )
        for what, key, value in values:
            if not value:
                yield f"the {what} of {covered.ipa}: set '{key}' in [rights] of {file}, and build again"


def unset_settings(settings: Settings) -> Iterator[str]:
    """What a release needs and no setting says, with where to set it."""
    for what, name, value in (
        ("the publisher's name", "publisher-name", settings.publisher_name),
        ("the publisher's code", "publisher-identifier", settings.publisher_identifier),
    ):
        if not value:
            yield f"{what}: set '{name}' in {settings.origin.home}"
    if settings.base_uri == DEFAULT_BASE and not settings.owns_canonical_base:
        yield (
            f"an address of its own: {DEFAULT_BASE} is another instance's; set 'base-uri' in "
            f"{settings.origin.home}, and build again"
        )


def _check_number(releases: Path, before: Release | None) -> None:
    if before is not None and before.number != numbers(releases)[-1]:
        raise MappeError(
            f"{releases / str(numbers(releases)[-1])} names a directory that is release {before.number}"
        )


def _check_nothing_lost(build: Release, before: Release | None) -> None:
    """Refuse to withdraw a municipality only because it could not be read."""
    if before is None:
        return
    stood = {edition.rpartition("-")[0] for edition in before.editions}
    left_out = [one["municipality"] for one in build.facts.get(QUARANTINED, ()) if not one["kept"]]
    if lost := sorted(stood.intersection(left_out)):
        said = f"{', '.join(lost)} could not be read, so what release {before.number} says of it would go"
        raise MappeError(f"{said}: mend it, or build with --previous {before.path}")


def _check_base(build: Release, before: Release | None, settings: Settings) -> None:
    if before is not None and before.base_uri != build.base_uri:
        raise MappeError(
            f"release {before.number} in {settings.releases} has addresses below {before.base_uri}, and this "
            f"build below {build.base_uri}: no change log could tell that everything moved. Set 'releases' "
            f"in {settings.origin.home} to a new directory, and let the old addresses redirect (page Moving)"
        )
