"""IRIs: the namespaces that we use, and the patterns by which ours are made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from mappe_servizi.bases import DEFAULT_BASE, iri_below


@cache
def iri(value: str) -> NamedNode:
    """The term of an IRI; the same one every time, since making a term costs more than a look-up."""
    return NamedNode(value)


class Namespace(str):
    """A namespace whose terms are indexed by their local name.

    >>> Namespace("http://purl.org/dc/terms/")["title"]
    <NamedNode value=http://purl.org/dc/terms/title>
    """

    __slots__ = ()

    @cache  # noqa: B019 - namespaces are few, and asked for hundreds of thousands of times
    def __getitem__(self, local: str) -> NamedNode:  # type: ignore[override]
        return iri(str.__str__(self) + local)


_ONTOPIA = "https://w3id.org/italia/onto/"
CPSVAPIT = Namespace(_ONTOPIA + "CPSV/")
COVAPIT = Namespace(_ONTOPIA + "COV/")
CLVAPIT = Namespace(_ONTOPIA + "CLV/")
CPVAPIT = Namespace(_ONTOPIA + "CPV/")
ROAPIT = Namespace(_ONTOPIA + "RO/")
TIAPIT = Namespace(_ONTOPIA + "TI/")
MUAPIT = Namespace(_ONTOPIA + "MU/")
SMAPIT = Namespace(_ONTOPIA + "SM/")
POIAPIT = Namespace(_ONTOPIA + "POI/")
L0 = Namespace(_ONTOPIA + "l0/")
ITALIAN_VOCABULARY = Namespace("https://w3id.org/italia/controlled-vocabulary/")
DATA_THEME = Namespace("http://publications.europa.eu/resource/authority/data-theme/")

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
DCT = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
ORG = Namespace("http://www.w3.org/ns/org#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
OA = Namespace("http://www.w3.org/ns/oa#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCMITYPE = Namespace("http://purl.org/dc/dcmitype/")
DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SCHEMA = Namespace("http://schema.org/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
PROV = Namespace("http://www.w3.org/ns/prov#")
STAT = Namespace("http://data.europa.eu/s1n/")
"""StatDCAT-AP: the namespace that was assigned; versions up to 1.0.1 have a placeholder in its place."""
QB = Namespace("http://purl.org/linked-data/cube#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
SDMX_ATTRIBUTE = Namespace("http://purl.org/linked-data/sdmx/2009/attribute#")
SDMX_CONCEPT = Namespace("http://purl.org/linked-data/sdmx/2009/concept#")
SDMX_DIMENSION = Namespace("http://purl.org/linked-data/sdmx/2009/dimension#")
SDMX_MEASURE = Namespace("http://purl.org/linked-data/sdmx/2009/measure#")
TIME = Namespace("http://www.w3.org/2006/time#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SSSOM = Namespace("https://w3id.org/sssom/")
SEMAPV = Namespace("https://w3id.org/semapv/vocab/")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SH = Namespace("http://www.w3.org/ns/shacl#")
VOID = Namespace("http://rdfs.org/ns/void#")
VOID_EXT = Namespace("http://ldf.fi/void-ext#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

NAMED_GRAPHS: Final = ("catalogue", "quality", "provenance", "links", "schema")
"""What is about the data stands in graphs of its own, ``{base}graph/{name}``; the data do not."""


@dataclass(frozen=True, slots=True)
class Iris:
    """Our own IRIs: data under the instance's base, knowledge under its own (design.md, section 3)."""

    base: str = DEFAULT_BASE

    @property
    def mds(self) -> Namespace:
        """The namespace of the local ontology."""
        return Namespace(f"{DEFAULT_BASE}onto/MDS/")

    def data(self, concept: str, *path: str | int) -> NamedNode:
        """The IRI of a thing.

        >>> Iris().data("segment", "c_d150", "asili-nido", "bambini").value
        'https://w3id.org/mappe-servizi/data/segment/c_d150/asili-nido/bambini'
        """
        return NamedNode("/".join([f"{self.base}data/{concept}", *map(str, path)]))

    def scheme(self, scheme: str) -> NamedNode:
        """The IRI of one of our controlled vocabularies."""
        return iri(iri_below(self.base, f"controlled-vocabulary/{scheme}"))

    def concept(self, scheme: str, code: str | int) -> NamedNode:
        """The IRI of a concept of one of our controlled vocabularies."""
        return iri(iri_below(self.base, f"controlled-vocabulary/{scheme}/{code}"))

    def named_graph(self, name: str) -> NamedNode:
        """The IRI of one of ``NAMED_GRAPHS``."""
        return iri(f"{self.base}graph/{name}")


def prefixes(base: str = DEFAULT_BASE) -> dict[str, str]:
    """The prefixes that our Turtle and JSON-LD are written with: every namespace above, and ours.

    >>> prefixes()["mds"], prefixes()["sdmx-measure"]
    ('https://w3id.org/mappe-servizi/onto/MDS/', 'http://purl.org/linked-data/sdmx/2009/measure#')
    """
    known = {
        name.lower().replace("_", "-"): str(value)
        for name, value in globals().items()
        if isinstance(value, Namespace) and not name.startswith("_")
    }
    return {"mds": str(Iris(base).mds), **known}
