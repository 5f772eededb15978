"""The concepts that municipalities share: their tables, and the vocabularies made of them."""

import sys
from collections import Counter

import pytest

from helpers import ROOT, Tell
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.concepts import INDICATOR_CONCEPTS, SERVICE_CONCEPTS

sys.path.insert(0, str(ROOT / "scripts"))
import concept_vocabularies

KNOWLEDGE = ROOT / "data" / "knowledge"
SERVICES = read_rows(SERVICE_CONCEPTS, KNOWLEDGE / SERVICE_CONCEPTS.file)
INDICATORS = read_rows(INDICATOR_CONCEPTS, KNOWLEDGE / INDICATOR_CONCEPTS.file)
LEVEL = {row.code: row.level for row in SERVICES}


def test_the_vocabularies_are_those_of_the_tables() -> None:
    for path, text in concept_vocabularies.turtle().items():
        assert path.read_text(encoding="utf-8") == text, f"run scripts/concept_vocabularies.py: {path.name}"


def test_a_concept_stands_below_one_of_a_higher_level(tell: Tell) -> None:
    above = {"group": {""}, "service": {"group", "service"}, "activity": {"service"}}
    for row in SERVICES:
        assert LEVEL.get(row.broader, "") in above[row.level], row.code
    tell(f"service concepts by level: {dict(Counter(LEVEL.values()))}; of indicators: {len(INDICATORS)}")


def test_no_two_concepts_have_one_name() -> None:
    for rows in (SERVICES, INDICATORS):
        for language in ("label", "label_en"):
            names = Counter(getattr(row, language) for row in rows)
            assert not [name for name, count in names.items() if count > 1]


def test_an_indicator_is_about_a_service_and_not_about_a_group() -> None:
    assert {LEVEL[row.service] for row in INDICATORS} == {"service"}


def test_what_a_person_has_to_decide_is_not_stated() -> None:
    """COFOG of nurseries (0911 or 1041) and of civil protection (0361 or 0321)."""
    open_ = {row.code: row for row in SERVICES if row.code in {"nursery", "civil-protection"}}
    assert [row.cofog for row in open_.values()] == [(), ()]
    assert all("a person has to decide" in row.reason for row in open_.values())


@pytest.mark.parametrize("row", [*SERVICES, *INDICATORS], ids=lambda row: row.code)
def test_a_reviewed_concept_names_lines(row: object) -> None:
    status, evidence = getattr(row, "status"), getattr(row, "evidence")  # noqa: B009
    if status == "reviewed" and getattr(row, "level", "") != "group":
        assert "line" in evidence, evidence
