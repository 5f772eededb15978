"""What is wrong and what is open: ``mappe check``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mappe_servizi.commands.completion import municipalities
from mappe_servizi.errors import MappeError
from mappe_servizi.model.tables.local import with_local
from mappe_servizi.options import command
from mappe_servizi.setting_texts import as_toml
from mappe_servizi.settings import Settings, rows

if TYPE_CHECKING:
    from mappe_servizi.pipeline.configuration import Examined


@command("check", extra="build")
@click.argument("ipa", required=False, shell_complete=municipalities)
@click.option("--json", "as_json", is_flag=True, help="Print all of it as one JSON object.")
def check(settings: Settings, ipa: str | None, as_json: bool) -> None:
    """Check the configuration, the maintained tables and the municipalities.

    Every setting is shown with its value and where that comes from, as TOML; then what is there, what is
    still to be set, and all that is wrong or open. With the IPA code of a municipality: what is wrong with it
    and what is open, and nothing else. The status is 1 where anything is wrong; what is open or still to do
    leaves it 0.
    """
    from mappe_servizi.pipeline.configuration import examine, examine_municipality
    from mappe_servizi.query.fork_client import probe

    used = replace(settings, knowledge=with_local(settings.knowledge, settings.data))
    found = examine(used) if ipa is None else examine_municipality(used, ipa)
    isolation = probe(settings.query_memory << 20) if ipa is None else {}
    if as_json:
        told = {"settings": _values(settings), "isolation": isolation} if ipa is None else {}
        click.echo(json.dumps({**told, **found.as_json()}, ensure_ascii=False, indent=1, default=str))
    else:
        _tell(settings, found, isolation, whole=ipa is None)
    if errors := found.errors():
        raise MappeError("\n".join(errors))


def _values(settings: Settings) -> dict[str, dict[str, object]]:
    return {
        row.name: {
            "value": getattr(settings, row.field),
            "from": settings.origin.of.get(row.field, "default"),
        }
        for row in rows()
    }


def _tell(settings: Settings, found: Examined, isolation: Mapping[str, bool], *, whole: bool) -> None:
    from mappe_servizi.pipeline.add.told import told_open
    from mappe_servizi.pipeline.configuration import told
    from mappe_servizi.review.rows.decisions import RowSession

    if whole:
        for line in as_toml(settings):
            click.echo(line)
        click.echo()
    for what, given in isolation.items():
        click.echo(f"isolation of queries: {what} {'yes' if given else 'NO: the system does not grant it'}")
    for line in told(found):
        click.echo(line)
    for folder, one in found.municipalities.items():
        click.echo(f"{folder.name}:")
        for line in told_open(one):
            click.echo(f"  {line}")
        if one.documents:
            session = RowSession(folder, {of.municipality.edition: of for of in one.documents}, "")
            click.echo(f"  `mappe review {folder.name}` asks {session.told()}")
