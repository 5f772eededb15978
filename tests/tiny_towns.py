"""A municipality of one service in a few triples, for tests of many: its number stands for §."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from mappe_servizi.rdf.namespaces import prefixes
from served import BASE, serve, write_release

TOWN = """
<data/municipality/t_§> a mds:Municipality ; covapit:IPAcode "t_§" ; rdfs:label "Borgo §"@it ;
  mds:providesService <data/public-service/t_§/nido> .
<data/public-service/t_§/nido> a mds:MunicipalService ; rdfs:label "Asilo nido §"@it ;
  l0:name "Asilo nido §"@it ;
  mds:inArea <data/area/t_§/scuola> ; mds:hasIndicator <data/user-indicator/t_§/nido/bambini> ;
  mds:hasPersonnel <data/personnel/t_§/nido> ; mds:hasUserSegment <data/segment/t_§/nido/bambini> .
<data/public-service/t_§/nido> mds:mainConcept <controlled-vocabulary/service-concept/nursery> ;
  mds:conceptMatch <controlled-vocabulary/concept-match/exact> .
<controlled-vocabulary/service-concept/nursery> a skos:Concept ; skos:prefLabel "Asilo nido"@it .
<data/user-indicator/t_§/nido/bambini> rdfs:label "Lattanti"@it ;
  mds:indicatorConcept <controlled-vocabulary/indicator-concept/infants> ;
  mds:conceptMatch <controlled-vocabulary/concept-match/exact> .
<controlled-vocabulary/indicator-concept/infants> a skos:Concept ; skos:prefLabel "Lattanti"@it ;
  mds:ofServiceConcept <controlled-vocabulary/service-concept/nursery> ;
  mds:counts <controlled-vocabulary/counted/users> ;
  muapit:hasMeasurementUnit <controlled-vocabulary/measurement-unit/count> ;
  mds:denominator <controlled-vocabulary/denominator/residents> ;
  mds:periodKind <controlled-vocabulary/period-kind/stock> ;
  mds:aggregation <controlled-vocabulary/aggregation/sum> .
<data/segment/t_§/nido/bambini> a mds:UserSegment ; rdfs:label "Bambini"@it ;
  mds:coversAudience <controlled-vocabulary/audience-group/children-0-3> .
<controlled-vocabulary/audience-group/children-0-3> a skos:Concept ; rdfs:label "Bambini 0-3"@it .
<data/area/t_§/scuola> a mds:ServiceArea, skos:Concept ; rdfs:label "Scuola"@it ; l0:positionInSequence 1 .
<data/service-map/t_§/nido> mds:describesService <data/public-service/t_§/nido> ; mds:isPublished true ;
  mds:indexNumber § ; mds:edition "2020"^^xsd:gYear ; mds:isCurrent true .
<data/personnel/t_§/nido> mds:statedIn <data/service-map/t_§/nido> ; mds:rawText "§" ; mds:staffCount § .
<data/user-indicator/t_§/nido/bambini> a mds:UserIndicator, mds:ServiceIndicator ; l0:name "Lattanti"@it ;
  mds:groupName "Per sezione"@it ;
  mds:indicatorRole <controlled-vocabulary/indicator-role/single> ;
  mds:counts <controlled-vocabulary/counted/users> ;
  muapit:hasMeasurementUnit <controlled-vocabulary/measurement-unit/count> ;
  mds:hasFigure <data/measurement/t_§/nido/2020> .
<data/measurement/t_§/nido/2020> a mds:YearlyFigure ; mds:isCurrent true ; mds:rawText "10§" ;
  sdmx-dimension:refPeriod <controlled-vocabulary/year/2020> ; sdmx-measure:obsValue 10§ ;
  sdmx-attribute:obsStatus <controlled-vocabulary/observation-status/normal> .
<data/public-service/t_§/nido> mds:hasProvision <data/provision/t_§/nido/1>, <data/provision/t_§/nido/2> .
<data/provision/t_§/nido/1> a mds:ServiceProvision ; roapit:isRoleInTimeOf <data/organization/coop-§> ;
  roapit:forEntity <data/public-service/t_§/nido> ; mds:statedIn <data/service-map/t_§/nido> .
<data/provision/t_§/nido/2> a mds:ServiceProvision ; rdfs:label "Consorzio di tutti"@it ;
  roapit:isRoleInTimeOf <data/organization/everywhere> ;
  roapit:forEntity <data/public-service/t_§/nido> ; mds:statedIn <data/service-map/t_§/nido> .
<data/service-map/t_§/nido/2019> mds:isCurrent false .
<data/provision/t_§/2019/nido/1> a mds:ServiceProvision ; rdfs:label "Cooperativa di un tempo"@it ;
  roapit:isRoleInTimeOf <data/organization/former> ; roapit:forEntity <data/public-service/t_§/nido> ;
  mds:statedIn <data/service-map/t_§/nido/2019> .
<data/public-service/t_§/nido> mds:hasProvision <data/provision/t_§/2019/nido/1> .
<data/organization/former> a mds:ServiceProvider ; rdfs:label "Cooperativa di un tempo"@it .
<data/organization/coop-§> a mds:ServiceProvider ; rdfs:label "Cooperativa §"@it .
<data/organization/everywhere> a mds:ServiceProvider ; rdfs:label "Consorzio di tutti"@it .
"""


def quads(count: int, more: Mapping[str, str] | None = None) -> bytes:
    """So many municipalities as N-Quads; ``more`` is Turtle of further graphs, § stands for each number."""
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(BASE).items())
    store = Store()
    for name, turtle in {"": TOWN, **(more or {})}.items():
        graph = NamedNode(f"{BASE}graph/{name}") if name else DefaultGraph()
        every = head + "".join(turtle.replace("§", str(number)) for number in range(1, count + 1))
        for quad in parse(every, format=RdfFormat.TURTLE, base_iri=BASE):
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    return store.dump(format=RdfFormat.N_QUADS)


@contextmanager
def served(link: Path, count: int, more: Mapping[str, str] | None = None) -> Iterator[httpx.Client]:
    """Serve so many municipalities to somebody who reads pages in English.

    Args:
        link: of the release to be written.
        count: how many.
        more: Turtle of further graphs, by their names; § stands for each number.
    """
    write_release(link, quads(count, more))
    with (
        serve("--release", str(link)) as server,
        httpx.Client(base_url=server.url, headers={"accept": "text/html", "accept-language": "en"}) as client,
    ):
        yield client
