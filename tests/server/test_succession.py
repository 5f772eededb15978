"""Bad releases of every kind, and good ones after them."""

import json
import os
import re
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from helpers import process
from mappe_servizi.outputs.reconcile_index import FILE as NAMES
from mappe_servizi.outputs.search_index import FILE as WORDS
from mappe_servizi.releases.directory import LOCK, MANIFEST, SIZES
from served import BASE, Served, serve, write_release

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DUMP = "dump/mappe-servizi.nq"


def quads(text: str) -> bytes:
    filler = b"".join(b'<http://e/%d> <http://e/p> "%d" .\n' % (i, i) for i in range(120))
    return f'<{BASE}data/public-service/c_d150/x> {LABEL} "{text}"@it .\n'.encode() + filler


def truncate(name: str, keep: float) -> Callable[[Path], None]:
    def spoil(directory: Path) -> None:
        data = (directory / name).read_bytes()
        (directory / name).write_bytes(data[: int(len(data) * keep)])

    return spoil


def write(name: str, text: str) -> Callable[[Path], None]:
    return lambda directory: (directory / name).write_text(text) and None


def manifest(**changed: object) -> Callable[[Path], None]:
    def spoil(directory: Path) -> None:
        facts = json.loads((directory / MANIFEST).read_bytes()) | changed
        (directory / MANIFEST).write_text(json.dumps({k: v for k, v in facts.items() if v is not ...}))

    return spoil


def remove(pattern: str) -> Callable[[Path], None]:
    def spoil(directory: Path) -> None:
        for path in directory.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return spoil


def largest(pattern: str, keep: float) -> Callable[[Path], None]:
    def spoil(directory: Path) -> None:
        path = max(directory.glob(pattern), key=lambda p: p.stat().st_size)
        truncate(str(path.relative_to(directory)), keep)(directory)

    return spoil


def without_sizes(spoil: Callable[[Path], None]) -> Callable[[Path], None]:
    """As a release of before, which has no note of its sizes."""

    def both(directory: Path) -> None:
        (directory / SIZES).unlink()
        spoil(directory)

    return both


def change_a_byte(directory: Path) -> None:
    data = (directory / DUMP).read_bytes()
    (directory / DUMP).write_bytes(data[:-5] + b"x" + data[-4:])


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "half a search index": (truncate(WORDS, 0.5), "bytes"),
    "a search index without its end": (truncate(WORDS, 0.999), "bytes"),
    "an empty search index": (truncate(WORDS, 0), "bytes"),
    "half a search index, sizes unknown": (without_sizes(truncate(WORDS, 0.5)), "malformed"),
    "an empty search index, sizes unknown": (without_sizes(truncate(WORDS, 0)), "no such table"),
    "a search index of another kind": (without_sizes(write(WORDS, "x" * 9999)), "not a database"),
    "no search index": (remove(WORDS), "No such file"),
    "half an index of names": (without_sizes(truncate(NAMES, 0.5)), "cannot be read"),
    "an index of names that is none": (without_sizes(write(NAMES, '[{"id": 5}]')), "index of names"),
    "no dump": (remove(DUMP), "No such file"),
    "half a dump": (truncate(DUMP, 0.5), "bytes"),
    "another dump of the same size": (change_a_byte, "SHA-256"),
    "no table": (remove("csv/*"), "No such file"),
    "no store": (remove("store"), "No such file"),
    "no store, sizes unknown": (without_sizes(remove("store")), "cannot be opened"),
    "an empty store": (remove("store/*"), "No such file"),
    "a store without CURRENT": (without_sizes(remove("store/CURRENT")), "cannot be opened"),
    "half a table of the store": (without_sizes(largest("store/*.sst", 0.5)), "cannot be opened"),
    "a store that has forgotten half": (largest("store/MANIFEST-*", 0.5), "bytes"),
    "half a manifest": (truncate(MANIFEST, 0.5), "manifest cannot be read"),
    "no manifest": (remove(MANIFEST), "not a build's output"),
    "a manifest that is a list": (write(MANIFEST, "[]"), "format"),
    "a manifest too deep": (write(MANIFEST, "[" * 100_000), "manifest cannot be read"),
    "a manifest in no encoding": (lambda d: (d / MANIFEST).write_bytes(b"\xff\xfe{") and None, "manifest"),
    "a newer format": (manifest(format=99), "format"),
    "no base": (manifest(baseUri=...), "missing"),
    "files of another kind": (manifest(files=["dump"]), "kind"),
    "sizes that are no numbers": (manifest(files={DUMP: {"bytes": "x", "sha256": ""}}), "kind"),
    "editions of another kind": (manifest(editions=5), "kind"),
    "no lock": (remove(LOCK), "not a build's output"),
    "no directory": (shutil.rmtree, "not a build's output"),
    "sizes of another kind": (write(SIZES, "[1]"), "cannot be read"),
}


