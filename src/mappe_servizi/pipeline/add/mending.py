"""A document that cannot be read: all its problems at once, each with the row that was tried and mends it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.records import Correction
from mappe_servizi.model.tables import read_all
from mappe_servizi.model.tables.edition import CORRECTIONS, CorrectionRow
from mappe_servizi.pipeline.add.drafting import append
from mappe_servizi.reading.municipality import EDITIONS
from mappe_servizi.reading.proposals.mending import Mender
from mappe_servizi.reading.reader import read_printed
from mappe_servizi.sources.block import Unplaced
from mappe_servizi.sources.kinds import read_source

ROUNDS: Final = 12
"""How often a document is read to find what more is wrong with it."""
NEAR: Final = 3
"""Lines within which the same problem is the one above again."""


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong, and the row that mends it; None where nothing that was tried does."""

    error: InputError
    row: Correction | None


def problems_of(edition: Path, document: Path, knowledge: Path) -> list[Defect]:
    """All that keeps a document from being read: what one problem hides is found when that one is mended.

    Args:
        edition: data/municipalities/{ipa}/editions/{year}.
        document: the file in it.
        knowledge: the directory of what is known for every municipality.
    """
    try:
        rows = read_source(document.read_bytes(), document).rows
        taken = {item.row.id for item in read_all(CORRECTIONS, edition / CORRECTIONS.file)}
        mender = Mender.of(rows, knowledge, taken)
    except InputErrors as several:
        return [Defect(one, None) for one in several.errors]
    except InputError as one:
        return [Defect(one, None)]
    found: dict[tuple[str, int | None], Defect] = {}
    tried: dict[tuple[str, int | None], Iterator[Correction]] = {}
    with _copy(edition) as copy:
        for _ in range(ROUNDS):
            errors = [_told(error, document) for error in _errors(copy, knowledge)]
            if not errors:
                break
            before = dict(found)
            for error in errors:
                key = (error.message, error.row)
                if (begun := _chain(found, error)) is not None:
                    found[begun] = Defect(found[begun].error, None)
                    continue
                if key not in tried:
                    tried[key] = mender.candidates(error)
                found[key] = Defect(error, next(tried[key], None))
            _write(copy, edition, [problem.row for problem in found.values() if problem.row])
            if before == found:
                break
    return _together(found.values())


def _together(found: Iterable[Defect]) -> list[Defect]:
    """The problems, those that one row mends with the last that was made of it."""
    found = list(found)
    last = {_anchor(problem.row): problem.row for problem in found if problem.row}
    return [Defect(one.error, last[_anchor(one.row)] if one.row else None) for one in found]


def _chain(found: dict[tuple[str, int | None], Defect], error: InputError) -> tuple[str, int | None] | None:
    """The problem just above that leaving out a row only moved to the next one: no row mends it."""
    for key, problem in found.items():
        dropped = problem.row is not None and not problem.row.reads
        if (
            dropped
            and key[1]
            and error.row
            and 0 < error.row - key[1] <= NEAR
            and _says(problem.error) == _says(error)
        ):
            return key
    return None


def _says(error: InputError) -> str:
    """What an error says, without what it names."""
    return error.defect.says if isinstance(error.defect, Unplaced) else error.message


def propose(edition: Path, problems: Iterable[Defect]) -> int:
    """Write the rows as questions: they hold when somebody accepts them; returns how many."""
    asked = {_anchor(found.row) for found in read_all(CORRECTIONS, edition / CORRECTIONS.file)}
    by_anchor = {_anchor(problem.row): problem.row for problem in problems if problem.row}
    rows = [row for anchor, row in by_anchor.items() if anchor not in asked]
    if rows:
        told = {"curation": "proposed", "method": "mends what cannot be read", "probability": "0.5"}
        append(edition / CORRECTIONS.file, CORRECTIONS, [_cells(row) | told for row in rows])
    return len(rows)


def _errors(edition: Path, knowledge: Path) -> Sequence[InputError]:
    try:
        read_printed(edition, knowledge)
    except InputErrors as error:
        return error.errors
    except InputError as error:
        return [error]
    return ()


def _told(error: InputError, document: Path) -> InputError:
    """The error with the place that the user knows."""
    return InputError(error.message, file=document, line=error.line, row=error.row, defect=error.defect)


@contextmanager
def _copy(edition: Path) -> Iterator[Path]:
    """A copy of the edition in a copy of its municipality, without other editions."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / edition.parents[1].name
        shutil.copytree(edition.parents[1], folder, ignore=shutil.ignore_patterns(EDITIONS))
        copy = folder / EDITIONS / edition.name
        shutil.copytree(edition, copy)
        yield copy


def _write(copy: Path, edition: Path, rows: Sequence[Correction]) -> None:
    """The corrections of the edition, and these."""
    path = copy / CORRECTIONS.file
    path.unlink(missing_ok=True)
    if (edition / CORRECTIONS.file).exists():
        shutil.copy(edition / CORRECTIONS.file, path)
    by_anchor = {_anchor(row): row for row in rows}
    append(path, CORRECTIONS, [_cells(row) for row in by_anchor.values()])


def _anchor(row: Correction | CorrectionRow) -> tuple[str, str, int]:
    """What a correction of any row hangs on."""
    return (row.section, row.printed, row.occurrence)


def _cells(row: Correction) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in asdict(row).items()}
