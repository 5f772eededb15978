"""Of an instance: ``mappe init``, ``add``, ``template``, ``identifiers``, ``deployment``."""

from __future__ import annotations

import csv
import sys
from dataclasses import astuple
from pathlib import Path

import click

from mappe_servizi.errors import MappeError
from mappe_servizi.instance import CONFIG_FILE
from mappe_servizi.options import command, fail, main
from mappe_servizi.settings import Settings


@main.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base-uri", help="Address under which the data will be published; asked for where not given.")
def init(directory: Path, base_uri: str | None) -> None:
    """Make DIRECTORY an instance: a place for municipalities, registry and settings of your own."""
    from mappe_servizi.new_instance import make_instance

    if base_uri is None and not sys.stdin.isatty():
        raise MappeError("--base-uri is needed: the address under which the data will be published")
    if base_uri is None:
        base_uri = click.prompt("Address under which the data will be published (ends in a slash)")
    for path in make_instance(directory, base_uri):
        click.echo(path)
    said = f"say who publishes, in {directory / CONFIG_FILE}; then, in {directory}, `mappe add IPA DOCUMENT`"
    click.echo(f"next: {said}", err=True)


@command("add", extra="build")
@click.argument("ipa")
@click.argument("documents", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--edition",
    type=click.IntRange(1000, 2999),
    help="The year of the edition, where it is not the last one that the document's figures name.",
)
@click.option("--istat", help="ISTAT code, for an IPA code that is not made from the cadastral code.")
@click.option("--replace", is_flag=True, help="Take the place of the document that the edition has.")
def add_command(  # noqa: PLR0913, PLR0917 - one parameter a flag
    settings: Settings,
    ipa: str,
    documents: tuple[Path, ...],
    edition: int | None,
    istat: str | None,
    replace: bool,
) -> None:
    """Add the municipality of an IPA code, or another edition of it, from its DOCUMENTS.

    A document is a file, or the folder in which the pages of the services of a municipal site were saved.

    Who it is comes from ISTAT's list. Everything that the document leaves open is told, and nothing waits
    for it: `mappe build` builds what is there.
    """
    from mappe_servizi.pipeline.add.run import AddOptions, add
    from mappe_servizi.pipeline.add.told import told

    added = add(settings, AddOptions(ipa, documents, edition, istat, replace))
    for line in told(added):
        click.echo(line)
    if added.open.wrong:
        fail(f"{added.folder}: it cannot be read yet; mend what is told above, and add it again")
    said = f"next: `mappe review {added.folder.name}` asks what is open; `mappe build`, then `mappe serve`"
    click.echo(said, err=True)


@command("deployment")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def deployment_command(settings: Settings, directory: Path) -> None:
    """Write what a server of the instance needs around it into DIRECTORY.

    Proxies (nginx, Caddy), services of systemd and alerts, with the instance's address and places in them.
    """
    from mappe_servizi.deployment import write_deployment

    if settings.origin.file is None:
        raise MappeError(f"this is no instance: {settings.origin.home} is needed")
    program = Path(sys.argv[0]).absolute()
    for path in write_deployment(settings, program, settings.origin.file.absolute().parent, directory):
        click.echo(path)


@command("template", extra="documents")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--services", type=click.IntRange(1, 200), default=20, show_default=True, help="How many sheets."
)
@click.option(
    "--years",
    type=click.IntRange(1, 10),
    default=3,
    show_default=True,
    help="How many columns of figures: the years before this one.",
)
def template_command(settings: Settings, file: Path, services: int, years: int) -> None:
    """Write the form as a workbook to fill in, FILE.xlsx or FILE.ods: a sheet a service.

    `mappe add` reads it; sheets that stay empty are none.
    """
    from mappe_servizi.pipeline.form_workbook import write_template
    from mappe_servizi.releases.numbered import today

    last = int(today()[:4]) - 1
    write_template(file, settings.knowledge, range(last - years + 1, last + 1), services)
    click.echo(file)


@command("identifiers", extra="build")
def propose_identifiers(settings: Settings) -> None:
    """Write the rows that the registries of identifiers lack, and print them for review."""
    from mappe_servizi.model.identifiers import COLUMNS
    from mappe_servizi.pipeline.municipality import incomplete_registries

    proposed = []
    for registry in incomplete_registries(settings):
        proposed += [astuple(row) for row in registry.missing.values()]
        click.echo(f"{registry.write()} rows written to {registry.path}", err=True)
    output = csv.writer(sys.stdout, lineterminator="\n")  # whoever reads may stop: all is written by now
    output.writerows([COLUMNS, *proposed])
