"""The command line's machinery: flags from the table of settings, errors as sentences."""

from __future__ import annotations

import multiprocessing
import re
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from click.core import ParameterSource
from rich.console import Console
from rich.text import Text

from mappe_servizi import __version__
from mappe_servizi.errors import MappeError
from mappe_servizi.instance import CONFIG_FILE, InInstance, Place, find_config
from mappe_servizi.model.tables.local import with_local
from mappe_servizi.settings import CHECK, Origin, SettingRow, Settings, read_file, rows, set_in


class Commands(click.Group):
    """The commands; an error that a user can do something about is told without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, turning an error of its input or of the system into a sentence and status 1."""
        signal.signal(signal.SIGTERM, stop)
        try:
            return super().invoke(ctx)
        except MappeError as error:
            fail(str(error))
        except BrokenPipeError:
            raise  # who read the output has gone: click knows what to do
        except OSError as error:
            name = error.filename2 or error.filename
            fail(f"{name}: {error.strerror}" if name else error.strerror or str(error))


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """Leave as for an error, so that what was begun is tidied up, and at once: nobody works on."""
    signal.signal(number, signal.SIG_IGN)  # one is enough, and the tidying is not to be stopped
    for child in multiprocessing.active_children():
        child.terminate()
    sys.exit(128 + number)


def fail(sentence: str) -> NoReturn:
    """Tell an error and leave with status 1."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text.assemble(("mappe:", "bold red"), f" {sentence}"))
    sys.exit(1)


class WordList(click.types.StringParamType):
    """A value of a list, which a variable has with commas or spaces between them."""

    def split_envvar_value(self, rv: str) -> list[str]:
        """The values in a variable."""
        return re.findall(r"[^,\s]+", rv)


def _option(row: SettingRow) -> click.Option:
    kind: Any = click.Choice(row.choices) if row.choices else row.type
    if row.type is Path:
        kind = click.Path(path_type=Path)
    elif row.many:
        kind = WordList()
    flags = [f"--{row.name}/--no-{row.name}"] if row.type is bool else [f"--{row.name}"]
    return click.Option(
        [*flags, row.field],
        type=None if row.type is bool else kind,
        multiple=row.many,
        default=row.default,
        envvar=row.variable,
        help=row.help,
        show_default=str(row.default) if isinstance(row.default, Place) else row.default not in (None, ()),
        show_envvar=True,
    )


def command(name: str, *, extra: str | None = None) -> Callable[[Callable[..., None]], click.Command]:
    """Register a command that takes its rows of the table of settings as one ``Settings``.

    A parameter of the function's own with a setting's name takes that setting's place: it has the same
    variable, key and default, and may allow more.

    Args:
        name: of the command.
        extra: the package's extra that brings what the command needs and serving does not.
    """

    def register(function: Callable[..., None]) -> click.Command:
        own = {parameter.name for parameter in getattr(function, "__click_params__", [])}
        settable = [row for row in rows(name) if row.field not in own]

        def run(**values: Any) -> None:
            taken = {row.field: values.pop(row.field) for row in settable}
            settings = Settings(**taken, origin=_origin(settable))
            if name != CHECK and (problems := settings.problems(name)):
                raise MappeError("\n".join(problems))
            if "knowledge" in taken and name != CHECK:  # which shows what is set
                settings = replace(settings, knowledge=with_local(settings.knowledge, settings.data))
            try:
                function(settings, **values)
            except ModuleNotFoundError as error:
                if extra is None:
                    raise
                raise MappeError(
                    f"`mappe {name}` needs {error.name}: pip install 'mappe-servizi[{extra}]'"
                ) from None

        run.__doc__ = function.__doc__
        run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        result = main.command(name)(run)
        result.params.extend(_option(row) for row in settable)
        return result

    return register


def _origin(settable: Iterable[SettingRow]) -> Origin:
    """Where the values of the running command come from."""
    context = click.get_current_context()
    file = context.find_root().obj
    words: Mapping[ParameterSource | None, Callable[[SettingRow], str]] = {
        ParameterSource.COMMANDLINE: lambda row: f"--{row.name}",
        ParameterSource.ENVIRONMENT: lambda row: row.variable,
        ParameterSource.DEFAULT_MAP: lambda row: set_in(file, row),
    }
    found = {}
    for row in settable:
        word = words.get(context.get_parameter_source(row.field))
        if word and (said := word(row)):
            found[row.field] = said
    return Origin(file, found)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="mappe")
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    envvar="MAPPE_CONFIG",
    help=f"File of settings; {CONFIG_FILE} in the working directory or the nearest above it.",
)
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Service maps of Italian municipalities as linked open data."""
    path = ctx.obj = config or find_config(Path.cwd())
    if path is not None:
        root = path.absolute().parent
        places = {row.field: row.default.below(root) for row in rows() if isinstance(row.default, InInstance)}
        values = places | read_file(path)
        # By command: an option of a command's own may have the name of a setting of others (--output).
        ctx.default_map = {
            name: {row.field: values[row.field] for row in rows(name) if row.field in values}
            for name in main.commands
        }
