"""Figures answer the same however a worker knows them: held, held with no enumeration, or read each time."""

import json
from typing import Any

import duckdb
import pytest

from mappe_servizi.model.outputs.declared import FIGURES, PARQUET
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


def asked(release: Release, name: str, statement: str, room: int) -> list[Any]:
    connection = duckdb.connect()
    cells = held.know(connection, held.FIGURES_TABLE, FIGURES.at(release.path), room)
    assert bool(cells) == bool(room)
    job = json.loads(QUESTIONS[name].job())
    if not job[statement]:
        return []
    found: list[Any] = connection.execute(job[statement], job["values"]).fetchall()
    return found


@pytest.mark.parametrize("name", QUESTIONS)
def test_held_figures_answer_as_read_ones_do(
    release: Release, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in ("page", "rows", "wrong", "facts"):
        read = asked(release, name, statement, 0)
        assert asked(release, name, statement, held.ROOM) == read
        with monkeypatch.context() as without:
            without.setattr(held, "FEW", 0)
            assert asked(release, name, statement, held.ROOM) == read


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
    held.know(connection, held.FIGURES_TABLE, FIGURES.at(release.path), held.ROOM)
    for question in (QUESTIONS["figures"], QUESTIONS["rate"]):
        job = json.loads(question.job())
        described = connection.execute(f"DESCRIBE {job['rows']}", job["values"]).fetchall()
        assert not [one for one in described if "ENUM" in one[1]]
