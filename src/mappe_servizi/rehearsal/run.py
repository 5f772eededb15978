"""The command: opens the entrance, lets the harvesters in one after the other, tells what they got."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pyoxigraph import NamedNode

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import TURTLE
from mappe_servizi.instance import find_config
from mappe_servizi.model.outputs.declared import CATALOGUE
from mappe_servizi.progress import Progress
from mappe_servizi.rdf.namespaces import DCAT
from mappe_servizi.rehearsal import kept
from mappe_servizi.rehearsal.account import Account
from mappe_servizi.rehearsal.entrance import SECONDS, Redirecting, Visitor, serving
from mappe_servizi.rehearsal.harvesters import HARVESTERS
from mappe_servizi.rehearsal.triples import Triples, read
from mappe_servizi.rehearsal.visit import Visit
from mappe_servizi.releases.opened import open_release
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalOptions:
    """What a rehearsal is asked for.

    Attributes:
        release: a build's output, or the address that one is served at.
        place: directory of what is kept; beside the release where it is None.
        repository: what the national catalogue clones; this instance's own where it has assets.
        rules: further SHACL files or directories.
        harvesters: names of those who come; all where there is none.
        sample: how many of our IRIs are asked at most; 0 for all.
    """

    release: str
    place: Path | None = None
    repository: str | None = None
    rules: Sequence[Path] = ()
    harvesters: Sequence[str] = ()
    sample: int = 0

    @property
    def remote(self) -> bool:
        """Whether it is an address."""
        return is_address(self.release)

    @property
    def kept(self) -> Path:
        """The file of what is kept."""
        beside = Path.cwd() if self.remote else Path(self.release).absolute().parent
        return (self.place or beside) / kept.FILE


def is_address(release: str) -> bool:
    """Whether a release is named by an address.

    >>> is_address("https://dati.example.it/mappe/"), is_address("build/releases/current")
    (True, False)
    """
    return urlsplit(release).scheme in {"http", "https"}


def rehearse(settings: Settings, asked: RehearsalOptions) -> tuple[list[Account], list[str] | None]:
    """Harvest a release; what each harvester got, and what is different from the last time.

    The file of what is kept is written anew.

    Raises:
        MappeError: there is nothing to harvest, or an argument cannot be used.
    """
    names = asked.harvesters or tuple(HARVESTERS)
    if unknown := [name for name in names if name not in HARVESTERS]:
        raise MappeError(f"there is no harvester {', '.join(unknown)}; there are {', '.join(HARVESTERS)}")
    last = kept.read(asked.kept)
    progress = Progress()
    accounts: list[Account] = []
    with tempfile.TemporaryDirectory(prefix="mappe-rehearse.") as place, _opened(asked) as visitor:
        repository = asked.repository or own_repository(Path.cwd())
        visit = Visit(visitor, settings, Path(place), repository, asked.rules, asked.sample)
        visit.catalogue  # noqa: B018  # without it there is nothing to do
        for name in names:
            with progress.step(name):
                accounts += HARVESTERS[name](visit)
    now = kept.plain(accounts)
    different = None if last is None else kept.differences(last, now)
    kept.write(asked.kept, {**(last or {}), **now})
    return accounts, different


@contextmanager
def _opened(asked: RehearsalOptions) -> Iterator[Visitor]:
    """Serve the release if need be, and open the entrance in front of it."""
    if asked.remote:
        target = asked.release.rstrip("/")
        with _entered(base_of(target), target) as visitor:
            yield visitor
        return
    release = open_release(Path(asked.release))
    try:
        with serving(release.path) as target, _entered(release.base_uri, target) as visitor:
            yield visitor
    finally:
        release.close()


@contextmanager
def _entered(base: str, target: str) -> Iterator[Visitor]:
    """The base redirects to the target, as w3id.org does; the base itself needs no such help."""
    if base.rstrip("/") == target:
        with Visitor(base, base) as visitor:
            yield visitor
        return
    folder = urlsplit(base).path.rstrip("/")
    with Redirecting(target, folder) as w3id, Visitor(base, f"{w3id.url}/") as visitor:
        yield visitor


def base_of(address: str) -> str:
    """The base of the IRIs of what is served at an address, as its catalogue has it.

    Raises:
        MappeError: there is no catalogue.
    """
    address = f"{address}/{CATALOGUE.paths[0]}"
    try:
        answer = httpx.get(address, follow_redirects=True, timeout=SECONDS)
        answer.raise_for_status()
        found = Triples(read(answer.content, TURTLE.media, str(answer.url))).of(DCAT["Catalog"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise MappeError(f"there is no catalogue at {address}: {error}") from error
    bases = [n.value for n in found if isinstance(n, NamedNode) and n.value.endswith("/catalogue")]
    if len(bases) != 1:
        raise MappeError(f"{address} names {len(bases)} catalogues, not one")
    return bases[0].removesuffix("catalogue")


def own_repository(start: Path) -> str | None:
    """The repository of the instance that a directory lies in, where the national catalogue finds assets."""
    config = find_config(start)
    root = config.parent if config else start
    return str(root) if (root / ".git").exists() and (root / "assets").exists() else None
