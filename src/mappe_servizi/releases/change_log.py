"""The change log as a table: what every changed resource said before, and what it says now."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from mappe_servizi.rdf.namespaces import L0, prefixes
from mappe_servizi.releases.changes import Change

COLUMNS: Final = ("change", "resource", "name", "property", "old", "new")
BETWEEN: Final = " | "

Said = Mapping[str, tuple[str, ...]]
"""The values of a resource by property."""


def write_changes(changes: Iterable[Change], path: Path, base: str, *, withheld: bool = False) -> None:
    """Write a row for each property whose values differ; several values are joined with " | ".

    A property is written as in the dumps (``mds:value``), with its language where its values have one
    (``rdfs:label@it``). Values that did not change are in neither column.

    Args:
        changes: in the order of the rows.
        path: of the table.
        base: of the instance's IRIs.
        withheld: leave what was said before empty: a redaction took some of it away.
    """
    known = prefixes(base)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for change in changes:
            writer.writerows(_rows(change, known, withheld=withheld))


def _rows(change: Change, known: Mapping[str, str], *, withheld: bool) -> Iterator[tuple[str, ...]]:
    old, new = (_said(lines, known) for lines in (change.before, change.lines))
    name = BETWEEN.join(new.get(NAME) or (() if withheld else old.get(NAME, ())))
    for key in sorted({*old, *new}):
        before, after = old.get(key, ()), new.get(key, ())
        gone = () if withheld else (one for one in before if one not in after)
        come = (one for one in after if one not in before)
        if before != after:
            yield change.kind, change.iri, name, key, BETWEEN.join(gone), BETWEEN.join(come)


def _said(lines: Iterable[bytes], known: Mapping[str, str]) -> Said:
    found: dict[str, list[str]] = {}
    for quad in parse(b"".join(lines), RdfFormat.N_TRIPLES):
        value = quad.object
        language = value.language if isinstance(value, Literal) else None
        key = _short(quad.predicate, known) + (f"@{language}" if language else "")
        found.setdefault(key, []).append(
            value.value if isinstance(value, Literal | NamedNode) else str(value)
        )
    return {key: tuple(sorted(values)) for key, values in found.items()}


def _short(node: NamedNode, known: Mapping[str, str]) -> str:
    for prefix, start in known.items():
        rest = node.value.removeprefix(start)
        if rest != node.value and not {"/", "#"} & {*rest}:
            return f"{prefix}:{rest}"
    return node.value


NAME: Final = _short(L0["name"], prefixes()) + "@it"
