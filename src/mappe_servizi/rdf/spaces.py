"""Short names for the spaces of our own things, so that a dump's Turtle can be read.

A concept has one name, for what the addresses of all its things in the dump have in common: ``segment:`` is
``{base}data/segment/c_d150/`` in the dump of a municipality, and ``{base}data/segment/`` in that of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, takewhile

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.rdf.reading_order import free

BATCH = 10_000  # lines
PATTERN = rb"<(?:%s)(?:data|controlled-vocabulary)/[a-z][a-z0-9-]*/(?:[^/#<>]+/(?:\d{4}/)?)?"
PARTS = re.compile(r"<(.*/(?:data|controlled-vocabulary)/([a-z][a-z0-9-]*)/)((?:[^/]+/(?:\d{4}/)?)?)")
"""A concept's own space and its name; then the municipality, and the edition if it has one."""


def spaces(lines: Iterable[bytes], base: str, taken: Iterable[str]) -> dict[str, str]:
    """The spaces of the things that lines of N-Triples or N-Quads name, by short name.

    Args:
        lines: read once.
        base: of the instance's IRIs.
        taken: names that something else has.

    >>> nido, unit = b"<https://e.org/data/segment/c_d150/nido/x>", b"<https://e.org/data/office/c_d150/a>"
    >>> spaces([nido + b" <https://e.org/p> " + unit + b" ."], "https://e.org/", ["office"])
    {'office-2': 'https://e.org/data/office/c_d150/', 'segment': 'https://e.org/data/segment/c_d150/'}
    """
    bases = b"|".join(re.escape(one.encode()) for one in dict.fromkeys((base, DEFAULT_BASE)))
    heads: dict[tuple[str, str], set[str]] = {}
    found, told = _read(lines, re.compile(PATTERN % bases), documents(base))
    for start in found:
        parts = PARTS.fullmatch(start.decode())
        assert parts
        space, name, head = parts.groups()
        heads.setdefault((name, space), set()).add(head)
    names = dict(told)
    known = {*taken, *names}
    for (name, space), those in sorted(heads.items()):
        short = free(name, known)
        known.add(short)
        names[short] = space + _common(those)
    return names


def documents(base: str) -> dict[str, str]:
    """The spaces of what documents of ours say inside of them: counts, examples, shapes."""
    return {
        "counts": f"{base}.well-known/void#",
        "examples": f"{base}sparql#",
        "shapes": f"{DEFAULT_BASE}shapes/",
    }


def _read(
    lines: Iterable[bytes], pattern: re.Pattern[bytes], fixed: Mapping[str, str]
) -> tuple[set[bytes], dict[str, str]]:
    """What matches a pattern, and those of some spaces that are there."""
    rest, found, told = iter(lines), set[bytes](), dict[str, str]()
    while batch := b"".join(islice(rest, BATCH)):
        found.update(pattern.findall(batch))
        told |= {name: space for name, space in fixed.items() if space.encode() in batch}
    return found, told


def _common(heads: Iterable[str]) -> str:
    """The steps that paths have in common.

    >>> _common(["c_d150/2020/", "c_d150/2019/"]), _common(["c_d150/", ""])
    ('c_d150/', '')
    """
    steps: Iterator[tuple[str, ...]] = zip(*(head.split("/")[:-1] for head in heads), strict=False)
    return "".join(f"{one[0]}/" for one in takewhile(lambda step: len({*step}) == 1, steps))
