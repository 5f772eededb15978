"""From documents to an instance's folders: each placed, named, and what is open told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, InputErrors, MappeError
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.tables import Table
from mappe_servizi.model.tables.municipality import IDENTIFIERS, PEOPLE
from mappe_servizi.pipeline.add.drafting import write_drafts
from mappe_servizi.pipeline.add.edition import Given, document_of, is_there, place, read_given
from mappe_servizi.pipeline.add.mending import Defect, problems_of, propose
from mappe_servizi.pipeline.add.town import assumed, find_town, folder_of, municipality_toml
from mappe_servizi.pipeline.municipality import complete_registry
from mappe_servizi.pipeline.open import Open, open_of
from mappe_servizi.pipeline.records import read_records
from mappe_servizi.reading.municipality import MUNICIPALITY_FILE
from mappe_servizi.releases.numbered import today
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class AddOptions:
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
        drafted: how many rows were written, by the table's file.
        open: what is wrong, and what is open.
        problems: what keeps a document from being read, with what would mend it.
    """

    folder: Path
    placed: Sequence[tuple[Path, Given | None]]
    assumed: Sequence[str] = ()
    drafted: Counter[str] = field(default_factory=Counter)
    open: Open = field(default_factory=Open)
    problems: Sequence[Defect] = ()


def add(settings: Settings, asked: AddOptions) -> Added:
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
        (folder / MUNICIPALITY_FILE).write_text(
            municipality_toml(ipa, row, settings.knowledge), encoding="utf-8"
        )
    placed = list(_placed(folder, given, day, asked))
    drafted, wrong = _draft(folder, settings)
    found = Open(wrong) if wrong else open_of(folder, settings)
    problems = _problems(placed, settings) if wrong else []
    return Added(folder, placed, assumed(ipa, row) if row else (), drafted, found, problems)


def _problems(placed: Sequence[tuple[Path, Given | None]], settings: Settings) -> list[Defect]:
    """What keeps the documents from being read, each with the row that would mend it, which is written."""
    found = []
    for edition, _ in placed:
        problems = problems_of(edition, document_of(edition), settings.knowledge)
        propose(edition, problems)
        found += problems
    return found


def _draft(folder: Path, settings: Settings) -> tuple[Counter[str], Sequence[InputError]]:
    """Write the slugs and the rows that a municipality lacks; how many, or what is in the way."""
    try:
        drafted = _drafted(folder, settings, (PEOPLE,))  # names of people are labels of the registry
        missing = complete_registry(folder, settings)
        drafted += _drafted(folder, settings)
    except InputErrors as error:
        return Counter(), error.errors
    except InputError as error:
        return Counter(), [error]
    return drafted + Counter({IDENTIFIERS.file: missing}), ()


def _drafted(folder: Path, settings: Settings, only: Sequence[Table[Any]] = ()) -> Counter[str]:
    registry = Registry.load(folder / IDENTIFIERS.file)
    documents = [records.document for records in read_records(folder, settings, registry)]
    return write_drafts(folder, documents, registry, settings.knowledge, only)


def _placed(
    folder: Path, given: Sequence[Given], day: str, asked: AddOptions
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
