"""docs/model.md and docs/questions.md: made of today's ontology and gallery, true of today's release."""

import csv
import json
import re
from collections import defaultdict

import pytest
from pyoxigraph import DefaultGraph, Store, parse

from helpers import ROOT
from mappe_servizi.rdf.queries import read_queries
from mappe_servizi.rdf.reference import ANSWERS, EXAMPLES, MODEL_HEAD, model, questions
from mappe_servizi.releases import Release
from rdf import data_store

DOCS = ROOT / "docs"
GALLERY = read_queries(ROOT / "queries" / "examples")
ANSWERED = json.loads((DOCS / ANSWERS).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return data_store(release)


def test_the_pages_are_up_to_date() -> None:
    assert (DOCS / "model.md").read_text(encoding="utf-8") == model(DOCS, ROOT / "ontology"), (
        "run `make docs`"
    )
    found = (DOCS / "questions.md").read_text(encoding="utf-8")
    assert found == questions(DOCS, ROOT / "queries"), "run `make docs`"


def test_there_are_forty_questions_in_two_languages_with_their_answers() -> None:
    assert len(GALLERY) >= 40
    assert set(ANSWERED) == set(GALLERY)
    text = (DOCS / "questions.md").read_text(encoding="utf-8")
    for query in GALLERY.values():
        assert f"## {query.title['en']} / {query.title['it']}\n" in text
        assert f"`/api/{query.name}" in text


@pytest.mark.parametrize("name", GALLERY)
def test_a_question_has_the_answer_that_the_page_shows(store: Store, name: str) -> None:
    query = GALLERY[name]
    solutions = store.query(query.text, substitutions=query.bind({}))
    columns = [variable.value for variable in solutions.variables]
    rows = [{c: getattr(row[c], "value", None) for c in columns} for row in solutions]
    assert len(rows) == ANSWERED[name]["rows"], "run scripts/doc_answers.py, then `make docs`"
    for row in ANSWERED[name]["first"]:
        assert row in rows


def test_every_property_that_the_data_use_has_a_true_example(release: Release, store: Store) -> None:
    with (DOCS / EXAMPLES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = {row["property"] for row in rows}
    of_persons = ("/data/person/", "/data/responsibility/")  # no name of one stands in the repository
    used = {
        str(quad.predicate)
        for quad in store.quads_for_pattern(None, None, None, DefaultGraph())
        if not any(part in str(quad.subject) for part in of_persons)
    }
    assert used == shown
    # The store has whole numbers of every type as integers.
    true = {f"{row['subject']} {row['property']} {row['object'].partition('^^')[0]}" for row in rows}
    stated = {
        f"{q.subject} {q.predicate} {str(q.object).partition('^^')[0]}" for q in parse(path=release.dump)
    }
    assert true - stated == set()
    page = (DOCS / "model.md").read_text(encoding="utf-8")
    for name in ("hasUserSegment", "hasManagement", "hasPersonnel", "hasDeliveryStructure", "quantifies"):
        assert f"| `mds:{name}` |" in page


def test_from_the_docs_alone_the_users_of_a_service_are_the_printed_total(
    release: Release, store: Store
) -> None:
    """The recipe of docs/model.md, for every service whose map prints a total of users for 2019."""
    [recipe] = re.findall(r"```sparql\n(.*?)```", MODEL_HEAD, re.DOTALL)
    printed: dict[str, set[str]] = defaultdict(set)
    with (release.path / "csv" / "observations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["table"], row["year"], row["role"], row["current"]) == ("users", "2019", "total", "true"):
                printed[row["service"].rpartition("/")[2]].add(row["value"])
    assert len(printed) >= 8
    for service, values in printed.items():
        found = store.query(recipe.replace('"anziani"', f'"{service}"'))
        assert {row["users"].value for row in found} == {value for value in values if value}, service
