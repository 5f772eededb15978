"""What properties and classes of others are called, and which are more general: ``terms.csv``.

The columns: a label in either language with its source ("ours" where its vocabulary has none that
fits), and the more general terms as OntoPiA, W3C or DCAT-AP_IT have them. Our own terms have both
in the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.program import TERMS
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.served.results import Term
from mappe_servizi.web.served.snapshot import Snapshot

TABLE = Path(__file__).with_name(TERMS.file)
WIDER = """{ SELECT ?term ?wider {
  { ?term rdfs:subPropertyOf ?wider } UNION { ?term rdfs:subClassOf ?wider }
} LIMIT 2000 }"""
Wider = Mapping[str, set[str]]
_kept: WeakKeyDictionary[Snapshot, Wider] = WeakKeyDictionary()


@cache
def labels() -> Mapping[str, list[Term]]:
    """The labels of others' terms.

    >>> [label.value for label in labels()["http://www.w3.org/ns/prov#wasDerivedFrom"]]
    ['ricavato da', 'was derived from']
    """
    return {
        row.iri: [Term("literal", row.italian, "it"), Term("literal", row.english, "en")]
        for row in read_rows(TERMS, TABLE)
    }


async def wider_terms(context: PageContext) -> Wider:
    """The more general terms of each term, those of the graph included.

    They are read once for a release, so that no page waits for them.
    """
    found = _kept.get(context.snapshot)
    if found is None:
        wider = {row.iri: set(row.wider) for row in read_rows(TERMS, TABLE)}
        for row in (await context.blocks({"wider": WIDER}))["wider"]:
            wider.setdefault(row["term"].value, set()).add(row["wider"].value)
        found = _kept[context.snapshot] = wider
    return found
