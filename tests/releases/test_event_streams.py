"""The event streams as a real client of theirs reads them: directly, and behind a redirect."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from helpers import ROOT, Tell
from mappe_servizi.rehearsal.entrance import Redirecting
from mappe_servizi.rehearsal.harvesters.streams import run
from mappe_servizi.releases.directory import MANIFEST, SIZES
from releases_world import World
from served import Served, serve

BASE = "https://w3id.org/mappe-servizi/"
CLIENT = ROOT / "tests" / "clients" / "node_modules" / ".bin" / "ldes-client"
MEMBER = NamedNode("https://w3id.org/tree#member")
SMALL, LARGE = ("quality", "catalogue"), ("data", "provenance")
PLACES = [p.format(s) for s in SMALL for p in ("feed/{}", "feed/{}.ttl", "feed/{}/1")]
ORDERS = ("none", "ascending", "descending")
AT = "http://www.w3.org/ns/prov#generatedAtTime"


@pytest.fixture(scope="module")
def w3id(server: Served) -> Iterator[Redirecting]:
    with Redirecting(server.url) as redirecting:
        yield redirecting


def read(address: str, order: str = "none") -> list[Quad]:
    """What the client writes: the quads of every member."""
    assert CLIENT.exists(), "the client is not installed: run `make tests/clients/node_modules/.done`"
    done = run(CLIENT, address, order)
    assert done.returncode == 0, done.stderr[-2000:]
    return list(parse(done.stdout, format=RdfFormat.TURTLE))


def members(directory: Path, stream: str) -> dict[str, set[str]]:
    """The triples of every member, from the files."""
    found: dict[str, set[str]] = {}
    for path in sorted((directory / "feed" / stream).iterdir()):
        quads = list(parse(path=path, format=RdfFormat.TURTLE, base_iri=f"{BASE}feed/{stream}/{path.stem}"))
        named = {q.object.value for q in quads if q.predicate == MEMBER}  # type: ignore[union-attr]
        for quad in quads:
            if (subject := quad.subject.value) in named:  # type: ignore[union-attr]
                found.setdefault(subject, set()).add(str(quad.triple))
    return found


def assert_all_are_read(quads: list[Quad], expected: dict[str, set[str]]) -> None:
    read_members: dict[str, set[str]] = {}
    for quad in quads:
        if (subject := quad.subject.value) in expected:  # type: ignore[union-attr]
            read_members.setdefault(subject, set()).add(str(quad.triple))
    assert len(read_members) == len(expected)
    assert read_members == expected


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "place", [p.format(s) for s in SMALL for p in ("feed/{}", "feed/{}.ttl", "feed/{}/1")]
)
def test_every_member_is_read_behind_a_redirect(
    place: str, order: str, w3id: Redirecting, second: World, tell: Tell
) -> None:
    expected = members(second.releases / "current", re.split(r"[/.]", place)[1])
    assert_all_are_read(read(f"{w3id.url}/{place}", order), expected)
    tell(f"ldes-client read {len(expected)} members from {place}, order {order}")


@pytest.mark.parametrize("stream", LARGE)
def test_every_member_of_a_large_stream_is_read(
    stream: str, w3id: Redirecting, second: World, tell: Tell
) -> None:
    expected = members(second.releases / "current", stream)
    quads = read(f"{w3id.url}/feed/{stream}", "ascending")
    assert_all_are_read(quads, expected)
    times = [q.object.value for q in quads if q.predicate.value == AT]  # type: ignore[union-attr]
    assert times == sorted(times)
    tell(f"ldes-client read {len(expected)} members of {stream} in the order of their time")


@pytest.mark.parametrize("place", ["feed/quality", "feed/quality/2", "release/1/feed/quality"])
def test_every_member_is_read_directly(place: str, server: Served, second: World) -> None:
    of_release = second.releases / ("1" if place.startswith("release") else "current")
    assert_all_are_read(read(f"{server.url}/{place}"), members(of_release, "quality"))


def test_a_page_names_stream_and_members_by_their_iris_and_itself_by_its_address(second: World) -> None:
    elsewhere = "http://elsewhere.example/feed/"
    for name, expected in (("quality", {"", "#page-1", "/1"}), ("quality/1", {"", "/1"})):
        path = second.releases / "1" / "feed" / f"{name}.ttl"
        quads = parse(path=path, format=RdfFormat.TURTLE, base_iri=elsewhere + name)
        named = {t.value for q in quads for t in (q.subject, q.object) if isinstance(t, NamedNode)}
        assert {iri for iri in named if iri.startswith(elsewhere)} == {
            f"{elsewhere}quality{rest}" for rest in expected
        }
        assert f"{BASE}feed/quality#stream" in named
        assert not named & {f"{BASE}feed/quality", f"{BASE}feed/quality/1"}


def test_a_page_of_a_release_of_before_is_read_too(first: World, tmp_path: Path) -> None:
    """Its page says of itself its IRI, and stays as it is: pages never change."""
    directory = tmp_path / "release"
    shutil.copytree(first.releases / "1", directory, symlinks=True)
    page = directory / "feed" / "quality" / "1.ttl"
    text = page.read_text(encoding="utf-8").replace("<>", f"<{BASE}feed/quality/1>")
    content = text.replace("<../quality>", f"<{BASE}feed/quality/1>").encode()
    page.unlink()
    page.write_bytes(content)
    (directory / SIZES).unlink()  # no release of then has one
    manifest = json.loads((directory / MANIFEST).read_bytes())
    of_page = manifest["files"]["feed/quality/1.ttl"]
    of_page |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (directory / MANIFEST).unlink()
    (directory / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with serve("--release", directory) as server, Redirecting(server.url) as w3id:
        assert_all_are_read(read(f"{w3id.url}/feed/quality"), members(directory, "quality"))
