"""The rules of a printed table where a page cuts it.

Browsers draw the rule between two rows once: where a page ends there, it stands on the next page only, and
the last row has no bottom. Its other rules go on to where it would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

NEAR = 2.0
"""Points that two ends of one rule may be apart."""
SHORTEST = 4.0
"""Points of a rule; what is shorter is a pen's width."""
Edge = Mapping[str, Any]
"""As pdfplumber has it: x0, x1, top, bottom in points, orientation "h" or "v"."""


def open_ends(edges: Iterable[Edge]) -> list[dict[str, Any]]:
    """The rules that are missing where two or more upright ones end together and none closes them.

    A pair of bars beside a text is no table: some rule must lead from one to the other.

    >>> def upright(x): return {"orientation": "v", "x0": x, "x1": x, "top": 10, "bottom": 22}
    >>> above = {"orientation": "h", "x0": 0, "x1": 90, "top": 10, "bottom": 10}
    >>> [(e["x0"], e["x1"], e["top"]) for e in open_ends([above, upright(0), upright(90)])]
    [(0, 90, 22)]
    >>> open_ends([above, above | {"top": 22, "bottom": 22}, upright(0), upright(90)])
    []
    >>> open_ends([upright(0), upright(90)])
    []
    """
    known = list(edges)
    level = [e for e in known if e["orientation"] == "h" and e["x1"] - e["x0"] >= SHORTEST]
    upright = [e for e in known if e["orientation"] == "v" and e["bottom"] - e["top"] >= SHORTEST]
    found: list[dict[str, Any]] = []
    for end in ("top", "bottom"):
        rest = sorted(upright, key=lambda edge: edge[end])
        while rest:
            y = rest[0][end]
            together = [edge for edge in rest if edge[end] - y <= NEAR]
            rest = rest[len(together) :]
            left, right = min(e["x0"] for e in together), max(e["x1"] for e in together)
            if right - left >= SHORTEST and _leads(level, together, left, right):
                y = (min if end == "top" else max)(edge[end] for edge in together)
                if not any(abs(e["top"] - y) <= NEAR and _between(e, left, right) for e in level):
                    found.append(_rule(left, right, y))
    return found


def _leads(level: Iterable[Edge], upright: Iterable[Edge], left: float, right: float) -> bool:
    """Whether a rule touches these upright ones between the outermost two."""
    top, bottom = min(e["top"] for e in upright), max(e["bottom"] for e in upright)
    return any(top - NEAR <= e["top"] <= bottom + NEAR and _between(e, left, right) for e in level)


def _between(edge: Edge, left: float, right: float) -> bool:
    return bool(edge["x0"] < right - NEAR and edge["x1"] > left + NEAR)


def _rule(left: float, right: float, y: float) -> dict[str, Any]:
    size = {"width": right - left, "height": 0, "orientation": "h"}
    return {"object_type": "line", "x0": left, "x1": right, "top": y, "bottom": y, **size}
