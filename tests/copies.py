"""A build's data as if they were several towns': copies of Cremona, each with a code of its own."""

from collections.abc import Iterator
from pathlib import Path

from rdf import BASE

CREMONA = b"c_d150"
GRAPH = f"<{BASE}graph/".encode()


def copies(dump: Path, towns: int) -> Iterator[bytes]:
    """The data (no graph about them) as lines of N-Triples, with copies of what is Cremona's.

    What no town owns (the ontology, vocabularies, the registry of providers) is there once.
    """
    with dump.open("rb") as lines:
        data = [line for line in lines if GRAPH not in line.rsplit(b" ", 2)[-2]]
    yield from data
    own = [line for line in data if CREMONA in line]
    for number in range(1, towns):
        code = b"x_%03d" % number
        for line in own:
            yield line.replace(CREMONA, code)
