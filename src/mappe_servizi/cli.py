"""The command ``mappe``: its commands stand in ``commands``, one module a group.

Each command imports what it needs, so that the server's processes do not load rdflib.
"""

from __future__ import annotations

from mappe_servizi.commands import checking, completion, instance, linking, reading, releasing, reviewing
from mappe_servizi.options import main

__all__ = ["checking", "completion", "instance", "linking", "main", "reading", "releasing", "reviewing"]
