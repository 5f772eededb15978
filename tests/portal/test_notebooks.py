"""The notebooks of docs/notebooks, cell by cell as a reader runs them, on a real server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import ROOT
from served import Served

# What each must print, of what the document says and in which line.
SHOWN = {
    "pandas": [
        "Asili nido n. bambini iscritti  2018  204.0         791",
        "Anziani    Totale  2019   1486  1517",
        "1473   1486  1421",
    ],
    "sparqlwrapper": [
        "Asili nido | Servizi per l'infanzia",
        "2018 n. bambini iscritti 204 line 791",
        "4 Cosper s.c.s. Impresa Sociale",
    ],
    "duckdb": [
        "Cultura ed Eventi | Pubblico delle manifestazioni | 157570 | 7022 | 2993",
        "4 Cosper s.c.s. Impresa Sociale",
    ],
}
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_there_is_one_for_each_way() -> None:
    assert {path.stem for path in NOTEBOOKS} == SHOWN.keys()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(site: Served, tmp_path: Path, path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", "\n\n".join(cells)],
        cwd=tmp_path,
        env={**os.environ, "MAPPE_SERVER": site.url, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    for line in SHOWN[path.stem]:
        assert line in done.stdout, done.stdout
