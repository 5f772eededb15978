"""Somebody who has the package, the pages and a Word file, and gives the commands that the pages show."""

import csv
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

import six_sheets
from helpers import ROOT
from mappe_servizi.rehearsal.entrance import free_port
from mappe_servizi.releases import Release, open_release
from mappe_servizi.sources.kinds import read_source
from procedures import blocks, run
from proxies import client_of, make_certificate, nginx
from reading.printers import PRINTERS
from served import Served

HOST = "dati.comune.example.it"
ADDRESS = "mappe"
"""Below which the tutorial's address is, on that host."""


@dataclass(frozen=True)
class Newcomer:
    """Them.

    Attributes:
        home: where they begin; the tutorial's instance is made there.
        programs: where the command ``mappe`` is.
        instance: the name of the instance's directory.
    """

    home: Path
    programs: Path
    instance: str = "town"
    NAME = "Maria Bianchi"

    @property
    def place(self) -> Path:
        """The instance."""
        return self.home / self.instance

    @property
    def release(self) -> Release:
        """The current one."""
        found = open_release(self.place / "build" / "releases" / "current")
        found.close()
        return found

    def runs(self, block: str) -> str:
        """What commands say in the instance."""
        return run(block, self.place, self.programs)

    def follows(self, page: str, begun: str | None = None) -> str:
        """What the commands of a page say, which the index leads to.

        The first block of a tutorial is given where no instance is ``begun``.
        """
        assert f"({page}" in (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
        first, *others = blocks(page)
        if begun is None:
            return "".join(map(self.runs, (first, *others)))
        rows = read_source(six_sheets.text().encode(), Path("document.txt")).rows
        (self.home / "mappe.docx").write_bytes(PRINTERS["docx"](rows))
        return run(first, self.home, self.programs) + "".join(map(self.runs, others))

    def changed(self, name: str) -> list[tuple[str, str]]:
        """What the last release says of a property: old and new values."""
        with (self.release.path / "report" / "changes.csv").open(encoding="utf-8") as file:
            return [(row["old"], row["new"]) for row in csv.DictReader(file) if row["property"] == name]

    def names_in(self, directory: Path) -> list[Path]:
        """The files that have the name."""
        files = (path for path in directory.rglob("*") if path.is_file())
        return [path for path in files if self.NAME.encode() in path.read_bytes()]

    def moves(self, instance: str) -> "Newcomer":
        """They on another machine, which has an empty directory."""
        other = Newcomer(self.home, self.programs, instance)
        other.place.mkdir()
        return other

    @contextmanager
    def behind_nginx(self) -> Iterator[Callable[[str], httpx.Response]]:
        """The current release, served below its address with TLS; what asks for a path of it."""
        port = free_port()
        settings = f'trusted-proxies = ["127.0.0.1"]\npath-prefix = "/{ADDRESS}"\nport = {port}\n'
        config = self.place / "mappe.toml"
        kept = re.sub(
            r"^(trusted-proxies|path-prefix|port) = .*\n", "", config.read_text("utf-8"), flags=re.M
        )
        config.write_text(kept + settings, encoding="utf-8")
        where = self.place / f"deployment-{port}"
        self.runs(f"mappe deployment {where.name}")
        unit = (where / "systemd" / "mappe-servizi.service").read_text(encoding="utf-8")
        (start,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
        (working,) = re.findall(r"^WorkingDirectory=(.*)$", unit, re.MULTILINE)
        certificate = make_certificate(where, HOST)
        text = (where / "nginx.conf").read_text(encoding="utf-8")
        command = ["sh", "-c", 'cd "$0" && exec $1', working, start]
        with (
            Served(command, port, f"/{ADDRESS}/readyz"),
            nginx(text, HOST, certificate, where) as (_, secure),
            client_of(HOST, certificate[0]) as client,
        ):
            address = f"https://127.0.0.1:{secure}/{ADDRESS}"
            yield lambda path: client.get(address + path, extensions={"sni_hostname": HOST})


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what happens soon."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
