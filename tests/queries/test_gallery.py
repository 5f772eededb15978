"""The gallery: every query answers, with what the document says, and the same on every engine."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, Store

import peers
from helpers import ROOT
from mappe_servizi.rdf.queries import PublishedQuery, read_queries
from mappe_servizi.rdf.query_text import with_values
from mappe_servizi.releases import Release
from rdf import BASE, data_store

GALLERY = read_queries(ROOT / "queries" / "examples")

# How many rows at least, and values that must stand together in one of them, with the lines of
# the document that say so.
FACTS: dict[str, tuple[int, dict[str, str]]] = {
    "activity-in-full": (
        20,
        {"question": "3 how many", "label": "Residenza Sanitaria Assistenziale (RSA)", "value": "165"},
    ),  # 1506
    "compare-municipalities": (200, {"label": "Anziani in RSA", "year": "2018", "value": "165"}),  # 1506
    "indicator-over-municipalities": (3, {"title": "Anziani", "year": "2020", "value": "162"}),  # 1506
    "acting-officials": (10, {"title": "Turismo", "name": "Lamberto Ghilardi"}),  # 3019
    "change-of-users": (20, {"label": "Liberi cittadini", "before": "41856", "after": "6323"}),  # 1911
    "co-producing-groups": (120, {"title": "Civico Cimitero", "group": "Polo della Cremazione"}),  # 2047
    "facilities": (40, {"title": "Asili nido", "name": "Nido Lancetti"}),  # 848
    "internal-services": (19, {"title": "Formazione"}),
    "management-forms": (3, {"label": "Mista"}),
    "missing-figures": (20, {"label": "Uffici pubblici e privati", "raw": "tutti", "line": "654"}),
    "municipalities-overview": (1, {"services": "73", "maps": "69", "segments": "269"}),
    "offices-of-several-services": (
        5,
        {"name": "Ufficio Finanza e Fiscalità", "services": "2"},
    ),  # 4435, 4495
    "online-services": (20, {"title": "Sosta e varchi", "label": "Transazione"}),  # 2732
    "outputs-of-a-service": (10, {"label": "n. bambini iscritti", "value": "204"}),  # 791
    "outsourced-services": (20, {"title": "Impianti natatori"}),
    "partners-in-groupings": (
        23,
        {"oneName": "Cosper s.c.s. Impresa Sociale", "groupings": "2"},
    ),  # 1299, 1421
    "personnel-by-area": (
        69,
        {"title": "Asili nido", "printed": "69 (di cui 13 ditta esterna)", "first": "69", "external": "13"},
    ),  # 836
    "providers-of-an-activity": (14, {"name": "Residenza Don Mori", "title": "Anziani"}),  # 1541
    "providers-of-several-services": (8, {"name": "Cosper s.c.s. Impresa Sociale", "services": "4"}),
    "who-works-in-several-municipalities": (
        150,
        {"providerName": "AEM Cremona spa", "service": "Sosta e varchi", "municipality": "Comune di Cremona"},
    ),  # 2692
    "providers-of-two-municipalities": (71, {"name": "AEM Cremona spa", "municipalities": "1"}),  # 2737
    "provision-instruments": (8, {"label": "Concessione"}),
    "costs-and-requirements": (10, {"title": "Anziani", "what": "requirement", "line": "1492"}),
    "desks-and-hours": (35, {"title": "Anagrafe", "kind": "Sportello fisico"}),
    "figures-of-a-service": (30, {"indicator": "n. bambini iscritti", "year": "2018", "value": "204"}),  # 791
    "largest-figures": (20, {"indicator": "n. pagine visitate sito internet", "value": "2295892"}),
    "places-and-addresses": (
        60,
        {"name": "Secondaria Virgilio", "address": "Via Trebbia, 1", "town": "Cremona"},
    ),
    "services-beyond-the-town": (5, {"title": "Biblioteche", "coverage": "other"}),  # 2919
    "users-total-of-a-service": (1, {"service": "anziani", "users": "1486", "line": "1517"}),
    "what-services-put-out": (100, {"title": "Allestimenti", "name": "Manifestazioni", "value": "756"}),
    "segments-of-a-service": (11, {"name": "Bambini divezzi (2 - 3 anni)", "audience": "Bambini 0-3 anni"}),
    "services-by-area": (19, {"name": "Servizi finanziari", "services": "6"}),
    "services-by-function": (25, {"label": "Istruzione prescolastica", "services": "2"}),
    "services-by-official": (12, {"name": "Gabriella Di Girolamo"}),
    "services-by-theme": (9, {"label": "Trasporti"}),
    "services-for-an-audience": (3, {"title": "Disabilità", "segments": "13"}),
    "services-for-an-event": (4, {"title": "Asili nido"}),
    "services-through-cooperatives": (20, {"title": "Disabilità", "form": "Società cooperativa sociale"}),
    "services-without-figures": (5, {"title": "Scuole infanzia"}),  # 892-897: the column 2020 is empty
    "temporary-groupings": (16, {"name": "Cosper s.c.s. Impresa Sociale"}),  # 1299
    "totals-and-parts": (30, {"label": "Pubblico scolastico totale", "printed": "21029", "sum": "21675"}),
    "unpublished-maps": (4, {"number": "73", "title": "Infrastrutture tecnologiche"}),
    "users-per-audience-group": (
        240,
        {"label": "Anziani", "title": "Anziani", "users": "787", "rows": "5"},
    ),  # 1506-1513
    "websites": (4, {"url": "https://musei.comune.cremona.it/"}),  # 2873
}


def rows(answer: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of SPARQL results in JSON, numbers in one form whatever the engine writes."""
    return [
        {name: _plain(term) for name, term in binding.items()} for binding in answer["results"]["bindings"]
    ]


