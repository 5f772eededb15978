"""Figures answer the same however a worker knows them: held, held with no enumeration, read each time
with the index of figures, or without it."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mappe_servizi.model.outputs.declared import FIGURES, FIGURES_INDEX, PARQUET
from mappe_servizi.query.columnar import held
from mappe_servizi.query.columnar.question import FiguresQuestion
from mappe_servizi.releases import Release

USERS: dict[str, Any] = {"table": ["users"], "unit": ["count"], "role": ["item"]}
QUESTIONS = {
    "figures": FiguresQuestion({"service": ["asili-nido"]}),
    "sorted": FiguresQuestion({"table": ["users"]}, sort=[("unit", True), ("label", False)], limit=50),
    "words": FiguresQuestion(words=["città"], by=["area", "unit", "year", "periodKind"], measure="sum"),
    "years": FiguresQuestion(USERS, by=["year"]),
    "audiences": FiguresQuestion(USERS | {"year": [2019]}, by=["audience", "municipality"], measure="mean"),
    "largest": FiguresQuestion(USERS | {"year": [2019]}, by=["title"], sort=[("value", True)], limit=10),
    "change": FiguresQuestion(USERS, by=["service"], measure="change", years=(2018, 2020)),
    "rate": FiguresQuestion(by=["denominator", "indicatorConcept", "year"], measure="perThousand"),
    "unknown": FiguresQuestion({"unit": ["furlong"], "indicatorConcept": ["x"]}, by=["year"]),
    "mixed": FiguresQuestion({"year": [2019]}, by=["role"], measure="sum"),
}


def asked(release: Release, name: str, statement: str, room: int, index: Path) -> list[Any]:
    connection = duckdb.connect()
    cells = held.know_figures(connection, FIGURES.at(release.path), index, room)
    assert bool(cells) == bool(room)
    job = json.loads(QUESTIONS[name].job())
    if not job[statement]:
        return []
    found: list[Any] = connection.execute(job[statement], job["values"]).fetchall()
    return found


@pytest.mark.parametrize("name", QUESTIONS)
def test_held_figures_answer_as_read_ones_do(
    release: Release, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index, none = FIGURES_INDEX.at(release.path), tmp_path / "none"
    for statement in ("page", "rows", "wrong", "facts"):
        read = asked(release, name, statement, 0, none)
        assert asked(release, name, statement, 0, index) == read
        assert asked(release, name, statement, held.ROOM, none) == read
        assert asked(release, name, statement, held.ROOM, index) == read
        with monkeypatch.context() as without:
            without.setattr(held, "FEW", 0)
            assert asked(release, name, statement, held.ROOM, index) == read


def test_a_table_that_has_no_room_is_read(release: Release) -> None:
    connection = duckdb.connect()
    path = PARQUET.at(release.path, table="services")
    assert held.know(connection, "services", path, 10) == 0
    assert held.know(connection, "other", path, held.ROOM) > 10
    count = "SELECT count(*) FROM {}"
    both = [connection.execute(count.format(name)).fetchone() for name in ("services", "other")]
    assert both[0] == both[1]


def test_a_column_of_a_held_enumeration_is_published_as_text(release: Release) -> None:
    connection = duckdb.connect()
    held.know_figures(connection, FIGURES.at(release.path), FIGURES_INDEX.at(release.path), held.ROOM)
    for question in (QUESTIONS["figures"], QUESTIONS["rate"]):
        job = json.loads(question.job())
        described = connection.execute(f"DESCRIBE {job['rows']}", job["values"]).fetchall()
        assert not [one for one in described if "ENUM" in one[1]]
