"""Municipalities that cannot be read: why, and whether their last good part stands for them.

The table of them is published, so it says of files only what is below the maintained data, and quotes
nothing that must not be published.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mappe_servizi.errors import InputError, InputErrors, MappeError
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.tables import Errors, read_rows
from mappe_servizi.model.tables.municipality import REDACTIONS, RedactionRow
from mappe_servizi.settings import Settings

COLUMNS: Final = ("municipality", "file", "line", "message", "kept")
WITHHELD: Final = "not told here: it quotes what is redacted"
SHORTEST: Final = 3
"""Letters of a word of a redacted name that is looked for."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A municipality that cannot be read.

    Attributes:
        folder: its own.
        ipa: its code, as far as it can be known.
        error: what is wrong.
        kept: the hash of the part that stands for it, "" where the build has nothing of it.
        why: why it has nothing, "" where nobody asked for a part.
    """

    folder: Path
    ipa: str
    error: MappeError
    kept: str = ""
    why: str = ""

    def told(self) -> str:
        """A sentence for whoever builds."""
        stands = "as it was in the previous release" if self.kept else "left out"
        why = f" ({self.why})" if self.why else ""
        return f"{self.ipa} cannot be read and is {stands}{why}:\n{self.error}"

    def fact(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {"municipality": self.ipa, "folder": self.folder.name, "kept": self.kept or None}


def together(errors: Sequence[MappeError]) -> MappeError:
    """All of several municipalities' errors as one."""
    return errors[0] if len(errors) == 1 else MappeError("\n".join(map(str, errors)))


def write_quarantine(found: Iterable[Quarantined], settings: Settings, directory: Path) -> None:
    """Write the table of a build."""
    with declared.QUARANTINE.at(directory).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in found:
            writer.writerows([one.ipa, *reason, one.kept] for reason in _reasons(one, settings))


def _reasons(one: Quarantined, settings: Settings) -> Iterator[tuple[str, int | str, str]]:
    """File, line and message of what is wrong."""
    secret, data = _secret(one.folder, settings), settings.data
    for error in _each(one.error):
        message = error.message if isinstance(error, InputError) else str(error)
        file, line = ("", "") if not isinstance(error, InputError) else (error.file, error.line or "")
        message = message.replace(f"{data}/", "")
        if secret.search(message):
            message = WITHHELD
        place = Path(file)
        yield place.relative_to(data).as_posix() if place.is_relative_to(data) else place.name, line, message


def _each(error: MappeError) -> Sequence[MappeError]:
    return error.errors if isinstance(error, InputErrors) else [error]


def _secret(folder: Path, settings: Settings) -> re.Pattern[str]:
    """What a message may not have: all of it where that cannot be known."""
    errors: Errors = []
    rows = read_rows(REDACTIONS, folder / REDACTIONS.file, errors=errors)
    if errors:
        return re.compile("")
    words = {word for row in rows for word in _words(row) if len(word) >= SHORTEST}
    told = [*map(re.escape, sorted(words)), *([r"\d"] if settings.suppress_small_counts else [])]
    return re.compile("|".join(told) or r"(?!)", re.IGNORECASE)


def _words(row: RedactionRow) -> list[str]:
    return row.label.split() if row.kind == "name" else [row.label]
