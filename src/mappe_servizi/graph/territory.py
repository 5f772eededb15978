"""Cities, provinces and regions: the national vocabulary's, each below the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from mappe_servizi.model.tables.knowledge import NATIONAL_TERRITORIES, MunicipalityRow
from mappe_servizi.rdf.builder import Builder
from mappe_servizi.rdf.namespaces import CLVAPIT, DCT, Namespace

_TERRITORIES: Final = Namespace(NATIONAL_TERRITORIES)
_ISTAT: Final = 6
"""Digits of the ISTAT code with which a city's IRI begins; then comes the first day of its validity."""


def add_city(b: Builder, city: NamedNode, name: str, territories: Mapping[str, MunicipalityRow]) -> NamedNode:
    """State what a city is, and the province and region that it lies in.

    Args:
        b: collects the triples.
        city: its IRI in the national vocabulary.
        name: what it is called.
        territories: what ISTAT's table says of each municipality, by ISTAT code.
    """
    b.resource(city, name, CLVAPIT["City"], DCT["Location"])
    if known := territories.get(city.value.rpartition("/")[2][:_ISTAT]):
        province, region = province_iri(known), _TERRITORIES[f"regions/{known.region_code}"]
        b.resource(province, known.province, CLVAPIT["Province"])
        b.resource(region, known.region, CLVAPIT["Region"])
        b.add(city, CLVAPIT["hasDirectHigherRank"], province)
        b.add(province, CLVAPIT["hasDirectHigherRank"], region)
    return city


def city_of(code: str) -> NamedNode:
    """The IRI of a city by its code with the first day of validity: "019036-(1948-01-01)"."""
    return _TERRITORIES[f"cities/{code}"]


def province_iri(known: MunicipalityRow) -> NamedNode:
    """The province of a municipality, whose ISTAT code begins with its own."""
    return _TERRITORIES[f"provinces/{known.istat[:3]}"]
