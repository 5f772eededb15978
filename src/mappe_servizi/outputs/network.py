"""The network of providers and services as GraphML, for Gephi, Cytoscape, igraph or NetworkX."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

TABLE: Final = "network.csv"
_KEYS: Final = (("node", "kind", "string"), ("node", "label", "string"), ("node", "municipality", "string"),
                ("edge", "engagements", "int"), ("edge", "edition", "string"))  # fmt: skip


def write_graphml(table: Path, path: Path, about: str) -> int:
    """Write the table of the network as GraphML; returns how many edges it has.

    Args:
        table: csv/network.csv of a build, an edge a row.
        about: what it says of itself: licence, publisher.
        path: the file to write: nodes are providers and services by their IRIs.
    """
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    nodes: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        nodes[row["service"]] = ("service", row["title"], row["municipality"])
        nodes.setdefault(row["provider"], ("provider", row["name"], ""))
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        file.write(f" <desc>{escape(about)}</desc>\n")
        for domain, name, type_ in _KEYS:
            file.write(f' <key id="{name}" for="{domain}" attr.name="{name}" attr.type="{type_}"/>\n')
        file.write(' <graph id="providers" edgedefault="directed">\n')
        for iri, (kind, label, municipality) in sorted(nodes.items()):
            data = _data(kind=kind, label=label, municipality=municipality)
            file.write(f"  <node id={quoteattr(iri)}>{data}</node>\n")
        for row in rows:
            ends = f"source={quoteattr(row['provider'])} target={quoteattr(row['service'])}"
            file.write(
                f"  <edge {ends}>{_data(engagements=row['engagements'], edition=row['edition'])}</edge>\n"
            )
        file.write(" </graph>\n</graphml>\n")
    return len(rows)


def _data(**values: str) -> str:
    return "".join(f'<data key="{key}">{escape(value)}</data>' for key, value in values.items() if value)
