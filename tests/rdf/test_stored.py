"""A dump in a store on disk, loaded here or in a process of its own."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from mappe_servizi.errors import MappeError
from mappe_servizi.rdf import stored
from mappe_servizi.rdf.stored import store_dump

LINES = (
    b'<https://e.org/a> <https://e.org/p> "\xc3\xa0"@it <https://e.org/g> .\n'
    b'<https://e.org/a> <https://e.org/p> "b" .\n'
)


@pytest.mark.parametrize("little", [0, 1 << 20])
def test_the_store_has_what_the_dump_has(
    tmp_path: Path, little: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "LITTLE", little)
    (tmp_path / "dump.nq").write_bytes(LINES)
    store_dump(tmp_path / "dump.nq", tmp_path / "store")
    found = {f"{quad} .\n" for quad in Store.read_only(str(tmp_path / "store"))}
    assert found == {f"{line} .\n" for line in LINES.decode().removesuffix(" .\n").split(" .\n")}


def test_what_cannot_be_loaded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "LITTLE", 0)
    (tmp_path / "dump.nq").write_bytes(LINES + b"no quad\n")
    with pytest.raises(MappeError, match=r"the store cannot be written: .*line 3"):
        store_dump(tmp_path / "dump.nq", tmp_path / "store")
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(MappeError, match="ended with status 1"):
        store_dump(tmp_path / "dump.nq", tmp_path / "other")