@pytest.fixture
def link(tmp_path: Path) -> Path:
    made = tmp_path / "current"
    write_release(made, quads("first"))
    return made


def repoint(link: Path, target: str) -> None:
    link.with_name("new").symlink_to(target)
    link.with_name("new").replace(link)


def spoilt(good: Path, link: Path, number: int, spoil: Callable[[Path], None]) -> str:
    """A copy of a release in which something is wrong, named by the link; its name."""
    directory = link.parent / f"bad-{number:02}"
    shutil.copytree(good, directory)
    for path in [directory, *directory.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    spoil(directory)
    repoint(link, directory.name)
    return directory.name


def ready(served: Served) -> dict[str, str]:
    answer = httpx.get(f"{served.url}/readyz", timeout=30)
    assert answer.status_code == 200
    return answer.json()


def all_say(served: Served, told: Callable[[dict[str, str]], bool], seconds: float = 30) -> dict[str, str]:
    """What /readyz says once each of the processes, to one of which a connection goes, says it."""
    deadline, last, agreed = time.monotonic() + seconds, {}, 0
    while agreed < 12:
        last = ready(served)
        agreed = agreed + 1 if told(last) else 0
        assert time.monotonic() < deadline, last
        time.sleep(0.02 if agreed else 0.1)
    return last


def label(served: Served) -> str:
    query = f"SELECT ?l {{ <{BASE}data/public-service/c_d150/x> {LABEL} ?l }}"
    with served.client() as client:
        return client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["l"]["value"]


def held(pid: int) -> Counter[str]:
    """What a process has open, by kind; leases by their number."""
    found: Counter[str] = Counter()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        found["lease" if target.endswith(LOCK) else re.sub(r"\d+", "", target.partition(":")[0])] += 1
    return found


def settled(served: Served, children: int) -> Counter[str]:
    deadline = time.monotonic() + 20
    while len(served.query_workers()) != children:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    time.sleep(0.3)
    return held(served.process.pid)


def test_whatever_is_wrong_with_a_release_the_old_one_stays_and_a_good_one_is_taken_up(link: Path) -> None:
    first = link.resolve()
    (first / NAMES).write_text("[]")
    with serve("--release", link) as served:
        before = settled(served, 5)
        for number, (kind, (spoil, reason)) in enumerate(BAD.items()):
            name = spoilt(first, link, number, spoil)
            facts = all_say(served, lambda f, name=name: name in (f["problem"] or ""))
            assert reason in facts["problem"], (kind, facts["problem"])
            assert facts["directory"] == first.name, kind
            assert str(link.parent) not in facts["problem"]
            assert label(served) == "first"
        after = settled(served, 5)
        assert after["lease"] == before["lease"] == 1
        assert after.total() <= before.total() + 2, (before, after)
        lines = [line for line in served.log().splitlines() if "release not taken up" in line]
        told = Counter(re.findall(r"bad-\d\d", line)[0] for line in lines)
        assert told == Counter(f"bad-{number:02}" for number in range(len(BAD)))
        second = write_release(link, quads("second"))
        facts = all_say(served, lambda f: f["problem"] is None)
        assert facts["directory"] == second.name
        assert label(served) == "second"


@pytest.mark.parametrize("kind", ["half a search index", "half a manifest", "no directory"])
def test_each_of_several_processes_gets_over_a_bad_release(link: Path, kind: str) -> None:
    with serve("--release", link, "--workers", "2") as served:
        name = spoilt(link.resolve(), link, 0, BAD[kind][0])
        all_say(served, lambda f: name in (f["problem"] or ""))
        os.kill(
            served.http_processes()[0], signal.SIGKILL
        )  # another one takes its place, though the link names no release
        all_say(served, lambda f: name in (f["problem"] or ""))
        assert label(served) == "first"
        write_release(link, quads("second"))
        all_say(served, lambda f: f["problem"] is None)
        assert {label(served) for _ in range(12)} == {"second"}


def test_links_that_lead_nowhere(link: Path) -> None:
    with serve("--release", link) as served:
        for target in ("nothing", "current", "a-file"):
            (link.parent / "a-file").write_text("x")
            repoint(link, target)
            all_say(served, lambda f: bool(f["problem"]))
            assert label(served) == "first"
            write_release(link.with_name("made"), quads("again"))
            repoint(link, link.with_name("made").resolve().name)
            all_say(served, lambda f: f["problem"] is None)
            repoint(link, "made")
            write_release(link.with_name("made"), quads("first"))
            all_say(served, lambda f, link=link: f["directory"] == link.resolve().name)


def test_what_is_mended_is_taken_up(link: Path) -> None:
    with serve("--release", link) as served:
        name = spoilt(link.resolve(), link, 0, lambda d: (d / DUMP).rename(d / "aside") and None)
        all_say(served, lambda f: name in (f["problem"] or ""))
        (link.resolve() / "aside").rename(link.resolve() / DUMP)
        facts = all_say(served, lambda f: f["problem"] is None)
        assert facts["directory"] == name


@pytest.fixture
def truncated(link: Path) -> Iterator[tuple[Served, Path]]:
    """A server whose dump loses its end while it is served."""
    with serve("--release", link) as served:
        yield served, link.resolve() / DUMP


def test_a_spoilt_dump_is_not_served_as_the_whole(truncated: tuple[Served, Path]) -> None:
    served, dump = truncated
    with served.client() as client:
        whole = client.get(f"/{DUMP}")
        assert whole.content == quads("first")
        dump.chmod(0o644)
        for data in (whole.content[:-20], whole.content[:-5] + b"x" + whole.content[-4:], b""):
            dump.write_bytes(data)
            for headers in ({}, {"range": "bytes=0-9"}, {"accept-encoding": "gzip"}):
                # What is kept in memory is the whole still; another address asks for the file.
                assert client.get(f"/{DUMP}").content == whole.content
                answer = client.get(f"/{DUMP}?size={len(data)}", headers=headers)
                assert answer.status_code == 503, (headers, len(data))
                assert answer.json()["type"] == "/problems#damaged"
                assert "etag" not in answer.headers
        dump.write_bytes(whole.content)
        assert client.get(f"/{DUMP}").content == whole.content


def test_a_dump_that_was_spoilt_before_the_start_is_told_and_not_served(link: Path) -> None:
    dump = link.resolve() / DUMP
    dump.chmod(0o644)
    change_a_byte(link.resolve())
    with serve("--release", link) as served, served.client() as client:
        all_say(served, lambda f: "mappe-servizi.nq" in (f["problem"] or ""))
        assert client.get(f"/{DUMP}").status_code == 503
        assert client.get("/csv/services.csv").status_code == 200
        assert label(served) == "first"


LOCKER = """
import fcntl, sys
held = open(sys.argv[1]); fcntl.flock(held, fcntl.LOCK_EX); print("ready", flush=True); sys.stdin.read()
"""


@pytest.mark.parametrize("workers", ["1", "2"])
def test_whoever_locks_a_release_stops_nothing(link: Path, workers: str) -> None:
    """Any local user that may read the file may lock it, for as long as it likes."""
    old = link.resolve()
    with serve("--release", link, "--workers", workers) as served:
        all_say(served, lambda f: f["leased"] is True)
        made = link.with_name("made")
        new = write_release(made, quads("second"))
        with process(LOCKER, new / LOCK):
            repoint(link, new.name)
            answers = []
            for _ in range(30):
                asked = time.monotonic()
                assert httpx.get(f"{served.url}/healthz", timeout=10).status_code == 200
                answers.append(time.monotonic() - asked)
                time.sleep(0.05)
            assert max(answers) < 5  # it stood still for as long as the lock was held
            facts = all_say(served, lambda f, new=new: f["directory"] == new.name)
            assert facts["leased"] is False
            assert label(served) == "second"
        all_say(served, lambda f: f["leased"] is True)
        assert old.exists()


def test_a_locked_release_does_not_stop_the_start(link: Path) -> None:
    with process(LOCKER, link.resolve() / LOCK), serve("--release", link) as served:
        assert ready(served)["leased"] is False
        assert label(served) == "first"
