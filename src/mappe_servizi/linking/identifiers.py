"""Identifiers of organisations: checked values, and what two rows' identifiers say before any name does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from stdnum.it import codicefiscale, iva

from mappe_servizi.linking.tokens import tokens
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.linking import CODES, SHARED_DOMAINS

SAYS = {"web": 4.0, "email": 4.0, "address": 2.5}
"""What an equal value adds to the log odds. Assumed, no list at hand has both them and the truth: a site
or domain of its own is hardly ever another body's, an address often is a neighbour's or a sister's."""
Verdict = Literal["same", "differs", ""]


@dataclass(frozen=True, slots=True)
class IdentifierEvidence:
    """What identifiers say of two rows: a verdict ("" for none), log odds to add, and by which schemes."""

    verdict: Verdict = ""
    odds: float = 0.0
    schemes: tuple[str, ...] = ()


def shared_domains(directory: Path) -> frozenset[str]:
    """Domains that many organisations use (shared-domains.csv).

    Raises:
        InputError: the table cannot be used.
    """
    rows = read_rows(SHARED_DOMAINS, directory / SHARED_DOMAINS.file)
    return frozenset(row.domain for row in rows)


def checked(scheme: str, printed: str, shared: frozenset[str] = frozenset()) -> str:
    """A value as it is compared; "" where it is empty, or not valid.

    >>> checked("taxcode", "IT 00193890050"), checked("taxcode", "193890050"), checked("vat", "00193890051")
    ('00193890050', '00193890050', '')
    >>> checked("web", "https://www.AltanaCoop.it/chi-siamo"), checked("email", "info@altanacoop.it")
    ('altanacoop.it', 'altanacoop.it')
    """
    text = printed.strip()[:300]
    return _CHECKS[scheme](text, shared) if text else ""


def _fiscal(text: str) -> str:
    """A fiscal code or VAT number; a spreadsheet may have taken its first zeros away."""
    bare = re.sub(r"[\s.\-'’]", "", text).upper().removeprefix("IT")
    if bare.isdigit() and 8 <= len(bare) <= 11:
        bare = bare.zfill(11)
        return bare if iva.is_valid(bare) else ""
    return bare if len(bare) == 16 and codicefiscale.is_valid(bare) else ""


def _runts(text: str) -> str:
    digits = re.sub(r"\D", "", text).lstrip("0")
    return digits if 0 < len(digits) <= 8 else ""


def _ipa(text: str) -> str:
    code = text.casefold()
    return code if re.fullmatch(r"[a-z0-9_]{2,20}", code) else ""


def _email(text: str, shared: frozenset[str]) -> str:
    """The domain of an address, the whole address where the domain is everybody's."""
    address = text.casefold()
    domain = _domain(address.rpartition("@")[2], frozenset()) if "@" in address else ""
    return address if domain in shared else domain


def _address(text: str) -> str:
    """A street with its number: without one it is half a town's."""
    words = tokens(text)
    return " ".join(words) if len(words) > 1 and any(word.isdigit() for word in words) else ""


def _domain(text: str, shared: frozenset[str]) -> str:
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.").rstrip(".")
    if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", host):
        return ""
    return "" if any(host == d or host.endswith(f".{d}") for d in shared) else host


_CHECKS: dict[str, Callable[[str, frozenset[str]], str]] = {
    "taxcode": lambda text, _: _fiscal(text),
    "vat": lambda text, _: _fiscal(text),
    "runts": lambda text, _: _runts(text),
    "ipa": lambda text, _: _ipa(text),
    "web": _domain,
    "email": _email,
    "address": lambda text, _: _address(text),
}


def evidence(one: Mapping[str, str], other: Mapping[str, str]) -> IdentifierEvidence:
    """What the identifiers of two rows say.

    An equal code of one kind decides, a fiscal code before all others; two valid codes that differ
    are two bodies'. A body's VAT number often is its fiscal code.

    >>> evidence({"taxcode": "1"}, {"vat": "1"}).verdict, evidence({"taxcode": "1"}, {"taxcode": "2"}).verdict
    ('same', 'differs')
    """
    if not one or not other:
        return IdentifierEvidence()
    for scheme in CODES:
        if scheme in one and scheme in other:
            return IdentifierEvidence("same" if one[scheme] == other[scheme] else "differs", 0.0, (scheme,))
    fiscal = [{row.get("taxcode"), row.get("vat")} - {None} for row in (one, other)]
    if fiscal[0] & fiscal[1]:
        return IdentifierEvidence("same", 0.0, ("taxcode", "vat"))
    equal = {s for s in ("web", "email", "address") if s in one and one[s] == other.get(s)}
    if one.get("web", " ") == other.get("email") or one.get("email", " ") == other.get("web"):
        equal.add("email")
    if {"web", "email"} <= equal:
        equal.discard("email")  # one domain is one piece of evidence
    return IdentifierEvidence("", sum(SAYS[s] for s in equal), tuple(sorted(equal)))
