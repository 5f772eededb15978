"""Real releases of small data, and real servers on them, for tests and benchmarks."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from pyoxigraph import Store

from mappe_servizi.outputs.search_index import FILE, write_search_index
from mappe_servizi.rehearsal.entrance import free_port
from mappe_servizi.releases.directory import MANIFEST, new_directory, publish
from mappe_servizi.releases.opened import FORMAT

BASE = "https://w3id.org/mappe-servizi/"


def write_release(link: Path, quads: bytes, base: str = BASE) -> Path:
    """A build's output around some N-Quads: what a server reads of one, and nothing else."""
    with new_directory(link) as directory:
        for name in ("dump", "csv", "store"):
            (directory / name).mkdir()
        dump = directory / "dump" / "mappe-servizi.nq"
        dump.write_bytes(quads)
        (directory / "csv" / "services.csv").write_text("municipality,edition\nc_d150,2020\n")
        store = Store(directory / "store")
        store.bulk_load(path=dump)
        store.optimize()
        write_search_index(store, directory / FILE, base)
        files = {
            str(p.relative_to(directory)): {
                "bytes": p.stat().st_size,
                "sha256": hashlib.sha256(p.read_bytes()).hexdigest(),
            }
            for p in [*(directory / "dump").iterdir(), *(directory / "csv").iterdir()]
        }
        manifest = {
            "format": FORMAT,
            "version": "0",
            "baseUri": base,
            "modified": "2021-06-30",
            "dump": hashlib.sha256(quads).hexdigest(),
            "editions": ["c_d150-2020"],
            "counts": {},
            "files": files,
        }
        (directory / MANIFEST).write_text(json.dumps(manifest))
        del store
        publish(directory, link)
    return directory


def processes() -> dict[int, tuple[int, int]]:
    """Parent and session of every process that has not ended."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = status.read_text().partition(" ")
            state, parent, _, session, *_ = rest.rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if state != "Z":
            found[int(pid)] = int(parent), int(session)
    return found


class Served:
    """A server process; stops with the ``with`` block, and with the process that started it."""

    def __init__(self, command: list[str], port: int, ready: str, **environment: str) -> None:
        self.port, self.url = port, f"http://127.0.0.1:{port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed by __exit__
        clean = {k: v for k, v in os.environ.items() if not k.startswith("MAPPE_")}
        self.process = subprocess.Popen(command, env=clean | environment, stdout=self._log, stderr=self._log)
        self._wait(ready)

    def _wait(self, ready: str) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}: {self.log()[-2000:]}")
            try:
                if httpx.get(self.url + ready, timeout=5).status_code < 500:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server was not ready within 60 s: {self.log()[-2000:]}")

    def log(self) -> str:
        """What it has written so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def stop(self, number: int = signal.SIGTERM, seconds: float = 20) -> int:
        """Stop it; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._log.close()

    def client(self, **options: Any) -> httpx.Client:
        """A client of it."""
        return httpx.Client(base_url=self.url, timeout=60, **options)

    def children(self) -> set[int]:
        """The processes below it."""
        return {pid for pid, (parent, _) in processes().items() if parent == self.process.pid}

    def query_workers(self) -> set[int]:
        """The processes that evaluate queries, where one process answers."""
        return {pid for pid, (parent, _) in processes().items() if parent in self.children()}

    def http_processes(self) -> list[int]:
        """Those of its processes that answer, where there are several."""
        commands = {pid: Path(f"/proc/{pid}/cmdline") for pid in self.children()}
        return sorted(pid for pid, path in commands.items() if b"spawn_main" in path.read_bytes())


def serve(*arguments: str | Path, ready: str = "/readyz", **environment: str) -> Served:
    """A server as a user starts it, on a free port."""
    port = free_port()
    command = [sys.executable, "-m", "mappe_servizi", "serve", "--port", str(port), *map(str, arguments)]
    return Served(command, port, ready, **environment)
