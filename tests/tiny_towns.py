"""A municipality of one service in a few triples, for tests of many: its number stands for §."""

TOWN = """
<data/municipality/t_§> a mds:Municipality ; covapit:IPAcode "t_§" ; rdfs:label "Borgo §"@it ;
  mds:providesService <data/public-service/t_§/nido> .
<data/public-service/t_§/nido> a mds:MunicipalService ; rdfs:label "Asilo nido §"@it ;
  l0:name "Asilo nido §"@it ;
  mds:inArea <data/area/t_§/scuola> ; mds:hasIndicator <data/user-indicator/t_§/nido/bambini> ;
  mds:hasPersonnel <data/personnel/t_§/nido> ; mds:hasUserSegment <data/segment/t_§/nido/bambini> .
<data/segment/t_§/nido/bambini> a mds:UserSegment ; rdfs:label "Bambini"@it .
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
"""
