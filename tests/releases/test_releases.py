"""Releases as consumers see them: numbered, immutable, told apart, replayed, redacted."""

import csv
import hashlib
import json
import re
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from pyoxigraph import DefaultGraph, parse

from helpers import ROOT, Tell, mappe
from mappe_servizi.releases import Release, open_release
from releases_world import CHANGED, NEW, OLD, PERSON, WITHDRAWN, World, redact
from replay import replay
from served import Served, serve

BASE = "https://w3id.org/mappe-servizi/"
STREAMS = ("data", "catalogue", "quality", "provenance", "links", "schema")

DATA = ("--data", ROOT / "data")


def get(server: Served, path: str, **options: str) -> httpx.Response:
    headers = {"accept": options.get("accept", "*/*")}
    return httpx.get(f"{server.url}/{path}", headers=headers, timeout=60)


def changes(release: Release) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with (release.path / "report" / "changes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["change"], set()).add(row["resource"].removeprefix(BASE))
    return found


def told(release: Release) -> list[dict[str, str]]:
    with (release.path / "report" / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def assert_the_feed_is_the_dump(server: Served, release: Release) -> None:
    graphs: dict[str, set[object]] = {stream: set() for stream in STREAMS}
    for quad in parse(path=release.dump):
        name = (
            "data" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value.rsplit("/", 1)[1]
        )  # type: ignore[union-attr]
        graphs[name].add(quad.triple)
    for stream in STREAMS:
        assert replay(lambda path: get(server, path), BASE, stream) == graphs[stream], stream


def test_nothing_new_is_no_release(first: World, release: Release, tmp_path: Path) -> None:
    for name in ("1", "current"):  # as it was before the second release
        (tmp_path / name).symlink_to((first.releases / "1").resolve())
    refused = mappe("release", "--release", release.path, "--releases", tmp_path)
    assert refused.returncode == 1
    assert "nothing has changed since release 1" in refused.stderr


def test_the_change_log_says_what_changed(second: World) -> None:
    release = open_release(second.releases / "current")
    found = changes(release)
    withdrawn = sorted(i for i in found["withdrawn"] if OLD not in i)
    derived, figure = withdrawn  # what compares towns goes with the figure that it was derived from
    assert re.fullmatch(r"data/comparable/019036/[a-z-]+/2018", derived)
    assert re.fullmatch(r"data/measurement/c_d150/2020/.*/2018", figure)
    assert f"data/public-service/c_d150/{OLD}" in found["withdrawn"]
    assert f"data/public-service/c_d150/{NEW}" in found["added"]
    assert all(NEW in iri for iri in found["added"] if OLD not in iri)
    figures = [
        i for i in found["changed"] if i.startswith("data/measurement/") and OLD not in i and NEW not in i
    ]
    assert len(figures) == 1
    with (release.path / "csv" / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["observation"] == BASE + figures[0]]
    assert rows[0]["value"] == CHANGED[1]
    said = {row["property"]: row for row in told(release) if row["resource"] == BASE + figures[0]}
    assert {(row["old"], row["new"]) for row in said.values() if CHANGED[1] in row["new"]} >= {CHANGED}
    assert len({row["name"] for row in said.values()} - {""}) == 1
    gone = [row for row in told(release) if row["resource"] == BASE + figure]
    assert WITHDRAWN in {row["old"] for row in gone}
    assert not any(row["new"] for row in gone)
    history = release.facts["release"]["history"]
    assert [entry["number"] for entry in history] == ["1", "2"]
    assert "ritirate" in history[1]["it"]
    assert "withdrawn" in history[1]["en"]


def test_the_catalogue_tells_version_and_history(second: World) -> None:
    text = (second.releases / "current" / "catalogue.ttl").read_text(encoding="utf-8")
    assert 'dcat:version "2"' in text
    assert "dcat:previousVersion" in text
    assert "adms:versionNotes" in text
    assert mappe("validate", "--release", second.releases / "current").returncode == 0


def test_renamed_redirects_and_withdrawn_is_gone(server: Served, second: World) -> None:
    renamed = get(server, f"data/public-service/c_d150/{OLD}")
    assert renamed.status_code == 301
    assert renamed.headers["location"].endswith(f"/data/public-service/c_d150/{NEW}")
    assert get(server, f"data/public-service/c_d150/{NEW}").status_code == 303
    found = changes(open_release(second.releases / "current"))
    for gone in (iri for iri in found["withdrawn"] if OLD not in iri):
        assert get(server, gone).status_code == 410
        assert get(server, gone, accept="text/html").status_code == 410
    below = [iri for iri in found["withdrawn"] if OLD in iri]
    assert {get(server, iri).status_code for iri in below[:20]} == {301}


def test_old_releases_stay_reachable(server: Served, first: World) -> None:
    listing = get(server, "release/1/", accept="text/html")
    assert listing.status_code == 200
    old = get(server, "release/1/csv/observations.csv")
    assert WITHDRAWN in old.text
    manifest = json.loads((first.releases / "1" / "manifest.json").read_text())
    assert manifest["release"]["number"] == 1
    assert get(server, "release/9/").status_code == 404


def test_the_feed_replays_to_the_dump(server: Served, second: World) -> None:
    assert_the_feed_is_the_dump(server, open_release(second.releases / "current"))


def test_the_atom_feed_names_the_releases(server: Served) -> None:
    answer = get(server, "feed")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(answer.content)
    ids = [e.findtext(f"{atom}id") for e in root.iter(f"{atom}entry")]
    assert ids == [f"{BASE}data/release/2", f"{BASE}data/release/1"]
    assert all(root.findtext(f"{atom}{name}") for name in ("id", "title", "updated"))
    assert get(server, "data/release/2").status_code == 303


def test_downloads_in_part_and_unchanged(server: Served, second: World) -> None:
    dump = (second.releases / "current" / "dump" / "mappe-servizi.nq").read_bytes()
    part = httpx.get(f"{server.url}/dump/mappe-servizi.nq", headers={"range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.content == dump[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(dump)}"
    again = httpx.get(
        f"{server.url}/catalogue.rdf", headers={"if-none-match": get(server, "catalogue.rdf").headers["etag"]}
    )
    assert again.status_code == 304


def test_every_address_of_the_catalogue_answers(server: Served, second: World, tell: Tell) -> None:
    addresses = set()
    for quad in parse(path=second.releases / "current" / "catalogue.ttl"):
        if quad.predicate.value.rsplit("#", 1)[-1] in {
            "downloadURL",
            "accessURL",
            "endpointURL",
            "landingPage",
            "endpointDescription",
        }:
            addresses.add(quad.object.value)  # type: ignore[union-attr]
    assert len(addresses) > 50
    for address in sorted(addresses):
        answer = httpx.head(f"{server.url}/{address.removeprefix(BASE)}", follow_redirects=True, timeout=60)
        assert answer.status_code == 200, address
    tell(f"{len(addresses)} addresses of the catalogue answer")


def test_every_file_of_a_release_is_in_its_checksums_and_served_under_its_path(
    second: World, server: Served
) -> None:
    release = open_release(second.releases / "2")
    sums = (release.path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    named = {name: checksum for checksum, _, name in (line.partition("  ") for line in sums)}
    assert set(named) == set(release.files) - {"SHA256SUMS"}
    assert {"report/changes.csv", "feed/releases.atom", "feed/data.ttl", "feed/data/1.ttl"} <= set(named)
    with server.client(headers={"accept-encoding": "identity"}) as client:
        for name, checksum in named.items():
            answer = client.get(f"/{name}")
            assert answer.status_code == 200, name
            assert hashlib.sha256(answer.content).hexdigest() == checksum, name


@pytest.fixture
def redacted(second: World, tmp_path: Path) -> World:
    """The two releases and their data once more: a redaction withdraws releases that others read."""
    shutil.copytree(second.releases, tmp_path / "releases", symlinks=True)
    shutil.copytree(second.data, tmp_path / "data")
    return World(tmp_path / "releases", tmp_path / "data", tmp_path)


def test_a_redaction_supersedes_and_leaves_no_trace(redacted: World) -> None:
    before = open_release(redacted.releases / "current")
    person = next(
        quad.subject.value.removeprefix(BASE)  # type: ignore[union-attr]
        for quad in parse(path=before.dump)
        if quad.predicate.value.endswith("CPV/fullName") and quad.object.value == PERSON  # type: ignore[union-attr]
    )
    before.close()
    with serve("--release", redacted.releases / "current") as server:
        assert get(server, person).status_code == 303
        redact(redacted.data)
        redacted.build_and_release(3)
        deadline = time.monotonic() + 30
        while get(server, person).status_code != 410 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert get(server, person).status_code == 410
        assert {get(server, f"release/{n}/").status_code for n in (1, 2)} == {410}
        assert get(server, "release/3/", accept="text/html").status_code == 200
        current = (redacted.releases / "current").resolve()
        surname = PERSON.split()[1].lower().encode()
        files = [p for p in current.rglob("*") if p.is_file() and "store" not in p.parts]
        assert not [p.name for p in files if surname in p.read_bytes().lower()]
        assert CHANGED[1].encode() not in (current / "csv" / "observations.csv").read_bytes()
        assert not any(row["old"] for row in told(open_release(current)))
        assert mappe("validate", "--release", current).returncode == 0
        assert_the_feed_is_the_dump(server, open_release(current))
    sweep = ("release", "--sweep", "--releases", redacted.releases, "--release", redacted.place / "build3")
    swept = mappe(*sweep, "--data", redacted.data)
    assert swept.returncode == 0
    assert {path.resolve().name for path in redacted.releases.glob("current.*")} == {current.name}
    assert "editions/2020/document.txt: prints it" in swept.stderr
    held = [p for p in redacted.releases.rglob("*") if p.is_file() and "store" not in p.parts]
    assert not [p for p in held if surname in p.read_bytes().lower()]
