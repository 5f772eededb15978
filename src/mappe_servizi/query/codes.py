"""Providers by the codes that others know them by: these go before any name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mappe_servizi.linking.identifiers import checked, evidence

SCHEMES = {"fiscalCode": "taxcode", "vatNumber": "vat", "runts": "runts", "ipaCode": "ipa"}
"""What linking calls the codes that clients may give as properties."""
FISCAL = ("taxcode", "vat")
"""Codes of one space: a body's VAT number often is its fiscal code."""


class Codes:
    """The codes of providers by their places.

    Args:
        known: each provider's certain codes, by scheme.
        likely: codes that are only likely a provider's: they find it, and decide nothing.
    """

    def __init__(self, known: Sequence[Mapping[str, str]], likely: Sequence[Mapping[str, str]]) -> None:
        self._known = known
        self._places: dict[str, dict[int, bool]] = {}
        for certain, codes in ((False, likely), (True, known)):
            for at, having in enumerate(codes):
                for key in _keys(having):
                    self._places.setdefault(key, {})[at] = certain

    def named(self, asked: Mapping[str, str]) -> dict[int, bool]:
        """The providers that have an asked code, and whether that is certain."""
        found: dict[int, bool] = {}
        for key in _keys(asked):
            for at, certain in self._places.get(key, {}).items():
                found[at] = certain or found.get(at, False)
        return found

    def forbids(self, asked: Mapping[str, str], at: int) -> bool:
        """Whether a provider has another code of an asked kind: then it is another body."""
        return evidence(asked, self._known[at]).verdict == "differs"


def _keys(codes: Mapping[str, str]) -> Iterator[str]:
    for scheme, value in codes.items():
        yield f"{'fiscal' if scheme in FISCAL else scheme} {value}"


def asked_codes(text: str, properties: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The valid codes of a query: its text, where that is one, and its properties (name, value).

    >>> asked_codes("IT 00992920199", []), asked_codes("Cosper", [("vatNumber", "00992920199")])
    ({'taxcode': '00992920199'}, {'vat': '00992920199'})
    """
    found = {"taxcode": checked("taxcode", text)}
    found |= {SCHEMES[name]: checked(SCHEMES[name], value) for name, value in properties if name in SCHEMES}
    return {scheme: value for scheme, value in found.items() if value}