def _plain(term: dict[str, str]) -> str:
    if term.get("datatype", "").endswith(("#integer", "#decimal", "#double", "#int")):
        return format(Decimal(term["value"]).normalize(), "f")
    return term["value"]


def embedded(store: Store, query: PublishedQuery) -> list[dict[str, str]]:
    solutions = store.query(query.text, substitutions=query.bind({}))
    return rows(json.loads(solutions.serialize(format=QueryResultsFormat.JSON) or b""))


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return data_store(release)


def test_the_gallery_is_large_enough_and_described_in_both_languages() -> None:
    assert len(GALLERY) >= 25
    assert set(FACTS) == set(GALLERY)
    for query in GALLERY.values():
        assert set(query.title) == set(query.description) == {"it", "en"}
        for parameter in query.parameters.values():
            assert set(parameter.description) == {"it", "en"}
            assert parameter.default is not None


def test_names_are_unique_over_all_queries() -> None:
    names = [path.stem for path in (ROOT / "queries").glob("*/*.rq")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", GALLERY)
def test_a_query_answers_what_the_document_says(store: Store, name: str) -> None:
    least, fact = FACTS[name]
    found = embedded(store, GALLERY[name])
    assert len(found) >= least
    assert [row for row in found if fact.items() <= row.items()], found[:3]


def test_the_actings_are_all_that_the_document_prints(store: Store) -> None:
    text = (ROOT / "data" / "municipalities" / "c_d150" / "editions" / "2020" / "document.txt").read_text(
        encoding="utf-8"
    )
    assert len(embedded(store, GALLERY["acting-officials"])) == text.upper().count("AD INTERIM")


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [
        ("providers-of-several-services", {"minimum": "4"}, 1),
        ("services-without-figures", {"period": f"{BASE}controlled-vocabulary/year/1999"}, 0),
        ("segments-of-a-service", {"service": f"{BASE}data/public-service/c_d150/polizia-prossimita"}, 1),
    ],
)
def test_a_parameter_is_obeyed(store: Store, name: str, values: dict[str, str], count: int) -> None:
    query = GALLERY[name]
    solutions = store.query(query.text, substitutions=query.bind(values))
    assert sum(1 for _ in solutions) == count


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def endpoint(
    request: pytest.FixtureRequest, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str]]]:
    """Another engine with the same data, and what it must be told to query them."""
    directory = tmp_path_factory.mktemp(request.param)
    if request.param == "oxigraph":
        with peers.oxigraph(release.store) as served:
            yield f"{served.url}/query", {}
    elif peers.VIRTUOSO:
        with peers.virtuoso(release.dump, directory) as served:
            yield f"{served.url}/sparql", {"default-graph-uri": peers.DATA}
    elif os.environ.get("CI"):
        pytest.fail("CI must have Virtuoso")
    else:
        pytest.skip("there is no Virtuoso; scripts/ci-packages.txt names the package")


def test_the_gallery_gives_the_same_answers_on_another_engine(
    store: Store, endpoint: tuple[str, dict[str, str]]
) -> None:
    url, extra = endpoint
    different = {}
    for name, query in GALLERY.items():
        text = with_values(query.text, query.bind({}))
        answer = httpx.post(
            url,
            data={"query": text, **extra},
            headers={"Accept": "application/sparql-results+json"},
            timeout=60,
        )
        assert answer.is_success, (name, answer.text[:300])
        ours, theirs = embedded(store, query), rows(answer.json())
        if sorted(map(_key, ours)) != sorted(map(_key, theirs)):
            different[name] = (ours[:2], theirs[:2])
    assert not different


def _key(row: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(row.items())
