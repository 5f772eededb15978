"""``mappe mcp``: the assistants' door over this process's own input and output."""

from __future__ import annotations

import asyncio

from mcp.server.stdio import stdio_server

from mappe_servizi.settings import Settings
from mappe_servizi.web import logs
from mappe_servizi.web.app import create_app
from mappe_servizi.web.mcp.server import make_server


def serve(settings: Settings) -> None:
    """Answer an assistant until it closes our input.

    Raises:
        MappeError: the configuration or the release cannot be used.
    """
    logs.configure(settings.log_level)
    asyncio.run(answering(settings))


async def answering(settings: Settings) -> None:
    """Answer, with what is served open meanwhile; whatever else is written goes to the errors."""
    web = create_app(settings)
    try:
        async with stdio_server() as (reading, writing), web.started():
            server = make_server(lambda context: web.door.desk(("stdio", 0), published=True))
            await server.run(reading, writing, server.create_initialization_options())
    except BaseExceptionGroup:
        if web.failure is None:
            raise
        raise web.failure from None
