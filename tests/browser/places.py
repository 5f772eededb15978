"""One address of every page type, found in the release itself."""

from __future__ import annotations

from functools import cache

import httpx

from served import Served

NIDI = "/page/public-service/c_d150/asili-nido"
FIXED = {
    "home": "/",
    "services": "/services",
    "providers": "/providers",
    "explore": "/explore",
    "users": "/explore/users",
    "personnel": "/explore/personnel",
    "in common": "/explore/providers",
    "two towns": "/explore/towns",
    "qualities": "/quality",
    "quality": "/quality/c_d150",
    "officer": "/quality/c_d150/polizia-prossimita",
    "brief": "/brief/c_d150",
    "about": "/about",
    "query": "/sparql",
    "api": "/api/",
    "search": "/search?q=asili+nido",
    "no hit": "/search?q=zzzzzzzz",
    "tables": "/csv/",
    "dumps": "/dump/",
    "problems": "/problems",
    "catalogue": "/catalogue",
    "municipality": "/page/municipality/c_d150",
    "area": "/page/area/c_d150/servizi-per-l-infanzia",
    "service": NIDI,
    "properties": f"{NIDI}?view=all",
    "scheme": "/controlled-vocabulary/management-form",
    "concept": "/controlled-vocabulary/management-form/mista",
    "audience": "/controlled-vocabulary/audience-group/citizens",
    "ontology": "/onto/MDS",
    "class": "/onto/MDS/UserSegment",
    "frame": "/embed/user-indicator/c_d150/anziani/totale",
    "frame of parts": "/embed/user-indicator/c_d150/anziani/totale/parts",
    "frame of towns": "/embed/indicator-concept/registered-voters",
    "frame of providers": "/embed/providers",
    "total": "/page/user-indicator/c_d150/anziani/totale",
    "shared indicator": "/controlled-vocabulary/indicator-concept/registered-voters",
    "shared service": "/controlled-vocabulary/service-concept/nursery",
    "few users": "/explore/users?filter=nido",
    "not found": "/page/public-service/c_d150/nowhere",
}
CLASSES = {
    "segment": "mds:UserSegment",
    "output indicator": "mds:OutputIndicator",
    "user indicator": "mds:UserIndicator",
    "figure": "mds:YearlyMeasurement",
    "missing figure": "mds:MissingMeasurement",
    "provider": "mds:ServiceProvider",
    "grouping": "mds:TemporaryGrouping",
    "provision": "mds:ServiceProvision",
    "structure": "mds:DeliveryStructure",
    "place": "poiapit:PointOfInterest",
    "office": "covapit:Office",
    "person": "cpvapit:Person",
    "element": "mds:CentralElement",
}
PREFIXES = """PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
PREFIX poiapit: <https://w3id.org/italia/onto/POI/> PREFIX covapit: <https://w3id.org/italia/onto/COV/>
PREFIX cpvapit: <https://w3id.org/italia/onto/CPV/>"""
DATA = "https://w3id.org/mappe-servizi/data/"


@cache
def places(url: str) -> dict[str, str]:
    """The addresses by page type."""
    found = dict(FIXED)
    for name, class_ in CLASSES.items():
        pattern = f'?s a {class_} FILTER(STRSTARTS(STR(?s), "{DATA}"))'
        query = f"{PREFIXES} SELECT (MIN(STR(?s)) AS ?iri) {{ {pattern} }}"
        headers = {"accept": "application/sparql-results+json"}
        rows = httpx.get(f"{url}/sparql", params={"query": query}, headers=headers).json()["results"][
            "bindings"
        ]
        found[name] = "/page/" + rows[0]["iri"]["value"].removeprefix(DATA)
    return found


def place(site: Served, name: str) -> str:
    """The address of one page type."""
    return places(site.url)[name]


NAMES = [*FIXED, *CLASSES]
