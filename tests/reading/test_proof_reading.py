"""The proof-reading of Cremona's document: every repair stands where it says it stands."""

from __future__ import annotations

import re

import pytest

from mappe_servizi.model.records import Correction, Document

QUOTED = re.compile(r"\blines? (?P<lines>\d+(?:(?:, | and )\d+)*): '(?P<words>[^']+)'")


@pytest.fixture(scope="module")
def repairs(cremona: Document) -> list[Correction]:
    return [c for c in cremona.corrections if c.kind in {"misprint", "truncated"}]


def test_the_line_prints_what_is_repaired(cremona: Document, repairs: list[Correction]) -> None:
    assert len(repairs) > 100
    for repair in repairs:
        assert repair.line
        assert repair.printed in cremona.lines[repair.line - 1], repair.id


def test_a_misprint_is_read_as_something_else(repairs: list[Correction]) -> None:
    for repair in repairs:
        assert repair.reads != repair.printed, repair.id
        assert repair.reads or repair.kind == "truncated", repair.id


def test_the_evidence_is_printed_where_it_says(cremona: Document, repairs: list[Correction]) -> None:
    quoted = [(repair, match) for repair in repairs for match in QUOTED.finditer(repair.evidence)]
    assert len(quoted) > 30
    for repair, match in quoted:
        for number in re.findall(r"\d+", match["lines"]):
            line = cremona.lines[int(number) - 1].casefold()
            words = [part.strip().casefold() for part in match["words"].split("...")]
            assert all(part in line for part in words), (repair.id, number, match["words"])
