"""Two spellings of one name are one name wherever names are compared, and folding has one home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mappe_servizi.linking.tokens import tokens
from mappe_servizi.linking.towns import town_key
from mappe_servizi.model.name_words import words
from mappe_servizi.model.text import normal, plain, same_words
from mappe_servizi.providers.names import mention_key
from mappe_servizi.query.reconciliation import folded

SOURCE = Path(__file__).resolve().parents[2] / "src" / "mappe_servizi"
SPELLINGS = [
    ("Città dell'Adda", "Citta\u0300 dell’Adda"),
    ("Sim-patia", "Sim\u2013patia"),
    ("L'Isola", "L\u2018Isola"),
    ("Casa Weiss", "Casa Weiß"),
    ("Il Girasole", "Il\u00a0Gira\u00adsole"),
]
COMPARED: list[Callable[[str], object]] = [
    plain, normal, words, tokens, town_key, mention_key, folded, same_words,
]  # fmt: skip


@pytest.mark.parametrize("compared", COMPARED)
@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_typography_says_nothing(compared: Callable[[str], object], one: str, other: str) -> None:
    assert compared(one.casefold()) == compared(other.casefold())


def test_letters_are_folded_in_one_module() -> None:
    folding = {
        str(path.relative_to(SOURCE)): path.read_text()
        for path in SOURCE.rglob("*.py")
        if 'encode("ascii", "ignore")' in path.read_text()
    }
    assert set(folding) == {"model/text.py"}
