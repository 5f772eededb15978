"""An assistant, by the client of the protocol's own package."""

import asyncio
from typing import Any

from mcp import Client


class Assistant:
    """Calls tools one by one.

    Attributes:
        server: an address, or what starts a process that answers over stdio.
        mode: "auto", or "legacy" for a client of the protocol as it was before 2026.
    """

    def __init__(self, server: Any, mode: Any = "auto") -> None:
        self.server, self.mode = server, mode

    def call(self, tool: str, arguments: dict[str, Any]) -> Any:
        """The result of a tool."""

        async def calling() -> Any:
            async with Client(self.server, mode=self.mode) as client:
                return await client.call_tool(tool, arguments)

        return asyncio.run(calling())

    def answer(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The answer of a tool that has one."""
        result = self.call(tool, arguments)
        assert not result.is_error, result.content[0].text
        answer: dict[str, Any] = result.structured_content
        return answer

    def refusal(self, tool: str, **arguments: Any) -> str:
        """What a tool says that has none."""
        result = self.call(tool, arguments)
        assert result.is_error, result
        return str(result.content[0].text)
