"""From maintained data to a release: ``mappe build``, ``validate``, ``release``, ``rehearse``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from mappe_servizi.instance import InInstance
from mappe_servizi.options import command, fail
from mappe_servizi.settings import Settings


@command("build", extra="build")
def build_command(settings: Settings) -> None:
    """Build everything from the maintained data, then let the output link name it."""
    from mappe_servizi.pipeline.build import build

    build(settings)


@command("validate", extra="build")
@click.argument("names", nargs=-1)
@click.option("--report", type=click.Path(path_type=Path), help="Where to write the report of NAMES.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as one JSON object.")
def validate(
    settings: Settings,
    names: tuple[str, ...],
    report: Path | None,
    as_json: bool,
) -> None:
    """Validate a release, or RDF files, or municipalities of the release.

    NAMES are paths of files, municipalities (c_d150) or editions (c_d150-2020). A release's report is
    written to its report/validation.ttl. The status is 1 where there are violations; warnings and
    information do not count.
    """
    from mappe_servizi.checks import shacl
    from mappe_servizi.pipeline.validation import VALIDATION_REPORT, validate_named, validate_release

    if names:
        found = validate_named(names, settings)
    else:
        found = validate_release(settings)
        report = report or settings.release / VALIDATION_REPORT
    if report:
        shacl.write_report(found, report)
    if as_json:
        click.echo(json.dumps(shacl.as_json(found), ensure_ascii=False, indent=1))
    else:
        shacl.print_report(found)
        click.echo(shacl.summary(found), err=bool(found.results))
    if found.violations:
        fail(f"{found.violations} violations" + (f", in {report}" if report else ""))


@command("release", extra="build")
@click.option(
    "--rollback", type=click.IntRange(min=1), metavar="N", help="Make release N the current one again."
)
@click.option("--if-changed", is_flag=True, help="Where nothing has changed, say so and succeed.")
@click.option("--sweep", is_flag=True, help="Make none; remove what no release names, and say what remains.")
def release_command(
    settings: Settings,
    rollback: int | None,
    if_changed: bool,
    sweep: bool,
) -> None:
    """Make a build the next numbered release, with its change log and feed."""
    from mappe_servizi.releases.numbered import UnchangedError, release
    from mappe_servizi.releases.rollback import roll_back
    from mappe_servizi.releases.sweep import what_remains

    if rollback is not None:
        click.echo(roll_back(settings.releases, rollback))
    elif not sweep:
        try:
            click.echo(release(settings))
        except UnchangedError as error:
            if not if_changed:
                raise
            click.echo(error, err=True)
    for sentence in what_remains(settings):
        click.echo(sentence, err=True)


@command("rehearse")
@click.option(
    "--release",
    default=InInstance("build/current"),
    envvar="MAPPE_RELEASE",
    show_default="build/current",
    show_envvar=True,
    help="A release (the link or one directory), or the address that one is served at.",
)
@click.option(
    "--output",
    "place",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory of what is kept for the next rehearsal; beside the release where not given.",
)
@click.option("--repository", help="What the national catalogue clones; this instance, if it has assets.")
@click.option(
    "--rules",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="SHACL shapes, or a directory of them, that the catalogue must conform to beside DCAT-AP_IT's.",
)
@click.option(
    "--only",
    "harvesters",
    multiple=True,
    metavar="NAME",
    help="A harvester to let in (docs/commands.md names them); all where none is named.",
)
@click.option(
    "--sample", type=click.IntRange(0), default=0, show_default=True, help="IRIs to ask for; 0 for every one."
)
def rehearse_command(settings: Settings, **given: Any) -> None:
    """Harvest a release as catalogues, clients and search engines would, before they do.

    It is served on this machine, behind a redirect as from w3id.org. Printed are what they would lose,
    what differs from the last rehearsal, and every record as they would show it. The status is 1 where
    something would be lost.
    """
    from mappe_servizi.rehearsal.run import RehearsalOptions, rehearse
    from mappe_servizi.rehearsal.told import told

    accounts, different = rehearse(settings, RehearsalOptions(**given))
    for line in told(accounts, different):
        click.echo(line)
    if losses := sum(account.losses for account in accounts):
        fail(f"harvesters would lose something: {losses} problems")
