"""Which shapes fail, found in a process of its own.

The engine takes ten times the memory of its data, and what it took stays with the process that loaded it: a
build would keep that beside its graph, its store and its indexes until its end. This module is the program
of the process, and imports nothing else of the package but its errors.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from mappe_servizi.child_process import FailedChild, run_module
from mappe_servizi.errors import MappeError

LITTLE: Final = 4 << 20
"""Bytes of data that may as well be validated here."""


class CannotEvaluate(MappeError):
    """The engine cannot evaluate the shapes."""


def failing_shapes(data: Path, shapes: Path) -> set[str]:
    """The shapes that fail; "" among them where one without a name does. For little data no process is begun.

    Args:
        data: N-Triples.
        shapes: N-Triples.

    Raises:
        CannotEvaluate: the engine is not able to, or was killed.
    """
    try:
        if data.stat().st_size <= LITTLE:
            return _found(data, shapes)
        return set(json.loads(run_module(__name__, str(data), str(shapes))))
    except (ValueError, RuntimeError, FailedChild) as error:
        raise CannotEvaluate(f"shifty cannot evaluate the shapes: {error}") from error


def _found(data: Path, shapes: Path) -> set[str]:
    import shifty  # noqa: PLC0415 - who starts the process has no need of it

    found = shifty.validate_algebra(data, shapes, graph_mode="data", infer=False, on_unsupported="error")
    # A constraint that could not be evaluated must not look like one that holds.
    if found.diagnostics:
        raise ValueError(str(found.diagnostics[0]))
    return {violation.shape_name or "" for violation in found.violations}


def main(data: str, shapes: str) -> None:
    """Write the names as a JSON array; the last line of standard error says why there are none."""
    try:
        json.dump(sorted(_found(Path(data), Path(shapes))), sys.stdout)
    except (ValueError, RuntimeError) as error:
        sys.exit(" ".join(str(error).split()))


if __name__ == "__main__":
    main(*sys.argv[1:])
