"""The server of the protocol, by the package ``mcp``: it lists the tools, and calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ListedTool

from mappe_servizi import __version__
from mappe_servizi.web.mcp.answers import Desk, ToolError
from mappe_servizi.web.mcp.inside import LARGEST, AnswerTooLargeError
from mappe_servizi.web.mcp.tools import TOOLS, Operations

Context = ServerRequestContext[Any, Any]
Desks = Callable[[Context], tuple[Desk, Operations]]
"""What a request's tools work with."""
READING = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
TOO_LARGE = (
    f"the answer has more than {LARGEST >> 10} KiB: ask for less (LIMIT, limit, a narrower question), or "
    "download the tables and dumps that the catalogue lists"
)
INSTRUCTIONS = """\
Linked open data of what Italian municipalities do: their services, for whom, how much and by whom, read
from official service maps. Texts are Italian. Cite what you use: every answer names IRIs, and under
`sources` the line of the source document (source, sourceLine) and the page of each thing. A figure that
is absent was not printed: say so, and do not estimate it. First search or list_questions; sparql is for
what they do not answer."""


def make_server(desks: Desks) -> Server[Any]:
    """The server, with what its tools work with."""

    async def list_tools(context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=LISTED)

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            return refused(f"there is no tool {params.name[:100]!r}; there are {', '.join(TOOLS)}", {})
        desk, operations = desks(context)
        try:
            answer = await tool.call(desk, operations, params.arguments or {})
        except ToolError as error:
            return refused(str(error), error.problem)
        except AnswerTooLargeError:
            return refused(TOO_LARGE, {})
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=answer)

    server: Server[Any] = Server(
        "mappe-servizi",
        version=__version__,
        title="Mappe dei servizi",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=lambda name: (
            TOOLS[name].arguments.model_json_schema() if name in TOOLS else None
        ),
    )
    server.middleware.clear()  # what it brings tells others of each request
    return server


def refused(said: str, problem: dict[str, Any]) -> CallToolResult:
    """The answer of a tool that has none."""
    text = TextContent(type="text", text=said)
    return CallToolResult(content=[text], structured_content=problem or None, is_error=True)


LISTED = [
    ListedTool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        annotations=READING,
    )
    for tool in TOOLS.values()
]
