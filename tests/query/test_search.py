"""The index of the real release: what visitors look for stands first, and says where it belongs."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from mappe_servizi.outputs.search_index import FILE, FORMAT, OWNED, write_search_index
from mappe_servizi.query.search import Hits, SearchIndex
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.releases import Release
from mappe_servizi.web.api.highlight import KINDS, excerpt
from mappe_servizi.web.portal.texts import english

BASE = "https://w3id.org/mappe-servizi/"
EXPECTED = {
    "nido": "public-service/c_d150/asili-nido",
    "asilo": "public-service/c_d150/asili-nido",
    "asilo nido": "public-service/c_d150/asili-nido",
    "asilo nido cremona": "public-service/c_d150/asili-nido",
    "anziani": "public-service/c_d150/anziani",
    "disabili": "public-service/c_d150/disabilita",
    "scuola": "public-service/c_d150/scuole-infanzia",
    "biblioteca": "public-service/c_d150/biblioteche",
    "bibl": "public-service/c_d150/biblioteche",
    "libri": "public-service/c_d150/biblioteche",
    "rifiuti": "public-service/c_d150/ciclo-rifiuti",
    "polizia locale": "area/c_d150/servizi-di-polizia-locale-e-per-la-sicurezza",
    "tributi": "public-service/c_d150/tributi-disciplina-e-aliquote",
    "museo": "public-service/c_d150/museo-civico-archeologico-civilta-contadina-storia-naturale",
    "cimitero": "public-service/c_d150/civico-cimitero",
    "mensa": "public-service/c_d150/scuole-infanzia-statali-servizio-ristorazione-scolastica",
    "anagrafe": "public-service/c_d150/anagrafe",
    "matrimonio": "public-service/c_d150/stato-civile",
    "sport": "public-service/c_d150/attivita-sportive",
    "giovani": "area/c_d150/servizi-per-i-giovani",
    "strade": "public-service/c_d150/manutenzione-strade",
    "cooperativa nido dei nonni": "organization/il-nido-dei-nonni",
    "palazzo comunale": "place/c_d150/palazzo-comunale",
    "cremona": "municipality/c_d150",
    # English words find what has an English name, and the services whose users or activities have one
    "children": "public-service/c_d150/asili-nido",
    "elderly": "public-service/c_d150/anziani",
    "local police": "area/c_d150/servizi-di-polizia-locale-e-per-la-sicurezza",
    "tourists": "public-service/c_d150/turismo",
    "young people": "controlled-vocabulary/audience-group/young-people",
}
TWO_TOWNS = """
<data/municipality/a> rdfs:label "Borgo"@it . <data/municipality/b> rdfs:label "Villa"@it .
<data/public-service/a/nido> rdfs:label "Asilo nido"@it ; mds:hasElement <data/element/a/2020/nido/estivo> .
<data/public-service/b/nido> rdfs:label "Asilo nido"@it ; mds:hasPlace <data/place/b/sede> .
<data/public-service/b/scuola> rdfs:label "Scuola"@it ; mds:hasProvision <data/provision/b/2020/scuola/sede> .
<data/provision/b/2020/scuola/sede> rdfs:label "Sede"@it ; mds:deliveredThrough <data/place/b/sede> .
<data/place/b/sede> rdfs:label "Sede"@it . <data/place/b/sede/address> rdfs:label "Via Po, 1"@it .
<data/element/a/2020/nido/estivo> rdfs:label "Estivo"@it ; skos:editorialNote "as on line 7"@it ;
  dct:identifier "a/nido/estivo" ; l0:description "Aperto in luglio"@it .
