"""One registry for all editions: what a label means in each, and which of their statements holds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.errors import InputError
from mappe_servizi.model.current import EditionStatement, settle
from mappe_servizi.model.identifiers import RegisteredSlug, Registry

A, B, AREA = "Turismo", "Cultura", "area"


def registry(*rows: tuple[str, str, str]) -> Registry:
    """Of services, each with title, slug and the edition since which it is called so."""
    return Registry(
        Path("identifiers.csv"), [RegisteredSlug("service", AREA, *row[:2], "", row[2]) for row in rows]
    )


def slugs(of: Registry, edition: int, *titles: str) -> list[str]:
    return [of.slug("service", title, AREA, edition=edition) for title in titles]


def test_a_new_title_is_the_same_service() -> None:
    of = registry((A, "turismo", "2020"), ("Turismo e promozione", "turismo", "2021"))
    assert slugs(of, 2020, A) == slugs(of, 2021, "Turismo e promozione") == ["turismo"]
    assert not of.missing


def test_two_services_that_swap_titles_stay_what_they_are() -> None:
    of = registry(
        (A, "turismo", "2020"), (B, "cultura", "2020"), (A, "cultura", "2021"), (B, "turismo", "2021")
    )
    assert slugs(of, 2020, A, B) == ["turismo", "cultura"]
    assert slugs(of, 2021, A, B) == ["cultura", "turismo"]
    assert slugs(of, 2023, A, B) == ["cultura", "turismo"]
    assert slugs(of, 2019, A, B) == ["turismo", "cultura"]  # before all rows, the oldest


def test_a_service_split_in_two_keeps_its_slug_for_one() -> None:
    of = registry((A, "turismo", "2020"), ("Turismo, accoglienza", "turismo", "2021"))
    assert slugs(of, 2020, A) == ["turismo"]
    assert slugs(of, 2021, "Turismo, accoglienza", "Turismo, promozione") == ["turismo", "turismo-promozione"]
    [row] = of.missing.values()
    assert (row.slug, row.since) == ("turismo-promozione", "2021")


def test_two_titles_of_one_edition_are_two_services() -> None:
    of = registry((A, "turismo", "2020"), (B, "turismo", "2021"))
    with pytest.raises(
        InputError, match="'Cultura' and 'Turismo' of the edition 2021 have one slug, 'turismo'"
    ):
        slugs(of, 2021, A, B)
    with pytest.raises(InputError, match="the slug 'turismo' stands twice"):
        registry((A, "turismo", "2020"), (B, "turismo", "2020"))


def test_a_service_that_moved_to_another_area_is_proposed_as_the_same() -> None:
    of = registry((A, "turismo", "2020"))
    assert of.slug("service", A, "other", edition=2021) == "turismo"
    assert [row.service for row in of.missing.values()] == ["other"]


STATED = st.lists(
    st.tuples(st.integers(2000, 2030), st.booleans()), min_size=1, unique_by=lambda pair: pair[0]
)


@given(STATED, st.randoms())
def test_one_holds_and_each_is_replaced_once_or_unheard(
    pairs: list[tuple[int, bool]], random: object
) -> None:
    statements = [EditionStatement(edition, edition, known) for edition, known in pairs]
    settled = settle(statements)
    known = [s for s in statements if s.known]
    assert settled.current == max(known or statements, key=lambda s: s.edition)
    old = [before for _, before in settled.replaces]
    every = [settled.current, *old, *settled.unheard]
    assert sorted(s.edition for s in every) == sorted(s.edition for s in statements)
    assert all(new.edition > before.edition for new, before in settled.replaces)
    assert settle(list(reversed(statements))) == settled


def test_a_decision_names_the_edition_that_holds() -> None:
    statements = [EditionStatement(year, year, known=True) for year in (2019, 2020, 2021)]
    settled = settle(statements, chosen=2020)
    assert settled.current.edition == 2020
    with pytest.raises(LookupError):
        settle(statements, chosen=2018)
