"""``python -m bench.linking.large``: lists of a country's size, copies of the real ones in other towns."""

from __future__ import annotations

import csv
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.linking.truth import ROOT, Row, read

from mappe_servizi.pipeline.link.run import link
from mappe_servizi.settings import Settings

COPIES, SEED = 11, 3


def copies(left: Sequence[Row], right: Sequence[Row], number: int) -> tuple[list[Row], list[Row]]:
    """The lists so many times over, each time in other towns and with some words changed."""
    with (ROOT / "data" / "knowledge" / "municipalities.csv").open(encoding="utf-8") as file:
        names = [row["name"].upper() for row in csv.DictReader(file)]
    rng = random.Random(SEED)
    towns = sorted({row.town for row in (*left, *right)})
    found: tuple[list[Row], list[Row]] = ([], [])
    for copy in range(number):
        moved = (
            dict(zip(towns, rng.sample(names, len(towns)), strict=True)) if copy else {t: t for t in towns}
        )
        words: dict[str, str] = {}
        for rows, to in zip((left, right), found, strict=True):
            for row in rows:
                name = row.name.replace(row.town, moved[row.town])
                if copy:
                    for word in sorted(set(re.findall(r"\b[A-Z]{6,}\b", name))):
                        name = name.replace(word, words.setdefault(word, changed(word, rng)))
                to.append(Row(f"{copy}-{row.id}", name, moved[row.town], f"{copy}{row.code}"))
    return found


def changed(word: str, rng: random.Random) -> str:
    """A word, or half of the time another one of its letters."""
    if rng.random() < 0.5:
        return word
    letters = list(word)
    rng.shuffle(letters)
    return "".join(letters)


def write(path: Path, rows: Sequence[Row]) -> None:
    """A list as a user has it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "denominazione", "comune"))
        writer.writerows((row.id, row.name, row.town) for row in rows)


def main() -> None:
    """Time and memory of one run."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COPIES
    left, right = copies(read("left"), read("right"), number)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        write(directory / "left.csv", left)
        write(directory / "right.csv", right)
        sizes, codes = len(left) + len(right), {row.id: row.code for row in (*left, *right)}
        del left, right
        start = time.process_time()
        linked, _ = link(Settings(), directory / "left.csv", directory / "right.csv", directory / "out")
        spent = time.process_time() - start
    rows = linked.matched.rows
    right_ones = sum(codes[rows[k.left].id] == codes[rows[k.right].id] for k in linked.links)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{sizes} rows: {spent:.1f} s of CPU, {memory:.0f} MB at most; {len(linked.links)} links, ", end="")
    print(f"precision {right_ones / len(linked.links):.4f}, {len(linked.names)} clusters")


if __name__ == "__main__":
    main()
