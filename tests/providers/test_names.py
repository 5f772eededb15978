"""Names and legal forms: spellings that are one organisation, and those that are not."""

from __future__ import annotations

import pytest

from mappe_servizi.providers.names import parse
from mappe_servizi.providers.rules import Rules

PARTS = {
    "Cosper s.c.s. Impresa Sociale": (("cosper",), "1430", ("impresa sociale",), ""),
    "Finisterre Società Consortile a.r.l.": (("finisterre",), "1520", (), ""),
    "Centro DSA Lombardia s.r.l.s.": (("centro", "dsa", "lombardia"), "1320", (), ""),
    "Coop. Soc. Sim-patia (Valmorea – CO)": (("sim", "patia"), "1430", (), "Valmorea"),
    "ASD Delfini Cremona Onlus": (("delfini", "cremona"), "", ("sportiva dilettantistica", "onlus"), ""),
    "Coop. Di Bessimo": (("bessimo",), "14", (), ""),
    'Associazione "Il Girasole"': (("girasole",), "", (), ""),
    "A.E.M.": (("aem",), "", (), ""),
    "ATS": (("ats",), "2500", (), ""),
}


@pytest.mark.parametrize("printed", PARTS)
def test_parts(rules: Rules, printed: str) -> None:
    name = parse(printed, rules.forms)
    assert (name.core, name.code, name.qualities, name.seat) == PARTS[printed]


SAME = [
    ("Dolce Soc. Coop. Sociale", "Dolce Soc. Coop. Soc."),
    ("Coop. Il Cerchio", "Il Cerchio Soc. Coop. Soc."),
    ("Sentiero Coop. Soc. Onlus", "Coop. Sentiero"),
    ("Altana Società Coop. Soc.", "ALTANA coop. soc. ONLUS"),
]
APART = [
    ("ANFFAS Onlus Crema", "ANFFAS Onlus Cremona"),
    ("Croce Rossa Italiana - Comitato di Crema", "Croce Rossa Italiana – Comitato di Cremona"),
    ("Azienda Sociale del Cremonese", "Azienda Speciale Cremona Solidale"),
    ("Fondazione Aurora", "Coop. Soc. Aurora"),
    ("Fondazione Aurora (Crema)", "Fondazione Aurora (Soresina)"),
    ("Comune di Crema", "Comune di Soresina"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_organisation(rules: Rules, one: str, other: str) -> None:
    assert parse(one, rules.forms).same_as(parse(other, rules.forms))


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_organisations(rules: Rules, one: str, other: str) -> None:
    assert not parse(one, rules.forms).same_as(parse(other, rules.forms))
