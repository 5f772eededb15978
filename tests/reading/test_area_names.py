"""What areas of towns other than Cremona are called in English: by the usual parts that their names list."""

import pytest

from helpers import ROOT
from mappe_servizi.reading.proposals.areas import SOME, USUAL, AreaNames

KNOWLEDGE = ROOT / "data" / "knowledge"


@pytest.mark.parametrize(
    ("label", "english", "rule"),
    [
        ("Settore Lavori Pubblici e Manutenzioni", "Public works and maintenance", USUAL),
        ("AREA AFFARI GENERALI", "General affairs", USUAL),
        ("Servizi alla persona", "Social services", USUAL),
        ("Settore Ambiente, Rifiuti e Verde pubblico", "Environment, waste and green areas", USUAL),
        ("Ufficio tributi – Ragioneria", "Tax services and accounting", USUAL),
        ("Servizi demografici ed elettorali", "Registry services and elections", USUAL),
        ("Polizia Municipale", "Local police", USUAL),
        ("Settore III Cultura", "Culture", SOME),
        ("Servizi sociali e sociali", "Social services", USUAL),
    ],
)  # fmt: skip
def test_an_area_is_called_by_its_parts(label: str, english: str, rule: object) -> None:
    assert AreaNames.load(KNOWLEDGE).english(label) == (english, rule)


@pytest.mark.parametrize("label", ["", "Settore III", "Servizi", "Xyz", "sociologia"])
def test_an_area_without_a_usual_part_has_no_name(label: str) -> None:
    assert AreaNames.load(KNOWLEDGE).english(label) is None
