"""Directories written once, their link, leases and pruning, with real processes."""

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from helpers import process
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.releases.directory import LOCK, MANIFEST, new_directory, prune, publish, remove
from mappe_servizi.releases.numbered import give_number
from mappe_servizi.releases.opened import FORMAT, open_release


def release(link: Path, content: str) -> Path:
    with new_directory(link) as directory:
        (directory / "content").write_text(content)
        manifest = {"format": FORMAT, "version": "1", "baseUri": "https://e.org/", "modified": None}
        manifest |= {"dump": content, "editions": [], "counts": {}, "files": {}}
        (directory / MANIFEST).write_text(json.dumps(manifest))
        publish(directory, link)
    return directory


def test_the_link_names_the_new_directory_and_the_old_stays(tmp_path: Path) -> None:
    link = tmp_path / "deep" / "current"
    first = release(link, "one")
    assert (link / "content").read_text() == "one"
    second = release(link, "two")
    assert (link / "content").read_text() == "two"
    assert not link.readlink().is_absolute()
    assert (first / "content").read_text() == "one"
    assert link.resolve() == second.resolve()
    assert sorted(p.name for p in link.parent.iterdir()) == sorted([first.name, second.name, "current"])


def test_files_of_a_published_directory_are_read_only(tmp_path: Path) -> None:
    directory = release(tmp_path / "current", "one")
    assert {p.stat().st_mode & 0o777 for p in directory.iterdir()} == {0o444}


def test_a_body_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    link = tmp_path / "current"
    first = release(link, "one")
    with pytest.raises(IsADirectoryError), new_directory(link) as directory:
        directory.write_text("a directory is no file")
    assert link.resolve() == first.resolve()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["current", first.name]


def test_what_the_link_names_stays_though_its_maker_is_stopped_then(tmp_path: Path) -> None:
    link = tmp_path / "current"
    with suppress(SystemExit), new_directory(link) as directory:
        (directory / "content").write_text("whole")
        publish(directory, link)
        raise SystemExit(143)
    assert (link / "content").read_text() == "whole"


def test_a_number_of_a_stopped_release_is_free_and_another_s_is_not(tmp_path: Path) -> None:
    link = tmp_path / "2"
    link.symlink_to("gone")
    (tmp_path / "made").mkdir()
    give_number(tmp_path / "made", link)
    assert link.resolve() == tmp_path / "made"
    with pytest.raises(MappeError, match="there is a release 2 already"):
        give_number(tmp_path / "other", link)
    assert link.resolve() == tmp_path / "made"


def test_a_real_directory_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(MappeError, match="must be a symbolic link"), new_directory(tmp_path / "current"):
        pass


READER = """
import sys, pathlib
from mappe_servizi.releases.numbered import give_number
from mappe_servizi.releases.opened import open_release
link, seen = pathlib.Path(sys.argv[1]), set()
print("ready", flush=True)
import select
while not select.select([sys.stdin], [], [], 0)[0]:
    release = open_release(link)
    assert (release.path / "content").read_text() == release.dump_sha256
    seen.add(release.dump_sha256)
    release.close()
print(len(seen), flush=True)
"""


def test_a_reader_always_opens_a_whole_directory_while_others_are_published_and_pruned(
    tmp_path: Path,
) -> None:
    link = tmp_path / "current"
    release(link, "start")
    with process(READER, link) as reader:
        for number in range(40):
            release(link, f"{number}")
            prune(link, keep=0)
        output, _ = reader.communicate("stop\n", timeout=30)
    assert reader.returncode == 0
    assert int(output) > 1


def test_old_directories_go_but_the_newest_stay(tmp_path: Path) -> None:
    link = tmp_path / "current"
    directories = []
    for number in range(5):
        directories.append(release(link, f"{number}"))
        time.sleep(0.01)
    assert set(prune(link, keep=2)) == set(directories[:2])
    assert [d.exists() for d in directories] == [False, False, True, True, True]
    assert prune(link, keep=2) == []


