"""Citations by type, number and year: what they identify depends on where the municipality lies."""

from pathlib import Path

import pytest

from helpers import ROOT
from mappe_servizi.errors import InputError
from mappe_servizi.providers.acts import Acts

KNOWLEDGE = ROOT / "data" / "knowledge"


@pytest.mark.parametrize(
    ("region", "urn", "label"),
    [
        ("03", "urn:nir:regione.lombardia:legge:2003;2", "l.r. Lombardia 2/2003"),
        ("08", "urn:nir:regione.emilia.romagna:legge:2003;2", "l.r. Emilia-Romagna 2/2003"),
        ("02", "", "l.r. Valle d'Aosta 2/2003"),  # how its laws are named is not known for certain
        ("", "", "l.r. 2/2003"),
    ],
)
def test_a_regional_law_is_one_of_the_municipality_s_region(region: str, urn: str, label: str) -> None:
    (cited,) = Acts.load(KNOWLEDGE, region).cited("secondo la legge regionale 2/2003 e altro")
    assert (cited.printed, cited.urn, cited.label) == ("legge regionale 2/2003", urn, label)


def test_acts_of_the_state_are_the_same_everywhere() -> None:
    text = "art. 9 del D.P.R. 448/88, D.Lgs. 267/2000, legge 8 novembre 2000, n. 328"
    expected = [
        ("urn:nir:presidente.repubblica:decreto:1988;448~art9", "d.P.R. 448/1988, art. 9"),
        ("urn:nir:stato:decreto.legislativo:2000;267", "d.lgs. 267/2000"),
        ("urn:nir:stato:legge:2000-11-08;328", "legge 328/2000"),
    ]
    for region in ("", "15"):
        acts = Acts.load(KNOWLEDGE, region)
        assert [(c.urn, c.label) for c in acts.cited(text)] == expected
        assert [acts.label(urn) for urn, _ in expected] == [label for _, label in expected]


def test_a_reviewed_law_of_another_region_is_labelled_as_that() -> None:
    assert Acts.load(KNOWLEDGE, "03").label("urn:nir:regione.veneto:legge:1999;4") == "l.r. Veneto 4/1999"
    assert Acts.load(KNOWLEDGE).label("urn:lex:it:x") == "urn:lex:it:x"


def test_a_region_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no region '3'; there are 01 Piemonte"):
        Acts.load(KNOWLEDGE, "3")
