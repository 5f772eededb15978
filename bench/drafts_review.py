"""What `mappe review` asks of a town of Cremona's size that nobody has curated, and what answering takes."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mappe_servizi.model.tables import concepts, municipality, read_rows
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.reading.form import load_form
from mappe_servizi.reading.municipality import find_editions
from mappe_servizi.reading.proposals.draft import Draft
from mappe_servizi.reading.reader import read_printed
from mappe_servizi.review.rows.item import Item
from mappe_servizi.review.rows.questions import questions

ANSWERS = {
    municipality.INDICATORS: "counted", municipality.AUDIENCES: "audiences", municipality.SERVICES: "theme",
    municipality.PEOPLE: "family", concepts.SERVICES: "concept", municipality.SERVICE_NAMES: "title_en",
    municipality.PLACES: "name", municipality.CHANNELS: "name", municipality.AREAS: "label_en",
}  # fmt: skip
"""By table: what a reviewer changes where a proposal is wrong."""


class Judged(NamedTuple):
    """A draft with the area that it stands in.

    Whether the reviewed row says the same; None where there is none, or where the draft was taken from it.
    """

    area: str
    draft: Draft
    right: bool | None


def asked(found: Iterable[Judged], town: Path, knowledge: Path) -> str:
    """What the review of a town asks, every row of it, and the answers of a reviewer who knows.

    A question is what `mappe review` asks at once. It takes an answer for the rows that are right as they are
    proposed, or of which nobody can tell, and one for each other thing that the rest of its rows mean.
    """
    wanted = {
        (table.file, tuple(str(getattr(row, name)) for name in table.unique[0])): getattr(row, answer)
        for table, answer in ANSWERS.items()
        for row in read_rows(table, town / table.file)
    }
    answers, held = defaultdict[tuple[str, ...], set[Any]](set), set[tuple[str, ...]]()
    rows = values = 0
    for one in found:
        item = _item(one.draft)
        if item.holds:
            values += 1
            held.add(item.kind)
            continue
        rows += 1
        right = one.right is not False
        answers[item.kind].add(None if right else wanted.get((one.draft.table.file, one.draft.key), item.key))
    for item in _printed(town, knowledge):
        rows += 1
        answers[item.kind].add(None)
    return (
        f"review: {rows} rows, {len(answers)} questions, {sum(map(len, answers.values()))} answers; "
        f"{values} rows hold already, accepted in {len(held)} times"
    )


def _item(draft: Draft) -> Item:
    cells = {**draft.cells, "method": draft.rule.method, "probability": str(draft.probability)}
    return Item(draft.table, Path(draft.table.file), draft.key, cells, "")


def _printed(town: Path, knowledge: Path) -> Iterator[Item]:
    """What the document itself leaves open where only what cannot be read without is corrected."""
    with tempfile.TemporaryDirectory() as place:
        copy = shutil.copytree(town, Path(place) / town.name)
        edition = find_editions(copy)[-1]
        path = edition / CORRECTIONS.file
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        kept = [row for row in rows if row[header.index("kind")] == "rows"]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *kept])
        yield from questions(read_printed(edition, knowledge), path, set(), load_form(knowledge))
