"""Names as lists print them: what two spellings come to, and what is told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth import assert_in_proportion
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.matching import match
from mappe_servizi.linking.scorecard import log_odds
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.linking.tokens import tokens

CORES = [
    ("Il Girasole Società Cooperativa Sociale a responsabilità limitata", ("girasole",), {"1430"}),
    ("IL GIRASOLE COOPSOC", ("girasole",), {"1430"}),
    ("Il Girasole S.C.S. A R.L. - O.N.L.U.S.", ("girasole",), {"1430", "onlus"}),
    ("Organizzazione di volontariato Il Faro", ("faro",), {"organizzazione di volontariato"}),
    ("IL FARO ODV", ("faro",), {"organizzazione di volontariato"}),
    ("Associaz. di Volont. Il Faro", ("faro",), {"organizzazione di volontariato"}),
    ("Associazione di promozione sociale Il Faro", ("faro",), {"associazione di promozione sociale"}),
    ("Assoc. Sport. Dilett. Virtus", ("virtus",), {"sportiva dilettantistica"}),
    ("ASOCIAZIONE SORTIVA DILETANTISTICA VIRTUS", ("virtus",), {"sportiva dilettantistica"}),
    ("VIRTUS ORGANIZZA ZIONE DI VO LONTARIATO", ("virtus",), {"organizzazione di volontariato"}),
    ("Virtus - Ente del Terzo Settore", ("virtus",), {"ente del terzo settore"}),
]


@pytest.mark.parametrize(("name", "words", "forms"), CORES)
def test_legal_forms_in_all_their_spellings(
    scorer: Scorer, name: str, words: tuple[str, ...], forms: set[str]
) -> None:
    core = scorer.reader.core(name)
    assert core.words == words
    assert core.forms - {"associazione"} == forms


SAME = [
    (("Croce Rossa Italiana - Comitato Locale di Busca", "Busca"), ("CRI COMITATO DI BUSCA - ODV", "BUSCA")),
    (("A.V.I.S. Comunale di Bra", "Bra"), ("AVIS COMUNALE DI BRA ODV", "Bra")),
    (("Pro Loco Grumello", "Grumello"), ("Associazione Turistica Pro Loco di Grumello", "GRUMELLO")),
    (("ABILITYAMO ONLUS", "Torino"), ("Associazione Ability Amo", "Torino")),
    (("DI.A.PSI. Cuneo", "Cuneo"), ("Diapsi Cuneo ODV", "Cuneo")),
    (("Sim-patia Coop. Soc.", "Valmorea"), ("SIMPATIA SOCIETA' COOPERATIVA SOCIALE", "Valmorea")),
    (("Coop. Soc. Ventaglio Blu", "Cremona"), ("Ventaglo Blu società cooperativa sociale", "Cremona")),
    (("Il Faro Cooperativa Sociale", "Ventasso"), ("Coop. Soc. Il Faro", "Busana")),
    (("Fondazione Irene Fabbri", "Crema"), ("F.ne Irene Fabbri Onlus", "Crema")),
    (("Società di San Vincenzo de' Paoli", "Lodi"), ("SOC. DI S. VINCENZO DE PAOLI", "Lodi")),
]
APART = [
    (("AVIS Comunale di Crema", "Crema"), ("AVIS Comunale di Cremona", "Cremona")),
    (("CRI Comitato di Crema", "Crema"), ("Croce Rossa Italiana Comitato di Cremona", "Cremona")),
    (("S.G.", "Vicenza"), ("Saccardo Gestione", "Vicenza")),
    (("Croce Verde None", "None"), ("Croce Verde Vinovo", "Vinovo")),
    (("Mezzomerico", "Mezzomerico"), ("ASD Mezzomerico Calcio", "Mezzomerico")),
    (("Scuola Materna San Giuseppe", "Lodi"), ("Parrocchia San Giuseppe", "Lodi")),
    (("Il Girasole", "Rivoli"), ("Il Girasole", "Novara")),
    (("IV Circolo Didattico 2000", "Asti"), ("IV Circolo Bocciofilo 1998", "Asti")),
]
Row = tuple[str, str]


def odds(scorer: Scorer, one: Row, other: Row) -> float:
    """Log odds of two rows, each the only one of its list."""
    lists = [OrganizationList(name, [Listed("1", *row)]) for name, row in (("a", one), ("b", other))]
    return next((pair.odds for pair in match(lists, scorer).pairs), -9.0)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_body(scorer: Scorer, one: Row, other: Row) -> None:
    assert odds(scorer, one, other) >= log_odds(scorer.card.link)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_bodies(scorer: Scorer, one: Row, other: Row) -> None:
    assert odds(scorer, one, other) < log_odds(scorer.card.link)


@pytest.mark.parametrize(("one", "other"), [*SAME, *APART])
def test_the_order_does_not_matter(scorer: Scorer, one: Row, other: Row) -> None:
    assert odds(scorer, one, other) == pytest.approx(odds(scorer, other, one), abs=0.35)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_and_compared(scorer: Scorer, one: str, other: str) -> None:
    first, second = scorer.reader.read(one, other), scorer.reader.read(other, one)
    assert len(first.words) == len(first.weights)
    found = scorer.pair(first, second)
    assert found is None or 0 <= found.probability <= 1


@pytest.mark.parametrize("unit", ["a.", "a b ", "aa.", "(", "Associazione "])
def test_a_long_name_costs_no_more_than_its_length(scorer: Scorer, unit: str) -> None:
    def scored(size: int) -> None:
        read = scorer.reader.read(unit * (size // len(unit)), "Cremona")
        scorer.pair(read, read)

    assert_in_proportion(scored, 1_000)
    assert len(tokens(unit * 5000)) <= 400
