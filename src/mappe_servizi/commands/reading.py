"""A release as it is read: ``mappe serve``, ``mcp``, ``query``."""

from __future__ import annotations

import click

from mappe_servizi.commands.completion import queries
from mappe_servizi.options import command
from mappe_servizi.settings import Settings


@command("serve")
def serve(settings: Settings) -> None:
    """Serve a release, or a SPARQL endpoint, over HTTP."""
    from mappe_servizi.web.run import serve

    serve(settings)


@command("mcp", extra="mcp")
def mcp(settings: Settings) -> None:
    """Answer an assistant over standard input and output (Model Context Protocol), as /mcp does over HTTP."""
    from mappe_servizi.web.stdio import serve

    serve(settings)


@command("query")
@click.argument("query", metavar="NAME_OR_FILE", shell_complete=queries)
@click.option("parameters", "-p", multiple=True, metavar="NAME=VALUE", help="A parameter of the query.")
@click.option(
    "--format", "shape", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
def query(settings: Settings, query: str, parameters: tuple[str, ...], shape: str) -> None:
    """Run a published query by its name, or the query of a file.

    A table is drawn on a terminal; in a pipe it is a line a row, with tabs between the cells.
    """
    from mappe_servizi.query import client

    values = dict(client.parameter(text) for text in parameters)
    client.show(client.run(settings, query, values, shape), shape)
