"""What is wrong and what is open: ``mappe check``."""

from __future__ import annotations

from pathlib import Path

import click

from mappe_servizi.errors import MappeError
from mappe_servizi.options import command, fail
from mappe_servizi.settings import Settings, rows


@command("check", extra="build")
@click.argument("ipa", required=False)
def check(settings: Settings, ipa: str | None) -> None:
    """Check the configuration, the maintained tables and the municipalities: all that is wrong or open.

    With the IPA code of a municipality: what is wrong with it and what is open, and nothing else.
    """
    from mappe_servizi.pipeline.maintained import table_errors
    from mappe_servizi.query.fork_client import probe

    if ipa is not None:
        _check_municipality(settings, ipa)
        return
    for row in rows():
        click.echo(f"{row.name} = {getattr(settings, row.field)}")
    for what, given in probe(settings.query_memory << 20).items():
        click.echo(f"isolation of queries: {what} {'yes' if given else 'NO: the system does not grant it'}")
    if said := "\nmappe: ".join([*settings.problems(), *map(str, table_errors(settings))]):
        raise MappeError(said)
    for path in sorted((settings.data / "municipalities").glob("*/municipality.toml")):
        _check_folder(settings, path.parent)


def _check_municipality(settings: Settings, ipa: str) -> None:
    from mappe_servizi.pipeline.add.town import folder_of

    folder = folder_of(ipa.casefold(), settings.data / "municipalities")
    if not folder.is_dir():
        raise MappeError(f"{folder}: there is no such municipality here; `mappe add` makes it")
    _check_folder(settings, folder)


def _check_folder(settings: Settings, folder: Path) -> None:
    """Tell what of a municipality is wrong, and what is open."""
    from mappe_servizi.pipeline.add.told import told_open
    from mappe_servizi.pipeline.open import open_of

    found = open_of(folder, settings)
    click.echo(f"{folder.name}:")
    for line in told_open(found):
        click.echo(f"  {line}")
    if found.wrong:
        fail(f"{folder}: it cannot be read")
