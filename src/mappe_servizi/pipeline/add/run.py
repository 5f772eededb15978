"""From documents to an instance's folders: each placed, named, and what is open told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mappe_servizi.errors import MappeError
from mappe_servizi.pipeline.add.edition import Given, is_there, place, read_given
from mappe_servizi.pipeline.add.town import assumed, find_town, folder_of, municipality_toml
from mappe_servizi.pipeline.open import Open, open_of
from mappe_servizi.reading.municipality import MUNICIPALITY_FILE
from mappe_servizi.releases.numbered import today
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be added.

    Attributes:
        ipa: the municipality's IPA code.
        documents: an edition each.
        year: the edition, where the document does not say it or says another.
        istat: the ISTAT code, for an IPA code that is not made from the cadastral one.
        replace: whether a document takes the place of another one of its edition.
    """

    ipa: str
    documents: tuple[Path, ...]
    year: int | None = None
    istat: str | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """What came of it.

    Attributes:
        folder: of the municipality.
        placed: each edition's folder, with the document that it has now; None where it had it already.
        assumed: what is said of the municipality without its being known.
        open: what is wrong, and what is open.
    """

    folder: Path
    placed: Sequence[tuple[Path, Given | None]]
    assumed: Sequence[str] = field(default=())
    open: Open = field(default_factory=Open)


def add(settings: Settings, asked: Asked) -> Added:
    """Add documents to a municipality, which is made where the instance has none of its code.

    Asked the same again it changes nothing.

    Raises:
        MappeError: there is no such municipality, or a document cannot be added: nothing is written.
    """
    ipa = asked.ipa.strip().casefold()
    folder = folder_of(ipa, settings.data / "municipalities")
    row = None
    if not (folder / MUNICIPALITY_FILE).exists():
        row = find_town(ipa, asked.istat, settings.knowledge)
    given = [read_given(path, asked.year, settings.knowledge) for path in asked.documents]
    _check_editions(given)
    day = today()
    if row is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MUNICIPALITY_FILE).write_text(municipality_toml(ipa, row), encoding="utf-8")
    placed = list(_placed(folder, given, day, asked))
    return Added(folder, placed, assumed(ipa, row) if row else (), open_of(folder, settings, write=True))


def _placed(
    folder: Path, given: Sequence[Given], day: str, asked: Asked
) -> Iterator[tuple[Path, Given | None]]:
    for one in given:
        there = is_there(folder, one)
        if there is not None and asked.year in {None, int(there.name)}:
            yield there, None
        else:
            yield place(folder, one, day, replace=asked.replace), one


def _check_editions(given: Sequence[Given]) -> None:
    """Each document is an edition of its own."""
    years = [one.year for one in given]
    for one in given:
        if years.count(one.year) > 1:
            others = ", ".join(str(other.path) for other in given if other.year == one.year)
            raise MappeError(
                f"the edition {one.year} has one document, not {years.count(one.year)} ({others}): put the "
                "sheets of one edition into one document, or add each with its --edition"
            )
