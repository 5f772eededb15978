"""Content negotiation as RFC 9110, section 12, has it. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mappe_servizi.remembered import remembered

MEMBER = re.compile(r"""(?:[^",]|"(?:[^"\\]|\\.)*+(?:"|\\?$))++""", re.DOTALL)
"""A quote that nothing closes takes all the rest; to look for its end from each quote would be quadratic."""
QVALUE = re.compile(r"(?:0?(?:\.\d{0,3})?|1(?:\.0{0,3})?)$")
"""RFC 9110, section 12.4.2; and ``.2``, which Java's own client sends with every request."""
MAX_MEMBERS = 64
LANGUAGES = ("it", "en")
"""Those of the pages, the one that stands for any first."""
VARY = (b"vary", b"Accept, Accept-Encoding, Accept-Language")
"""What the answers to an address are chosen by."""


class Wish(NamedTuple):
    """A member of an Accept field: a media range and how much it is wanted."""

    type: str
    subtype: str
    q: float
    parameters: frozenset[tuple[str, str]] = frozenset()

    def specificity(self, type_: str, subtype: str, parameters: frozenset[tuple[str, str]]) -> int:
        """How closely the range names a media type; 0 where it does not match.

        A parameter that we do not know (profile, charset) does not rule a type out, since
        clients send them and a stricter reading would only give them a 406.
        """
        if (self.type, self.subtype) == (type_, subtype):
            return 3 + len(self.parameters & parameters)
        if self.type == type_ and self.subtype == "*":
            return 2
        return 1 if self.type == self.subtype == "*" else 0


@remembered("accept", 4 << 20, times=64)
def parse_accept(field: str) -> tuple[Wish, ...]:
    """The wishes of an Accept field; members that are malformed are passed over.

    >>> [(wish.subtype, wish.q) for wish in parse_accept("text/turtle;q=0.5, */*;q=0")]
    [('turtle', 0.5), ('*', 0.0)]
    """
    wishes = []
    for member in MEMBER.findall(field)[:MAX_MEMBERS]:
        name, *rest = (part.strip() for part in member.split(";"))
        type_, slash, subtype = name.lower().partition("/")
        if not slash or not type_ or not subtype:
            if name != "*":  # what old Java clients send for */*
                continue
            type_ = subtype = "*"
        q, parameters = _parameters(rest)
        if q is not None:
            wishes.append(Wish(type_, subtype, q, parameters))
    return tuple(wishes)


def _parameters(parts: Iterable[str]) -> tuple[float | None, frozenset[tuple[str, str]]]:
    q, found = 1.0, []
    for part in parts:
        key, _, value = part.partition("=")
        key, value = key.strip().lower(), value.strip().strip('"')
        if key == "q":
            if not QVALUE.match(value) or value in {"", "."}:
                return None, frozenset()
            q = float(value)
            break  # what follows the weight is no parameter of the media type
        if key:
            found.append((key, value.lower()))
    return q, frozenset(found)


def quality(wishes: Sequence[Wish], media: str) -> float:
    """How much a media type is wanted: the weight of the range that names it most closely.

    >>> quality(parse_accept("text/*;q=0.3, text/html;q=0.7"), "text/html")
    0.7
    """
    return _wanted(wishes, media)[0]


def _wanted(wishes: Sequence[Wish], media: str) -> tuple[float, int]:
    """The weight of the range that names a media type most closely, and how closely."""
    name, *rest = media.lower().split(";")
    type_, _, subtype = name.strip().partition("/")
    _, parameters = _parameters(part.strip() for part in rest)
    best, weight = 0, 0.0
    for wish in wishes:
        closeness = wish.specificity(type_, subtype, parameters)
        if closeness > best or (closeness == best and closeness and wish.q > weight):
            best, weight = closeness, wish.q
    return weight, best


def choose(field: str | None, offers: Sequence[str]) -> int | None:
    """The index of the offer that the client wants most, None where it wants none of them.

    Of equal wishes a type that is named is wanted more than one that a wildcard lets in; then
    the order of the offers decides. No Accept field accepts everything.

    >>> choose("text/html, application/xml;q=0.9, */*;q=0.8", ["text/turtle", "text/html"])
    1
    >>> choose("text/html, */*", ["text/turtle", "text/html"])
    1
    >>> choose("image/png", ["text/turtle"]) is None
    True
    """
    if field is None or not field.strip():
        return 0
    wishes = parse_accept(field)
    best, most = None, (0.0, 0)
    for index, offer in enumerate(offers):
        weight, closeness = _wanted(wishes, offer)
        wanted = (weight, min(closeness, 3))
        if weight and wanted > most:
            best, most = index, wanted
    return best


@remembered("weights", 4 << 20, times=64)
def _weights(field: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for member in MEMBER.findall(field)[:MAX_MEMBERS]:
        name, *rest = (part.strip() for part in member.split(";"))
        q, _ = _parameters(rest)
        if name and q is not None:
            weights[name.lower()] = max(q, weights.get(name.lower(), 0.0))
    return weights


def choose_encoding(field: str | None, offers: Sequence[str]) -> str:
    """The content coding to send; "identity" where none of the offers is wanted more.

    >>> choose_encoding("gzip, zstd;q=0.5", ("zstd", "gzip")), choose_encoding(None, ("gzip",))
    ('gzip', 'identity')
    """
    if not field:
        return "identity"
    weights = _weights(field)
    best, weight = "identity", weights.get("identity", 0.0)
    for offer in offers:
        q = weights.get(offer, weights.get("*", 0.0))
        if q > weight:
            best, weight = offer, q
    return best


def choose_language(field: str | None, offers: Sequence[str]) -> str:
    """The language to answer in; the first offer where nothing else is wanted more.

    >>> choose_language("de, en-GB;q=0.8", ("it", "en"))
    'en'
    """
    weights = _weights(field or "")
    best, weight = offers[0], 0.0
    for offer in offers:
        ranges = [q for tag, q in weights.items() if tag == offer or tag.startswith(f"{offer}-")]
        q = max(ranges, default=weights.get("*", 0.0))
        if q > weight:
            best, weight = offer, q
    return best
