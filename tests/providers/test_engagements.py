"""Notes taken apart: no activity gets an instrument that is not printed for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.providers.engagements import Vocabulary, parse_terms
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.rules import Rules

DATA = Path(__file__).resolve().parents[2] / "data"

VOCABULARY = Vocabulary.load(DATA / "knowledge", LegalForms.load(DATA / "knowledge" / "legal-forms.csv"))


def terms(rules: Rules, note: str) -> list[tuple[list[str], tuple[str, ...], tuple[str, ...]]]:
    known = rules.registry.printed_of("c_d150")
    return [
        ([activity.code for activity in part.activities], part.instruments, part.counterparties)
        for part in parse_terms(note, rules.vocabulary, known)
    ]


def test_each_instrument_belongs_to_the_activities_before_it(rules: Rules) -> None:
    note = (
        "CDD (Project ASCS), RSD (compartecipazione comunale per servizio accreditato e convenzionato ASCS)"
    )
    assert terms(rules, note) == [
        (["cdd"], ("project",), ("ascs",)),
        (["rsd"], ("accreditamento", "convenzione"), ("ascs",)),
    ]


def test_a_list_of_activities(rules: Rules) -> None:
    note = "CSE, SFA, FNPS/FNA Vita Indipendente, Legge 112 Dopo di Noi (compartecipazione comunale per servizio accreditato)"  # noqa: E501
    codes = ["cse", "sfa", "fnps-fna-vita-indipendente", "dopo-di-noi"]
    assert terms(rules, note) == [(codes, ("accreditamento",), ())]


def test_the_purpose_of_a_grouping(rules: Rules) -> None:
    note = (
        "Rete temporanea d'impresa per la co-progettazione del SAAP, dei progetti estivi e del SEED (appalto)"
    )
    assert terms(rules, note) == [(["saap", "progetti-estivi", "seed"], ("co-progettazione", "appalto"), ())]


def test_a_bracket_that_the_page_cut_off(rules: Rules) -> None:
    note = "HCP (affidamento diretto per prestazione di servizi con conseguente anticipazione di spesa e"
    assert terms(rules, note) == [(["hcp"], ("affidamento-diretto",), ())]


def test_means_without_brackets(rules: Rules) -> None:
    note = "Gestione del servizio attraverso contratto di gestione in house e/o in concessione"
    assert terms(rules, note) == [(["gestione-servizio"], ("in-house", "concessione"), ())]


def test_an_unknown_organisation_beside_the_instrument(rules: Rules) -> None:
    assert terms(rules, "RSA (convenzione con Fondazione Aurora)") == [
        (["rsa"], ("convenzione",), ("Fondazione Aurora",))
    ]


@given(st.text(alphabet="RSA,() CDnoteappalto;\"'\n–", max_size=300))
def test_any_note_is_read_without_losing_its_activities(note: str) -> None:
    found = parse_terms(note, VOCABULARY)
    printed = " ".join(activity.printed for part in found for activity in part.activities)
    assert all(activity.printed in note for part in found for activity in part.activities)
    assert printed == "" or printed.strip() != ""


NAMES = [
    ("gestito dal consorzio Iride s.c.a.r.l. e da altri", ["consorzio Iride s.c.a.r.l"]),
    ("servizio erogato dalla polisportiva Virtus", ["polisportiva Virtus"]),
    ("Svolto da “Gli Amici”", ["“Gli Amici”"]),
    ("in collaborazione con l’Associazione Aurora onlus", ["Associazione Aurora onlus"]),
    ("gestito dai volontari", []),
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_names_are_told_by_the_legal_forms_that_are_known(rules: Rules, text: str, names: list[str]) -> None:
    assert list(rules.phrases.named(text)) == names


@pytest.mark.parametrize("name", ["Associazione Aurora", "Società Iride", "Comune di Lodi"])
def test_any_legal_form_tells_an_organisation_beside_the_instrument(rules: Rules, name: str) -> None:
    assert terms(rules, f"RSA (convenzione con {name})") == [(["rsa"], ("convenzione",), (name,))]
