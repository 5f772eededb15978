"""What would mend a document that cannot be read: rows that keep what is printed, one for each row of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.pipeline.add.mending import problems_of, propose
from mappe_servizi.reading.reader import read_document

from .conftest import FORM
from .render import Layout, Sheet, document
from .test_layouts import municipality

NIDO = Sheet(
    name="ASILI NIDO", official="SECCHI TANIA", central=[("Accoglienza", "Dei bambini")],
    accessory=[], coproduction=[],
    outputs=[("Posti", ["60", "66", "70"])], users=[("Bambini", ["50", "56", "59"])], criteria=["Età"],
    segments=[("Bambini", "Fino a tre anni")], management={"diretta": "X"}, personnel="12",
    structures=[("Nido Girotondo", "Via Roma 1")],
)  # fmt: skip
YEARS = "\t31/12/2018\t31/12/2019\t31/12/2020"


def mended(edition: Path) -> dict[str, str]:
    """What is to be read in place of what, by the rows that are offered; read again with them."""
    problems = problems_of(edition, edition / "document.txt", FORM)
    assert all(problem.row for problem in problems), problems
    assert propose(edition, problems) == len({problem.row.printed for problem in problems if problem.row})
    path = edition / CORRECTIONS.file
    path.write_text(path.read_text("utf-8").replace(",proposed,", ",reviewed,"), encoding="utf-8")
    read_document(edition, FORM)
    return {problem.row.printed: problem.row.reads for problem in problems if problem.row}


@pytest.mark.parametrize(
    ("header", "reads"),
    [
        ("\tfine 2018\tfine 2019\tfine 2020", "→2018→2019→2020"),
        ("\t2018\t2019\t2020 (dato provvisorio)", "→2018→2019→2020"),
        ("Tipo di cosa\tEs. 2018\tEs. 2019\tEs. 2020", ""),
    ],
)
def test_a_header_of_years_that_no_rule_reads_is_read_by_its_years(
    tmp_path: Path, header: str, reads: str
) -> None:
    text = document([NIDO], Layout())
    assert text.count(YEARS) == 2
    edition = municipality(tmp_path, text.replace(YEARS, header, 1).encode())
    problems = problems_of(edition, edition / "document.txt", FORM)
    offered = {problem.row.reads for problem in problems if problem.row}
    assert (reads in offered) if reads else ("→2018→2019→2020" not in offered)


def test_two_problems_of_a_row_are_mended_by_one_correction(tmp_path: Path) -> None:
    """The last entry of the index has no sheet, and a sheet has no entry, which is put behind it."""
    text = document([NIDO], Layout())
    entry = next(line for line in text.split("\n") if line.startswith("1. "))
    edition = municipality(
        tmp_path, text.replace(entry, f"{entry}\n2. Luce", 1).replace(entry, "", 1).encode()
    )
    assert mended(edition) == {"2. Luce": "2. Luce (non pubblicata)¶3. ASILI NIDO"}
    rows = list(csv.reader(io.StringIO((edition / CORRECTIONS.file).read_text("utf-8"))))
    assert len(rows) == 2
