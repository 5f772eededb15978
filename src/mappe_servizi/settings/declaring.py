"""How a setting is declared: a field with its default, its help, the commands that take it, its check."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from mappe_servizi.instance import Place
from mappe_servizi.setting_checks import Check

BUILD, VALIDATE, SERVE, QUERY, IDENTIFIERS = "build", "validate", "serve", "query", "identifiers"
ADD, TEMPLATE = "add", "template"
SYNTHESIZE, LINK, REVIEW = "synthesize", "link", "review"
RELEASE = "release"
REHEARSE = "rehearse"
MCP = "mcp"
DEPLOYMENT = "deployment"
CHECK = "check"  # takes every setting: it looks at the whole configuration


def setting(default: Any, help: str, *commands: str, check: Check = lambda value: None) -> Any:
    """A row of the table: a field with its default, its help, the commands that take it, its check."""
    metadata = {"help": help, "commands": commands, "check": check}
    if isinstance(default, Place):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)
