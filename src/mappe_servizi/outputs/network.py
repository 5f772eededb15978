"""The network of providers and services as GraphML and GEXF, for Gephi, Cytoscape, igraph or NetworkX.

Nodes are providers and services; an edge is a row of the table of provisions: one activity under
one instrument. An engagement under several instruments is as many edges, whose weights make one.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

PROVISIONS: Final = "provisions.csv"
PROVIDERS: Final = "providers.csv"
NODE_KEYS: Final = (
    "kind", "label", "municipality", "form", "seat", "fiscalCode", "vatNumber", "runts", "ipaCode",
)  # fmt: skip
EDGE_KEYS: Final = (
    "municipality", "edition", "activity", "activityCode", "instrument", "instrumentCode", "via", "certainty",
    "engagement",
)  # fmt: skip
IDENTIFIERS: Final = ("fiscalCode", "vatNumber", "runts", "ipaCode")
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NodesAndEdges:
    """Nodes by IRI, and edges: source, target, weight, values; absent values are left out."""

    nodes: Mapping[str, Values]
    edges: tuple[tuple[str, str, str, Values], ...]


def read_network(provisions: Path, providers: Path) -> NodesAndEdges:
    """The network that the tables of a build make.

    Args:
        provisions: csv/provisions.csv.
        providers: csv/providers.csv, which has the identifiers.
    """
    rows, known = _rows(provisions), {row["provider"]: row for row in _rows(providers)}
    nodes: dict[str, Values] = {}
    for row in rows:
        nodes[row["service"]] = _present(kind="service", label=row["title"], municipality=row["municipality"])
        codes = {name: known.get(row["provider"], {}).get(name, "") for name in IDENTIFIERS}
        nodes[row["provider"]] = _present(
            kind="provider", label=row["providerName"], form=row["legalForm"], seat=row["seat"], **codes
        )
    parts = Counter(row["engagement"] for row in rows)
    edges = []
    for row in rows:
        weight = f"{1 / parts[row['engagement']]:.6g}"
        edges.append((row["provider"], row["service"], weight, _present(**{k: row[k] for k in EDGE_KEYS})))
    return NodesAndEdges(dict(sorted(nodes.items())), tuple(edges))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _present(**values: str) -> Values:
    return {name: value for name, value in values.items() if value}


def write_graphml(network: NodesAndEdges, path: Path, about: str) -> None:
    """Write a network as GraphML.

    Args:
        path: the file to write.
        about: what it says of itself: licence, publisher.
    """
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in _graphml(network, about))


def _graphml(network: NodesAndEdges, about: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield f" <desc>{escape(about)}</desc>"
    for domain, names in (("node", NODE_KEYS), ("edge", EDGE_KEYS)):
        for name in names:
            yield f' <key id="{domain}-{name}" for="{domain}" attr.name="{name}" attr.type="string"/>'
    yield ' <key id="edge-weight" for="edge" attr.name="weight" attr.type="double"/>'
    yield ' <graph id="providers" edgedefault="directed">'
    for iri, values in network.nodes.items():
        yield f"  <node id={quoteattr(iri)}>{_data('node', values)}</node>"
    for number, (source, target, weight, values) in enumerate(network.edges):
        ends = f'id="e{number}" source={quoteattr(source)} target={quoteattr(target)}'
        yield f"  <edge {ends}>{_data('edge', {**values, 'weight': weight})}</edge>"
    yield " </graph>"
    yield "</graphml>"


def _data(domain: str, values: Values) -> str:
    return "".join(f'<data key="{domain}-{name}">{escape(value)}</data>' for name, value in values.items())


def write_gexf(network: NodesAndEdges, path: Path, about: str) -> None:
    """Write a network as GEXF 1.2, which every version of Gephi reads.

    Args:
        path: the file to write.
        about: what it says of itself: licence, publisher.
    """
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in _gexf(network, about))


def _gexf(network: NodesAndEdges, about: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">'
    yield f" <meta><creator>mappe-servizi</creator><description>{escape(about)}</description></meta>"
    yield ' <graph mode="static" defaultedgetype="directed">'
    nodes = [name for name in NODE_KEYS if name != "label"]
    for domain, names in (("node", nodes), ("edge", EDGE_KEYS)):
        yield f'  <attributes class="{domain}">'
        yield from (f'   <attribute id="{name}" title="{name}" type="string"/>' for name in names)
        yield "  </attributes>"
    yield "  <nodes>"
    for iri, values in network.nodes.items():
        rest = {name: value for name, value in values.items() if name != "label"}
        yield f"   <node id={quoteattr(iri)} label={quoteattr(values['label'])}>{_attvalues(rest)}</node>"
    yield "  </nodes>"
    yield "  <edges>"
    for number, (source, target, weight, values) in enumerate(network.edges):
        ends = f'id="{number}" source={quoteattr(source)} target={quoteattr(target)} weight="{weight}"'
        yield f"   <edge {ends}>{_attvalues(values)}</edge>"
    yield "  </edges>"
    yield " </graph>"
    yield "</gexf>"


def _attvalues(values: Values) -> str:
    cells = (f'<attvalue for="{name}" value={quoteattr(value)}/>' for name, value in values.items())
    return f"<attvalues>{''.join(cells)}</attvalues>"
