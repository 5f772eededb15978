"""The mapping between IRIs and paths, and suffixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.query.formats import SUFFIXES
from mappe_servizi.web.served.iris import FORBIDDEN, IriMap, NotAnIriError, decode, encode, split_suffix

IRIS = IriMap("https://w3id.org/mappe-servizi/")
PARTS = st.text(min_size=1, max_size=40).filter(lambda text: not FORBIDDEN.search(text))
AWKWARD = ["città", "citt%C3%A0", "l'altra", "a (b)", "100%", "%41", "a+b", "a?b#c", "..", "a//b", "è/é;=,@:"]


@given(PARTS)
def test_round_trip(rest: str) -> None:
    iri = IRIS.data(rest)
    path = IRIS.local(iri)
    assert path is not None
    assert path.isascii()
    assert not set(path) & set(' "<>?#')
    assert IRIS.base + decode(path)[1:] == iri


@given(PARTS, PARTS)
def test_two_iris_never_share_a_path(one: str, other: str) -> None:
    assert (IRIS.local(IRIS.data(one)) == IRIS.local(IRIS.data(other))) == (one == other)


@pytest.mark.parametrize("text", [a for a in AWKWARD if not FORBIDDEN.search(a)])
def test_awkward_names(text: str) -> None:
    assert decode(encode(text)) == text


@given(PARTS, st.sampled_from(sorted(SUFFIXES)))
def test_a_suffix_is_taken_off_once(rest: str, suffix: str) -> None:
    if not rest.endswith("/"):
        assert split_suffix(f"{rest}.{suffix}") == (rest, SUFFIXES[suffix])


@pytest.mark.parametrize(
    "path", [b"a%20b", b"a%00", b"%ff", b"%3Cscript%3E", b"a%22b", b"%ED%A0%80", b"a\\b"]
)
def test_what_is_no_iri(path: bytes) -> None:
    with pytest.raises(NotAnIriError):
        decode(path)


def test_elsewhere() -> None:
    assert IRIS.local("https://example.org/data/x") is None
    assert IRIS.local("https://w3id.org/mappe-servizi/graph/catalogue") is None
    assert IRIS.local("https://w3id.org/mappe-servizi/onto/MDS/X") == "/onto/MDS/X"
    assert IRIS.link("https://w3id.org/mappe-servizi/data/a") == "/page/a"
