"""The offices and places that rows of structures name, as rows of places.csv.

What is proposed is what the rules read (`mappe_servizi.providers.sites`), so a proposal that holds changes
nothing; a name that is only a way of printing another is proposed as that other, and is asked about. Nothing
comes from the rows of providers and people: an address there may be somebody's home.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.providers.sites import Site
from mappe_servizi.reading.capitals import WordForms
from mappe_servizi.reading.proposals.draft import Key
from mappe_servizi.reading.proposals.evidence import Rule


def _rule(group: str, name: str) -> Rule:
    return Rule("places", group, name)


OFFICE: Final = _rule("offices", "an office by its name")
CAPITALS: Final = _rule("other names", "a name in capitals")
BRACKETS: Final = _rule("other names", "a name with a remark in brackets")
EACH_ITS_OWN: Final = _rule("other names", "a name that stands at several addresses")
ADDRESS: Final = _rule("places", "a place by its address")
STREET: Final = _rule("places", "a place by its street alone")
SEAT: Final = _rule("places", "a place by its name, with its address")
NAME: Final = _rule("places", "a place by its name alone")


def proposed(
    document: Document, names: Names, sites: Sequence[Site], offices: Collection[tuple[int, int]]
) -> Iterator[tuple[Key, dict[str, str], Rule]]:
    """The rows for the offices and places of an edition: key, cells and rule of each.

    Args:
        sites: as the rules read them without any table.
        offices: number and position of the rows of structures that are offices.
    """
    structures = {(m.number, s.position): s.name.value for m in document.maps for s in m.structures}
    titles = {entry.number: entry.title.value for entry in document.entries}
    forms, at = WordForms.of(document.lines), _addresses(sites)
    for site, sighting in ((of, one) for of in sites for one in of.sightings):
        where = (sighting.number, sighting.position or 0)
        seat = site.kind == "place" and where in offices
        if sighting.section != "structures" or (seat and not sighting.address):
            continue  # a place that an office's note only mentions is proposed where it is printed itself
        if site.kind == "office":
            several = len(at[sighting.name]) > 1
            name, rule = _office(site.name, forms, titles[sighting.number] if several else "")
        else:
            name, rule = site.name, _place(site)
        printed = sighting.address if seat else structures[where]
        cells = {
            "service": names.service(sighting.number), "printed": printed, "kind": site.kind,
            "name": name, "address": site.address.full if site.address else "",
            "certainty": "likely", "reason": rule.name, "evidence": f"line {sighting.lines[0]}",
        }  # fmt: skip
        yield (cells["service"], printed, site.kind), cells, rule


def _addresses(sites: Sequence[Site]) -> Mapping[str, set[str]]:
    """The places at which rows of one name stand, by the name."""
    found = defaultdict[str, set[str]](set)
    for site in sites:
        for sighting in site.sightings if site.kind == "place" and site.address else ():
            found[sighting.name].add(site.name)
    return found


def _office(name: str, forms: WordForms, title: str) -> tuple[str, Rule]:
    """What a reader would call an office, and by which rule; a title tells it from others of its name."""
    if title:
        return f"{name} {title}", EACH_ITS_OWN
    if (spelled := forms.readable(name)) != name:
        return spelled, CAPITALS
    if name.endswith(")") and (bare := name[: name.rindex("(")].strip()):
        return bare, BRACKETS
    return name, OFFICE


def _place(site: Site) -> Rule:
    if site.address is None:
        return NAME
    if site.name != site.address.full:
        return SEAT
    return ADDRESS if site.address.number else STREET
