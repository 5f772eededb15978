"""The index of figures says what the figures say: each row of it, by its place there."""

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from mappe_servizi.model.outputs.declared import FIGURES, FIGURES_INDEX
from mappe_servizi.model.outputs.figures import ALIKE, INDEXED, NUMBERS
from mappe_servizi.outputs import figures_index
from mappe_servizi.outputs.figures_index import ORDER, write_figures_index
from mappe_servizi.releases import Release

Row = dict[str, Any]
ALONE = {"counted": None, "periodKind": None, "denominator": None}
"""What a figure of a town without curated rows has not."""


@pytest.fixture(scope="module")
def figures(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cremona's, and those of a second town, of which half have no curated row."""
    table = pyarrow.parquet.read_table(FIGURES.at(release.path))
    rows = table.to_pylist()
    second = [
        {
            name: value.replace("c_d150", "c_x000") if isinstance(value, str) else value
            for name, value in one.items()
        }
        | (ALONE if number % 2 else {})
        for number, one in enumerate(rows)
    ]
    path = tmp_path_factory.mktemp("figures") / "figures.parquet"
    both = pyarrow.Table.from_pylist([*rows, *second], schema=table.schema)
    pyarrow.parquet.write_table(both, path, row_group_size=700)
    return path


@pytest.fixture(scope="module")
def rows(figures: Path) -> list[Row]:
    return pyarrow.parquet.read_table(figures).to_pylist()


@pytest.fixture(scope="module")
def index(figures: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures_index, "ROWS", 500)
        write_figures_index(figures, figures.with_name("index.parquet"))
    return figures.with_name("index.parquet")


@pytest.fixture(scope="module")
def indexed(index: Path) -> list[Row]:
    return pyarrow.parquet.read_table(index).to_pylist()


def test_each_row_is_a_figure(rows: list[Row], indexed: list[Row]) -> None:
    assert sorted(one["place"] for one in indexed) == [*range(len(rows))]
    for one in indexed:
        assert one.keys() == {*INDEXED, *NUMBERS}
        assert {name: one[name] for name in INDEXED} == {name: rows[one["place"]][name] for name in INDEXED}


def test_rows_that_are_chosen_together_stand_together(index: Path, indexed: list[Row]) -> None:
    keys = [tuple(one[name] for name in ORDER) for one in indexed]
    assert keys == sorted(keys)
    assert pyarrow.parquet.ParquetFile(index).num_row_groups == -(-len(indexed) // 500)


def test_numbers_are_the_same_where_what_they_stand_for_is(rows: list[Row], indexed: list[Row]) -> None:
    things = {one["indicator"]: one["thing"] for one in indexed}
    alikes = {tuple(one[name] for name in ALIKE): one["alike"] for one in indexed}
    for numbers in (things, alikes):
        assert len({*numbers.values()}) == len(numbers)
    assert any(None in alike for alike in alikes)
    again = 0
    for one in indexed:
        figure = rows[one["place"]]
        assert one["thing"] == things[one["indicator"]]
        assert one["alike"] == alikes[tuple(one[name] for name in ALIKE)]
        assert one["again"] == things.get(figure["repeats"])
        again += one["again"] is not None
        assert one["leaf"] is (
            figure["role"] == "item" or (figure["role"] == "total" and not figure["totalOf"])
        )
    assert again == sum(one["repeats"] is not None for one in rows) > 0


def test_no_figures_have_an_index(release: Release, tmp_path: Path) -> None:
    empty = pyarrow.parquet.read_schema(FIGURES.at(release.path)).empty_table()
    pyarrow.parquet.write_table(empty, tmp_path / "none.parquet")
    write_figures_index(tmp_path / "none.parquet", tmp_path / "index.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "index.parquet").to_pylist() == []


def test_a_release_has_it_and_does_not_publish_it(release: Release, tmp_path: Path) -> None:
    index = FIGURES_INDEX.at(release.path)
    write_figures_index(FIGURES.at(release.path), tmp_path / "again.parquet")
    assert index.read_bytes() == (tmp_path / "again.parquet").read_bytes()
    assert FIGURES_INDEX.path not in release.files
