"""Cremona's document: the figures below were counted by hand in the document's text."""

from __future__ import annotations

from collections import Counter

from mappe_servizi.providers.model import Network


def pairs(network: Network) -> set[tuple[int, str]]:
    return {(e.number, e.provider) for e in network.engagements}


def test_as_many_providers_and_pairs_as_the_document_names(network: Network) -> None:
    delivering = {provider for _, provider in pairs(network)}
    assert len(delivering) == 71
    assert len(pairs(network)) == 90
    by_service = Counter(number for number, _ in pairs(network))
    assert by_service == {14: 16, 15: 22, 16: 39, 17: 6, 20: 1, 29: 1, 30: 1, 32: 1, 33: 1, 38: 1, 71: 1}


def test_spellings_of_one_provider_are_one(network: Network) -> None:
    spellings: dict[str, set[str]] = {}
    for resolved in network.mentions:
        spellings.setdefault(resolved.provider, set()).add(resolved.mention.name.printed)
    assert spellings["societa-dolce"] == {
        "Società Dolce Cooperativa Sociale",
        "Dolce Soc. Coop. Sociale",
        "Dolce Soc. Coop. Soc.",
        "Dolce Società Coop. Sociale",
    }
    assert spellings["aem-cremona"] == {"AEM Cremona spa", "A.E.M.", "AEM"}
    assert spellings["cremona-solidale"] >= {"Azienda Speciale Comunale Cremona Solidale"}


def test_different_providers_stay_apart(network: Network) -> None:
    keys = {provider.key for provider in network.providers}
    assert {"anffas-crema", "anffas-cremona", "croce-rossa-crema", "croce-rossa-cremona"} <= keys
    assert {"azienda-sociale-del-cremonese", "cremona-solidale"} <= keys


def test_groupings_have_their_members(network: Network) -> None:
    members = [grouping.members for grouping in network.groupings]
    assert members == [
        ("cosper", "societa-dolce", "sentiero", "il-cerchio", "gruppo-gamma"),
        ("cosper", "nazareth", "il-cerchio", "gruppo-gamma"),
        ("cosper", "il-gabbiano", "fondazione-bruno-pari", "societa-dolce"),
        ("cosper", "altana", "di-bessimo", "nazareth"),
    ]


def test_no_combination_that_is_not_printed(network: Network) -> None:
    sospiro = {
        (e.number, e.activity.code, e.instruments)
        for e in network.engagements
        if e.provider == "fondazione-sospiro" and e.activity
    }
    assert sospiro == {
        (14, "cdd", ("project",)),
        (14, "rsd", ("accreditamento", "convenzione")),
        (16, "rsa", ("accreditamento",)),
        (16, "cdi", ("accreditamento",)),
    }


def test_every_activity_and_instrument_printed_is_a_known_one(network: Network) -> None:
    assert all(e.activity and e.activity.code for e in network.engagements)
    assert all(e.instruments for e in network.engagements if e.instrument)


def test_what_only_a_rule_decided_is_marked(network: Network) -> None:
    assert {r.provider for r in network.mentions if r.certainty == "rule"} == {"ATS"}
    assert {p.key for p in network.providers if not p.registered} == {"ATS"}


def test_every_structure_has_its_type(network: Network) -> None:
    assert Counter(network.structure_types.values()) == {
        "office": 58, "facility": 43, "provider": 77, "grouping": 4, "place": 9,
        "channel": 14, "generic": 7, "role": 1, "resource": 1,
    }  # fmt: skip