"""


@pytest.fixture(scope="module")
def index(release: Release) -> Iterator[SearchIndex]:
    index = SearchIndex(release.path / FILE)
    yield index
    index.close()


def find(index: SearchIndex, text: str, kind: str = "") -> Hits:
    return asyncio.run(index.find(text, kind))


@pytest.mark.parametrize("text", EXPECTED)
def test_what_is_looked_for_is_among_the_first_three(index: SearchIndex, text: str) -> None:
    found = [hit.iri.removeprefix(BASE).removeprefix("data/") for hit in find(index, text).hits[:3]]
    assert EXPECTED[text] in found


def test_services_come_before_all_else_that_has_the_word_in_its_name(index: SearchIndex) -> None:
    kinds = [hit.kind for hit in find(index, "scuole").hits]
    assert kinds[:3] == ["public-service"] * 3
    assert "segment" in kinds


def test_each_part_of_a_service_names_it(release: Release) -> None:
    with closing(sqlite3.connect(release.path / FILE)) as database:
        query = "SELECT iri FROM doc WHERE owner IS NULL AND kind IN (SELECT value FROM json_each(?))"
        kinds = "[" + ", ".join(f'"{kind}"' for kind in OWNED) + "]"
        assert database.execute(query, (kinds,)).fetchall() == []


def test_texts_are_for_readers(release: Release) -> None:
    with closing(sqlite3.connect(release.path / FILE)) as database:
        for iri, text in database.execute("SELECT iri, text || english_text FROM doc"):
            assert not re.search(r"c_d150/|\[lines? \d", text), iri
        kinds = {kind for (kind,) in database.execute("SELECT DISTINCT kind FROM doc")}
    assert kinds <= set(KINDS)
    assert set(KINDS.values()) <= set(english())


def two_towns(path: Path) -> None:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(BASE).items())
    store = Store()
    store.load(head + TWO_TOWNS, format=RdfFormat.TURTLE, base_iri=BASE)
    write_search_index(store, path, BASE)


def test_with_several_municipalities_each_is_named(tmp_path: Path) -> None:
    two_towns(tmp_path / FILE)
    index = SearchIndex(tmp_path / FILE)
    towns = [hit.municipality for hit in find(index, "nido").hits[:2]]
    assert [town and town.label for town in towns] == ["Borgo", "Villa"]
    assert [hit.iri for hit in find(index, "nido villa").hits] == [f"{BASE}data/public-service/b/nido"]
    (estivo,) = find(index, "estivo", "element").hits
    assert estivo.owner
    assert (estivo.owner.label, estivo.others, estivo.text) == ("Asilo nido", 0, "Aperto in luglio")
    assert find(index, "line").total == 0
    (sede,) = find(index, "po", "place").hits
    assert sede.owner
    assert (sede.owner.iri, sede.others, sede.text) == (f"{BASE}data/public-service/b/nido", 1, "Via Po, 1")
    index.close()


def test_an_index_of_an_older_release_is_searched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.executescript("""
            CREATE TABLE doc (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL,
              label TEXT NOT NULL, text TEXT NOT NULL, stems TEXT NOT NULL, weight REAL NOT NULL);
            CREATE TABLE word (stem TEXT PRIMARY KEY) WITHOUT ROWID;
            CREATE VIRTUAL TABLE fts USING fts5(label, text, content='');
            INSERT INTO doc VALUES (1, 'e:nido', 'public-service', 'Asilo nido', 'a/nido', 'asil nid', 2.0);
            INSERT INTO word VALUES ('asil'), ('nid');
            INSERT INTO fts (rowid, label, text) VALUES (1, 'asil nid', 'nid');
        """)
    index = SearchIndex(tmp_path / FILE)
    assert find(index, "asillo").total == 0  # it has no spellings to offer
    (hit,) = find(index, "asilo").hits
    assert (hit.iri, hit.label, hit.text, hit.owner, hit.municipality) == (
        "e:nido",
        "Asilo nido",
        "",
        None,
        None,
    )
    index.close()
    two_towns(tmp_path / "today.sqlite")
    with closing(sqlite3.connect(tmp_path / "today.sqlite")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (FORMAT,)


def test_an_excerpt_begins_where_the_word_is_or_at_the_beginning() -> None:
    text = "parola " * 60 + "asilo " + "parola " * 60
    assert excerpt(text, {"asil"}).startswith("… parola")
    assert "asilo" in excerpt(text, {"asil"})
    assert excerpt(text, {"nid"}).startswith("parola")
    assert not excerpt("", {"nid"})
