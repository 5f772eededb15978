"""Negotiation: the rules of RFC 9110, and the Accept fields of real clients."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.web.http.negotiation import choose, choose_encoding, choose_language, parse_accept, quality

OFFERS = ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml", "text/html"]
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
RAPPER = (
    "application/x-turtle, application/turtle, text/n3;q=0.9, text/turtle, application/rdf+xml, "
    "text/html;q=0.5, */*;q=0.1"
)
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
RDFLIB = (
    "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1, "
    "text/turtle;q=0.8,application/ld+json;q=0.7"
)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("*", "text/turtle"),
        (CHROME, "text/html"),
        (RAPPER, "text/turtle"),
        (JENA, "text/turtle"),
        (RDFLIB, "application/rdf+xml"),
        ("text/*", "text/turtle"),
        ("text/*;q=0.2, application/*;q=0.3", "application/n-triples"),
        ("text/html;q=0.5, text/turtle;q=0.5", "text/turtle"),
        ("text/turtle;q=0, */*", "application/n-triples"),
        ("TEXT/HTML", "text/html"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("text/turtle;q=0.0001", None),
        ("text/turtle;q=2", None),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("*/*;q=0", None),
        (";;,,/", None),
    ],
)
def test_choose(accept: str | None, chosen: str | None) -> None:
    index = choose(accept, OFFERS)
    assert (None if index is None else OFFERS[index]) == chosen


def test_the_closest_range_decides() -> None:
    wishes = parse_accept("text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.5")
    assert [quality(wishes, m) for m in ("text/plain;format=flowed", "text/plain", "text/html", "a/b")] == [
        1.0,
        1.0,  # parameters that we do not know do not rule a type out
        0.3,
        0.5,
    ]


@given(st.text(max_size=200))
def test_any_field_is_read(field: str) -> None:
    choose(field, OFFERS)
    choose_encoding(field, ("zstd", "gzip"))
    assert choose_language(field, ("it", "en")) in {"it", "en"}


@given(
    st.lists(
        st.tuples(st.sampled_from(OFFERS), st.integers(0, 1000)),
        min_size=1,
        max_size=5,
        unique_by=lambda t: t[0],
    )
)
def test_the_chosen_one_is_wanted_most(wishes: list[tuple[str, int]]) -> None:
    field = ", ".join(f"{media};q={q / 1000:.3f}" for media, q in wishes)
    index = choose(field, OFFERS)
    weights = dict(wishes)
    if index is None:
        assert not any(weights.values())
    else:
        assert weights[OFFERS[index]] == max(weights.values()) > 0


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        (None, "identity"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "zstd"),
        ("zstd;q=0.5, gzip;q=0.8", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("br", "identity"),
    ],
)
def test_encodings(field: str | None, coding: str) -> None:
    assert choose_encoding(field, ("zstd", "gzip")) == coding


def test_languages() -> None:
    assert choose_language(None, ("it", "en")) == "it"
    assert choose_language("en-GB,en;q=0.9,it;q=0.1", ("it", "en")) == "en"
    assert choose_language("de,*;q=0.1", ("it", "en")) == "it"
