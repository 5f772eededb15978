"""Deciding what is open: ``mappe review``."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from mappe_servizi.commands.completion import municipalities
from mappe_servizi.errors import InputError, InputErrors, MappeError
from mappe_servizi.options import command
from mappe_servizi.settings import Settings


@command("review", extra="link")
@click.argument(
    "left",
    metavar="[IPA | LEFT]",
    type=click.Path(path_type=Path),
    required=False,
    shell_complete=municipalities,
)
@click.argument("right", type=click.Path(path_type=Path, exists=True), required=False)
@click.option("--links", is_flag=True, help="Review links between organisations.")
@click.option("--columns", multiple=True, metavar="ROLE=HEADER,...", help="As of `mappe link`.")
@click.option("--reviewer", default=getpass.getuser, show_default="the user", help="Who decides.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Local port.")
def review_command(  # noqa: PLR0913, PLR0917 - one parameter a flag
    settings: Settings,
    left: Path | None,
    right: Path | None,
    links: bool,
    columns: tuple[str, ...],
    reviewer: str,
    port: int,
) -> None:
    """Decide what is open, of a municipality or about links, on a page for this machine alone.

    With an IPA code: its open decisions one after another, each with the printed line beside it. What is
    accepted, changed or rejected goes to the municipality's tables at once, with who decided and when.

    With --links: pairs of organisations side by side. LEFT is the release's providers where it is not given;
    with RIGHT, two lists are linked. Decisions go to data/providers/decisions.csv; two providers of our own
    that are one go to the registry instead.
    """
    if not links:
        _review_municipality(settings, str(left) if left else "", reviewer, port)
        return
    from mappe_servizi.pipeline.link.columns import parse_columns
    from mappe_servizi.review.links.app import serve
    from mappe_servizi.review.links.session import open_session

    if left is not None and not left.exists():
        raise MappeError(f"{left}: there is no such file")
    session = open_session(settings, left, right, parse_columns(columns), reviewer)
    for found in session.linked.matched.lists:
        for line in found.told:
            click.echo(f"{found.name}: {line}", err=True)
    serve(session, port, click.echo)


def _review_municipality(settings: Settings, ipa: str, reviewer: str, port: int) -> None:
    from mappe_servizi.pipeline.add.town import folder_of
    from mappe_servizi.pipeline.municipality import complete_registry
    from mappe_servizi.pipeline.records import read_records
    from mappe_servizi.review.rows.app import serve
    from mappe_servizi.review.rows.decisions import RowSession

    folder = folder_of(ipa.casefold(), settings.data / "municipalities") if ipa else None
    if folder is None or not folder.is_dir():
        raise MappeError(f"{ipa or 'the IPA code is missing'}: `mappe review IPA` or `mappe review --links`")
    try:
        documents = [records.document for records in read_records(folder, settings)]
    except (InputError, InputErrors) as error:
        click.echo(f"mappe: {error}", err=True)
        click.echo("It cannot be read yet: what would mend it is asked; then `mappe add` again.", err=True)
        documents = []
    session = RowSession(folder, {one.municipality.edition: one for one in documents}, reviewer)

    def name_what_is_new() -> None:
        if not documents:
            return
        try:
            added = complete_registry(folder, settings)
        except MappeError as error:
            click.echo(f"mappe: {error}", err=True)
        else:
            click.echo(f"{added} names that the decisions brought have a slug now.")

    serve(session, port, click.echo, name_what_is_new)
