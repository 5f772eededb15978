"""The pages of resources that have no page of their own: everything named, nothing told twice."""

import csv
import re
from collections import defaultdict
from dataclasses import fields
from html import unescape
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from helpers import ROOT
from mappe_servizi.model.tables.program import TermRow
from mappe_servizi.web.portal.terms import TABLE, labels
from served import BASE

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
ALIGNS = ROOT / "ontology/assets/ontologies/MDS/latest/MDS-aligns.ttl"
HOURS = "http://schema.org/OpeningHoursSpecification"
SOURCES = {"OntoPiA", "W3C", "DCMI", "EU", "ours"}
PROVISION = "/page/provision/c_d150/2020/ambiente/ats-colonie-feline-collaborazione?view=all"
MIXED = "/controlled-vocabulary/management-form/mista"
USED = {
    "predicate": "{ ?s ?term ?o } UNION { GRAPH ?g { ?s ?term ?o } }",
    "class": "{ ?s a ?term } UNION { GRAPH ?g { ?s a ?term } }",
}
NAMED = f"{{ ?term <{LABEL}> ?l }} UNION {{ GRAPH ?h {{ ?term <{LABEL}> ?l }} }}"


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(client: httpx.Client, path: str, language: str = "it") -> str:
    place = f"{path}{'&' if '?' in path else '?'}lang={language}"
    answer = client.get(place, headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def rows(text: str) -> dict[str, str]:
    """The rows of the page's first table: the property's label and its values."""
    body = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    assert body is not None
    found = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', body[1], re.DOTALL)
    return {plain(name): plain(values) for name, values in found}


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def part(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None
    return plain(found[1])


@pytest.mark.parametrize("kind", sorted(USED))
def test_every_term_that_the_data_use_is_named_in_both_languages(client: httpx.Client, kind: str) -> None:
    used = f"SELECT DISTINCT ?term {{ {USED[kind]} }}"
    query = f"SELECT DISTINCT ?term ?l {{ {{ {used} }} OPTIONAL {{ {NAMED} }} }}"
    answer = client.post("/sparql", data={"query": query, "format": "json"})
    languages = defaultdict(set)
    for row in answer.json()["results"]["bindings"]:
        languages[row["term"]["value"]].add(row.get("l", {}).get("xml:lang", ""))
    assert len(languages) > 100
    for iri, found in labels().items():
        languages[iri] |= {label.language for label in found}
    nameless = sorted(iri for iri, known in languages.items() if not {"it", "en"} <= known)
    assert nameless == [], f"{TABLE.name} lacks their labels"


def test_the_table_says_where_each_label_is_from() -> None:
    found = table()
    assert tuple(found[0]) == tuple(column.name for column in fields(TermRow))
    iris = [row["iri"] for row in found]
    assert iris == sorted(set(iris))
    for row in found:
        assert row["italian"], row["iri"]
        assert row["english"], row["iri"]
        assert {row["italian_source"], row["english_source"]} <= SOURCES
        assert row["iri"] not in row["wider"].split()


def test_more_general_terms_are_those_that_the_build_writes_out() -> None:
    above = defaultdict(set)
    for triple in parse(path=ALIGNS, format=RdfFormat.TURTLE):
        above[triple.subject.value].add(triple.object.value)  # type: ignore[union-attr]
    rows = [row for row in table() if row["iri"] in above]
    assert len(rows) > 40
    for row in rows:
        assert set(row["wider"].split()) - {HOURS} == above[row["iri"]], row["iri"]


def test_labels_of_ontopia_are_those_of_its_ontologies(reference: Path) -> None:
    theirs = defaultdict(set)
    for path in (reference / "ontopia" / "ontologies").glob("*.ttl"):
        for quad in parse(path=path, format=RdfFormat.TURTLE, base_iri="http://example.org/", lenient=True):
            if quad.predicate.value == LABEL and isinstance(quad.object, Literal):
                assert isinstance(quad.subject, NamedNode)
                theirs[quad.subject.value, quad.object.language].add(quad.object.value.casefold())
    for row in table():
        for name, language in (("italian", "it"), ("english", "en")):
            if row[f"{name}_source"] == "OntoPiA":
                assert row[name].casefold() in theirs[row["iri"], language], row["iri"]


@pytest.mark.parametrize(
    ("language", "kicker", "properties"),
    [
        ("it", "Fornitura del servizio", {"ricavato da", "con ruolo", "al tempo", "corretto da", "tipo"}),
        ("en", "Service provision", {"was derived from", "with role", "at time", "corrected by", "type"}),
    ],
)
def test_a_provision_is_told_once_in_words(
    client: httpx.Client, language: str, kicker: str, properties: set[str]
) -> None:
    text = page(client, PROVISION, language)
    assert part(text, r'<p class="kicker">(.*?)</p>') == kicker
    found = rows(text)
    assert properties <= set(found)
    # what a more specific property says is not said again
    assert not {"influenzato da", "was influenced by", "ha come tempo", "has time", "ruolo", "role"} & set(
        found
    )
    headings = [plain(h) for h in re.findall(r"<h2[^>]*>(.*?)</h2>", text, re.DOTALL)]
    columns = [plain(c) for c in re.findall(r'<th scope="col">(.*?)</th>', text, re.DOTALL)]
    assert not set(headings) & set(columns)


def test_a_part_leads_back_to_its_service(client: httpx.Client) -> None:
    for path in (PROVISION, "/page/service-map/c_d150/2020/ambiente"):
        crumbs = re.search(r'<ol class="breadcrumb">(.*?)</ol>', page(client, path), re.DOTALL)
        assert crumbs is not None
        assert 'href="/page/public-service/c_d150/ambiente' in crumbs[1]
    concept = re.search(r'<ol class="breadcrumb">(.*?)</ol>', page(client, MIXED), re.DOTALL)
    assert concept is not None
    assert "/catalogue" in concept[1]


@pytest.mark.parametrize("language", ["it", "en"])
def test_links_of_the_same_name_are_told_apart(client: httpx.Client, language: str) -> None:
    links = re.findall(
        r'<a href="/page/management/[^"]*">(.*?)</a>', page(client, MIXED, language), re.DOTALL
    )
    names = [plain(link) for link in links]
    assert len(names) > 20
    assert len(set(names)) == len(names)
    assert any(name.endswith({"it": "– Biblioteche", "en": "– Libraries"}[language]) for name in names)


def test_no_type_is_lost(client: httpx.Client) -> None:
    person = "/page/person/c_d150/3afa4ad6"
    text = page(client, person)
    iri = BASE + person.replace("/page/", "data/")
    query = f"SELECT (COUNT(DISTINCT ?type) AS ?n) {{ <{iri}> a ?type }}"
    answer = client.post("/sparql", data={"query": query}, headers={"accept": "text/csv"})
    kicker = re.search(r'<p class="kicker">(.*?)</p>', text, re.DOTALL)
    row = re.search(r">tipo</a></th>\s*<td>(.*?)</td>", text, re.DOTALL)
    assert kicker is not None
    assert row is not None
    assert kicker[1].count("<a ") == 1
    assert kicker[1].count("<a ") + row[1].count("<a ") == int(answer.text.split()[1])
