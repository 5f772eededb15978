"""``mappe completion``, and what a shell may complete beside commands and flags."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from mappe_servizi.errors import MappeError
from mappe_servizi.instance import InInstance, knowledge
from mappe_servizi.options import main

PLACES = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/mappe"),
    "zsh": ("XDG_DATA_HOME", ".local/share", "zsh/site-functions/_mappe"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/mappe.fish"),
}
"""Where each shell looks: a variable, what holds where it is not set (below the home), the file there."""
VARIABLE = "_MAPPE_COMPLETE"


@main.command("completion")
@click.argument("shell", type=click.Choice(sorted(PLACES)))
@click.option("--install", is_flag=True, help="Write it where the shell looks, and print where that is.")
def completion(shell: str, install: bool) -> None:
    """Print what lets a shell complete commands, flags, queries and municipalities.

    With --install new shells have it; zsh needs the printed directory in its fpath.
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise MappeError(f"there is no completion for {shell}")
    text = kind(main, {}, "mappe", VARIABLE).source()
    if not install:
        click.echo(text)
        return
    path = _place(shell)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")
    click.echo(path)


def _place(shell: str) -> Path:
    variable, otherwise, file = PLACES[shell]
    return Path(os.environ.get(variable) or Path.home() / otherwise) / file


def municipalities(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The municipalities of the instance that the working directory lies in."""
    folders = (InInstance("data")() / "municipalities").glob("*/municipality.toml")
    return _begun(sorted(path.parent.name for path in folders), begun)


def queries(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The published queries; where none begins so, files."""
    found = _begun(sorted(path.stem for path in knowledge("queries").glob("*/*.rq")), begun)
    return found or [CompletionItem(begun, type="file")]


def _begun(names: list[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]