HOLDER = """
import sys, pathlib
from mappe_servizi.releases.numbered import give_number
from mappe_servizi.releases.opened import open_release
held = open_release(pathlib.Path(sys.argv[1])); print("ready", flush=True); sys.stdin.read()
"""


def test_a_leased_directory_stays_until_its_holder_dies(tmp_path: Path) -> None:
    link = tmp_path / "current"
    old = release(link, "old")
    with process(HOLDER, link) as holder:
        release(link, "new")
        assert prune(link, keep=0) == []
        holder.kill()
        holder.wait()
    assert prune(link, keep=0) == [old]


LOCKER = """
import fcntl, sys
held = open(sys.argv[1]); fcntl.flock(held, fcntl.LOCK_EX); print("ready", flush=True); sys.stdin.read()
"""


def test_nobody_waits_for_a_lease_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "current"
    locked = release(link, "locked")
    monkeypatch.setattr("mappe_servizi.releases.directory.WAIT_SECONDS", 0.2)
    with process(LOCKER, locked / LOCK):
        with pytest.raises(MappeError, match="is locked by another process"):
            open_release(link)
        opened = open_release(link, wait=False)
        assert not opened.lease.held
        assert not opened.lease.take()
    assert opened.lease.take()
    release(link, "new")
    assert prune(link, keep=0) == []
    opened.close()
    assert prune(link, keep=0) == [locked]


STORE_READER = """
import sys, pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1]); print("ready", flush=True); sys.stdin.read()
"""


def test_a_directory_with_an_open_store_stays_though_nobody_leased_it(tmp_path: Path) -> None:
    link = tmp_path / "current"
    with new_directory(link) as old:
        store = Store(old / "store")
        store.bulk_load(b'<http://e.org/s> <http://e.org/p> "o" .', format=RdfFormat.N_TRIPLES)
        del store
        (old / MANIFEST).write_text("{}")
        publish(old, link)
    with process(STORE_READER, old / "store"):
        release(link, "new")
        assert prune(link, keep=0) == []
    assert prune(link, keep=0) == [old]


WRITER = """
import sys, pathlib
from mappe_servizi.releases.directory import new_directory
with new_directory(pathlib.Path(sys.argv[1])) as directory:
    (directory / "half").write_text("half")
    directory.with_name(f".{directory.name}.link").symlink_to(directory.name)
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_build_left_goes_but_not_what_is_being_written(tmp_path: Path) -> None:
    link = tmp_path / "current"
    release(link, "current")
    with process(WRITER, link) as writer:
        (left,) = tmp_path.glob("current.*/half")
        assert prune(link, keep=9) == []
        writer.kill()
        writer.wait()
    assert left.exists()
    assert prune(link, keep=9) == [left.parent]
    assert sorted(tmp_path.iterdir()) == [link, link.resolve()]


def test_the_directories_of_another_link_are_not_touched(tmp_path: Path) -> None:
    other = release(tmp_path / "current.test", "other")
    newer = release(tmp_path / "current.test", "newer")
    release(tmp_path / "current", "mine")
    prune(tmp_path / "current", keep=0)
    assert other.exists()
    assert newer.exists()


def test_what_is_no_release_is_told(tmp_path: Path) -> None:
    with pytest.raises(MappeError, match="is not a build's output; `mappe build` makes one"):
        open_release(tmp_path / "nothing")
    directory = release(tmp_path / "current", "one")
    (directory / MANIFEST).chmod(0o644)
    (directory / MANIFEST).write_text('{"format": 99, "version": "9.0"}')
    with pytest.raises(InputError, match=r"install 9\.0 or a newer version"):
        open_release(tmp_path / "current")
    (directory / MANIFEST).write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        open_release(tmp_path / "current")
    remove(directory)
    with pytest.raises(MappeError, match="is not a build's output"):
        open_release(tmp_path / "current")


def test_a_name_that_is_taken_is_refused_and_what_has_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda count: "a" * 2 * count)
    other = tmp_path / "current.aaaaaaaa"
    other.mkdir()
    with pytest.raises(MappeError, match="no directory can be made"), new_directory(tmp_path / "current"):
        pass
    assert other.is_dir()
