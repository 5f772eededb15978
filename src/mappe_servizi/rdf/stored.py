"""A dump into a store on disk, in a process of its own.

What RocksDB takes to load is given back when the process ends, and nothing that a build holds is beside it.
This module is the program of the process, and imports nothing else of the package but its errors.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store

from mappe_servizi.child_process import FailedChild, run_module
from mappe_servizi.errors import MappeError

LITTLE: Final = 16 << 20
"""Bytes of a dump that may as well be loaded here."""


def store_dump(dump: Path, place: Path) -> None:
    """Load N-Quads into a new store and optimize it; of little data, here.

    Raises:
        MappeError: it cannot be loaded, or the process was killed.
    """
    if dump.stat().st_size <= LITTLE:
        main(str(dump), str(place))
        return
    try:
        run_module(__name__, str(dump), str(place))
    except FailedChild as error:
        raise MappeError(f"the store cannot be written: {error}") from error


def main(dump: str, place: str) -> None:
    """The same, in this process."""
    store = Store(place)
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    store.optimize()


if __name__ == "__main__":
    main(*sys.argv[1:])
