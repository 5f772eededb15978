"""Rows that are one body, also within a list; and what keeps two clusters apart."""

from __future__ import annotations

import random

import pytest

from mappe_servizi.linking.decisions import Decided, Decision
from mappe_servizi.linking.links import Linked, link_lists, roles
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.scorer import Scorer

NOBODY = Decided({}, {}, 0)
FIVE = [
    "Cooperativa Sociale Il Girasole", "Il Girasole Soc. Coop. Sociale Onlus", "IL GIRASOLE S.C.S.",
    'Coop. Soc. "Il Girasole" a r.l.', "GIRASOLE COOPERATIVA SOCIALE",
]  # fmt: skip
OTHERS = ["Associazione Il Faro", "Fondazione Benefattori Cremaschi", "AVIS Comunale di Crema"]


def rows(names: list[str], town: str = "Crema") -> list[Listed]:
    return [Listed(str(n), name, town) for n, name in enumerate(names, 1)]


def groups(found: Linked) -> list[set[str]]:
    listed = found.matched.rows
    return [{listed[row].name for row in found.clusters.members[number]} for number in found.names]


def test_five_spellings_in_one_list_are_one_body(scorer: Scorer) -> None:
    found = link_lists([OrganizationList("a", rows([*FIVE, *OTHERS]))], scorer, NOBODY)
    assert groups(found) == [set(FIVE)]
    assert len([1 for _, role in roles(found) if role == "holds"]) == 4  # a tree holds five together


def test_a_second_row_of_a_body_in_the_other_list_is_not_dropped(scorer: Scorer) -> None:
    lists = [OrganizationList("a", rows([FIVE[0], *OTHERS])), OrganizationList("b", rows([FIVE[1], FIVE[2]]))]
    found = link_lists(lists, scorer, NOBODY)
    assert groups(found) == [set(FIVE[:3])]
    assert len(found.links) == 2


def test_lists_without_duplicates_are_linked_one_to_one(scorer: Scorer) -> None:
    lists = [
        OrganizationList("a", rows([FIVE[0], *OTHERS])),
        OrganizationList("b", rows([FIVE[1], FIVE[2]]), unique=True),
    ]
    found = link_lists(lists, scorer, NOBODY)
    assert [len(group) for group in groups(found)] == [2]
    assert any(role == "kept apart" for _, role in roles(found))


def test_ids_of_two_lists_are_two_spaces(scorer: Scorer) -> None:
    left = rows(["Fondazione Bruno Pari di Ostiano", "Cosper s.c.s."], "Cremona")
    right = rows(["COSPER SCS", "FOND. BRUNO PARI DI OSTIANO"], "CREMONA")
    found = link_lists([OrganizationList("a", left), OrganizationList("b", right)], scorer, NOBODY)
    listed = found.matched.rows
    assert {(listed[x.left].id, listed[x.right].id) for x in found.links} == {("1", "2"), ("2", "1")}


def test_names_of_clusters_do_not_depend_on_the_order_of_rows(scorer: Scorer) -> None:
    names = rows([*FIVE, *OTHERS])
    first = link_lists([OrganizationList("a", names)], scorer, NOBODY)
    random.Random(1).shuffle(names)
    assert set(first.names.values()) == set(
        link_lists([OrganizationList("a", names)], scorer, NOBODY).names.values()
    )


@pytest.mark.parametrize("accepted", [True, False])
def test_people_decide_before_the_model(scorer: Scorer, accepted: bool) -> None:
    left, right = rows([FIVE[0]]), rows([FIVE[1]] if not accepted else ["Tutt'altra cosa"])
    decision = Decision("1", "1", accepted, "known", "assumed", 2)
    pair = {(0, 1): decision}
    decided = Decided(pair, {}, 0) if accepted else Decided({}, pair, 0)
    found = link_lists([OrganizationList("a", left), OrganizationList("b", right)], scorer, decided)
    assert [(x.relation, x.by) for x in found.links] == [("sameAs" if accepted else "rejected", "reviewer")]
    assert len(found.names) == accepted
