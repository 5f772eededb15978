"""Identifiers: what is valid, what an equal or another one says."""

from __future__ import annotations

import pytest

from mappe_servizi.linking.decisions import Decided
from mappe_servizi.linking.identifiers import checked, evidence
from mappe_servizi.linking.links import link_lists
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.scorer import Scorer

NOBODY = Decided({}, {}, 0)
CODE, OTHER = "00193890050", "00198670028"


@pytest.mark.parametrize(
    ("scheme", "printed", "value"),
    [
        ("taxcode", CODE, CODE),
        ("taxcode", " 001 938.900-50 ", CODE),
        ("taxcode", "193890050", CODE),  # a spreadsheet took the zeros away
        ("taxcode", "IT00193890050", CODE),
        ("taxcode", "00193890051", ""),  # its check digit is wrong
        ("taxcode", "RSSMRA80A01D150X", ""),
        ("taxcode", "n.d.", ""),
        ("vat", "00000000000", ""),
        ("runts", "Rep. n. 012345", "12345"),
        ("ipa", "C_D150", "c_d150"),
        ("web", "http://WWW.Agropolis.it/", "agropolis.it"),
        ("web", "https://www.facebook.com/agropolis", ""),
        ("web", "http://[bad", ""),
        ("email", "info@agropolis.it", "agropolis.it"),
        ("email", "Agropolis@gmail.com", "agropolis@gmail.com"),
        ("address", "Via Roma, 12", "via roma 12"),
        ("address", "Via Roma", ""),
    ],
)
def test_values(scheme: str, printed: str, value: str) -> None:
    assert checked(scheme, printed, frozenset({"gmail.com", "facebook.com"})) == value


def test_a_fiscal_code_goes_before_a_vat_number_that_a_group_shares() -> None:
    one, other = {"taxcode": CODE, "vat": "1"}, {"taxcode": OTHER, "vat": "1"}
    assert evidence(one, other).verdict == "differs"
    assert evidence({"vat": "1"}, {"vat": "1"}).verdict == "same"
    assert evidence({"web": "a.it"}, {"email": "a.it"}).odds == 4.0
    assert evidence({"web": "a.it", "email": "a.it"}, {"web": "a.it", "email": "a.it"}).odds == 4.0


def linked(scorer: Scorer, left: list[Listed], right: list[Listed]) -> dict[tuple[str, str], tuple[str, str]]:
    found = link_lists([OrganizationList("l", left), OrganizationList("r", right)], scorer, NOBODY)
    rows = found.matched.rows
    return {(rows[x.left].id, rows[x.right].id): (x.relation, x.by) for x in found.links}


def test_the_same_code_is_the_same_body_whatever_it_is_called(scorer: Scorer) -> None:
    left = [Listed("1", "Cooperativa Alfa", "Lodi", identifiers={"taxcode": CODE})]
    right = [Listed("1", "BETA SERVIZI SPA", "Bari", identifiers={"vat": CODE})]
    assert linked(scorer, left, right) == {("1", "1"): ("sameAs", "identifier")}


def test_two_codes_are_two_bodies_whatever_they_are_called(scorer: Scorer) -> None:
    name = "Cooperativa Sociale Fili Intrecciati"
    left = [Listed("1", name, "Lodi", identifiers={"taxcode": CODE})]
    right = [Listed("1", name, "Lodi", identifiers={"taxcode": OTHER})]
    assert linked(scorer, left, right) == {}
    # nor by way of a third row that gives no code
    left.append(Listed("2", name, "Lodi"))
    pairs = linked(scorer, left, right)
    assert ("1", "1") not in pairs
    assert len(pairs) <= 1


def test_a_site_of_its_own_is_evidence(scorer: Scorer) -> None:
    left = [Listed("1", "Il Ponte", "Lodi", identifiers={"web": "ponteverde.it"})]
    other = [Listed("1", "Ponte Verde Servizi", "", identifiers={"email": "ponteverde.it"})]
    plain = [Listed("1", "Ponte Verde Servizi", "")]
    assert linked(scorer, left, plain) == {}
    assert linked(scorer, left, other)["1", "1"][1] == "model"
