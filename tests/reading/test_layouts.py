"""The reader is a grammar of the form: the same records come from every way of printing it."""

from __future__ import annotations

import contextlib
import html
import re
import shutil
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap, Text
from mappe_servizi.reading.reader import read_document

from .conftest import CREMONA, FORM, TOWN
from .render import Layout, Sheet, document

letters = "abcdefghilmnopqrstuvzàèéìòùABCDEFGHILMNOPQRSTUVZ'’()€%>&|/.,:;- 0123456789"
starts = st.sampled_from(["Bambini", "ALUNNI", "ISEE<25.000€", "Città", "l'ufficio", "«gite»"])
texts = st.builds("{} {}".format, starts, st.text(letters, max_size=30)).map(lambda t: " ".join(t.split()))
optional = st.one_of(st.just(""), texts)
pairs = st.lists(st.tuples(texts, optional), min_size=1, max_size=5)
full_pairs = st.lists(st.tuples(texts, texts), min_size=1, max_size=5)
cells = st.one_of(
    st.just(""),
    st.integers(0, 10**7).map(str),
    st.sampled_from(["12.085", "154,875", "100%", "n.d.", "tutti"]),
)
rows = st.lists(st.tuples(texts, st.lists(cells, min_size=3, max_size=3).filter(any)), min_size=1, max_size=5)
sheets = st.builds(
    Sheet,
    name=st.sampled_from(["ASILI NIDO", "VERDE PUBBLICO", "ANAGRAFE"]),
    official=st.just("SECCHI TANIA"),
    central=pairs, accessory=pairs, outputs=rows, users=rows,
    criteria=st.lists(texts, min_size=1, max_size=4),
    segments=full_pairs,
    management=st.dictionaries(st.sampled_from(["diretta", "esternalizzata", "mista"]), st.just("X")),
    personnel=st.integers(0, 99).map(str),
    coproduction=pairs, structures=pairs,
)  # fmt: skip
layouts = st.builds(
    Layout,
    markup=st.sampled_from(["tabs", "pipes", "html"]),
    heading=st.integers(0, 2),
    label_column=st.booleans(),
    vertical_segments=st.booleans(),
    page_break_every=st.sampled_from([0, 2, 3]),
    dashes=st.booleans(),
    emphasis=st.booleans(),
)


def municipality(directory: Path, text: bytes) -> Path:
    """The folder of a municipality's edition with this document and no corrections."""
    edition = directory / "editions" / "2020"
    edition.mkdir(parents=True, exist_ok=True)
    for name in ("municipality.toml", "people.csv"):
        (directory / name).write_bytes((TOWN / name).read_bytes())
    (edition / "edition.toml").write_bytes((CREMONA / "edition.toml").read_bytes())
    (edition / "document.txt").write_bytes(text)
    return edition


def as_sheet(sheet: ServiceMap, years: list[int]) -> Sheet:
    def text(value: Text | None) -> str:
        return value.value if value else ""

    def figures(table: str) -> list[tuple[str, list[str]]]:
        found = []
        for i in (i for i in sheet.indicators if i.table == table):
            by_year = {f.year: f.raw for f in i.figures}
            found.append((i.label.value, [by_year.get(year, "") for year in years]))
        return found

    return Sheet(
        name=sheet.heading.value,
        official=sheet.responsible.name.printed,
        central=[(e.name.value, text(e.description)) for e in sheet.elements if e.kind == "central"],
        accessory=[(e.name.value, text(e.description)) for e in sheet.elements if e.kind == "accessory"],
        outputs=figures("outputs"),
        users=figures("users"),
        criteria=[c.text.value for c in sheet.criteria],
        segments=[(s.name.value, text(s.description)) for s in sheet.segments],
        management={m.form: "X" for m in sheet.management},
        personnel=text(sheet.personnel.text if sheet.personnel else None),
        coproduction=[(c.segment.value, text(c.role)) for c in sheet.coproduction],
        structures=[(s.name.value, text(s.note)) for s in sheet.structures],
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheet=sheets, layout=layouts)
def test_a_sheet_reads_back_from_every_layout(
    tmp_path_factory: pytest.TempPathFactory, sheet: Sheet, layout: Layout
) -> None:
    directory = tmp_path_factory.mktemp("layout")
    read = read_document(municipality(directory, document([sheet], layout).encode()), FORM)
    assert as_sheet(read.maps[0], layout.years) == sheet


# The real document, printed in other ways.


def without_lines(value: Any) -> Any:
    """A record as plain data, without the lines."""
    if is_dataclass(value):
        return {f.name: without_lines(getattr(value, f.name)) for f in fields(value) if f.name != "lines"}
    if isinstance(value, tuple):
        return [without_lines(item) for item in value]
    return value


def same_records(a: Document, b: Document) -> None:
    assert [without_lines(m) for m in a.maps] == [without_lines(m) for m in b.maps]
    assert without_lines(a.entries) == without_lines(b.entries)


def reprint(directory: Path, change: Callable[[list[str]], list[str]], encoding: str = "utf-8") -> Document:
    """Cremona's document with its lines changed, and all that is curated for it."""
    shutil.copytree(TOWN, directory, dirs_exist_ok=True)
    edition = directory / "editions" / "2020"
    lines = (CREMONA / "document.txt").read_text(encoding="utf-8").split("\n")
    (edition / "document.txt").write_bytes("\n".join(change(lines)).encode(encoding))
    return read_document(edition, FORM)


def is_row(line: str) -> bool:
    return "\t" in line and "<table" not in line


def to_pipes(line: str) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in line.split("\t")) + " |" if is_row(line) else line


def to_html(line: str) -> str:
    if not is_row(line):
        return line
    escaped = (
        re.sub(
            r"<(?!/?(?:p|ul|i|u)\b)",
            "&lt;",
            html.escape(c, quote=False).replace("&lt;", "<").replace("&gt;", ">"),
        )
        for c in line.split("\t")
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in escaped) + "</tr>"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda lines: [line + "\r" for line in lines], id="CRLF"),
        pytest.param(lambda lines: ["\ufeff" + lines[0], *lines[1:]], id="byte-order mark"),
        pytest.param(
            lambda lines: [part for line in lines for part in (line, "")], id="blank lines everywhere"
        ),
        pytest.param(lambda lines: [line for line in lines if line.strip()], id="no blank lines"),
        pytest.param(lambda lines: ["\f" + line for line in lines], id="form feeds"),
        pytest.param(lambda lines: [line + "\t\t" if line else line for line in lines], id="padded rows"),
        pytest.param(lambda lines: [to_pipes(line) for line in lines], id="Markdown pipes"),
        pytest.param(lambda lines: [to_html(line) for line in lines], id="HTML rows"),
    ],
)
def test_the_document_printed_in_another_way(
    tmp_path: Path, cremona: Document, change: Callable[[list[str]], list[str]]
) -> None:
    same_records(reprint(tmp_path, change), cremona)


def test_windows_1252(tmp_path: Path, cremona: Document) -> None:
    same_records(reprint(tmp_path, lambda lines: lines, "cp1252"), cremona)


def test_other_years(tmp_path: Path, cremona: Document) -> None:
    later = reprint(
        tmp_path, lambda lines: [re.sub(r"31/12/20(18|19|20)\b", _three_years_on, x) for x in lines]
    )
    assert later.years == (2021, 2022, 2023)
    assert sum(len(i.figures) for m in later.maps for i in m.indicators) == 1968


def _three_years_on(match: re.Match[str]) -> str:
    return f"31/12/20{int(match[1]) + 3}"


def test_an_extra_year(tmp_path: Path, cremona: Document) -> None:
    def widen(lines: list[str]) -> list[str]:
        wider = []
        for line in lines:
            cells = line.split("\t")
            figures = len(cells) == 4 and re.fullmatch(r"[\d.]+", cells[3])
            more = "\t31/12/2021" if line.endswith("31/12/2020") else "\t7" if figures else ""
            wider.append(line + more)
        return wider

    wider = reprint(tmp_path, widen)
    assert wider.years == (2018, 2019, 2020, 2021)
    sevens = [f for m in wider.maps for i in m.indicators for f in i.figures if f.year == 2021]
    assert len(sevens) > 500
    assert {f.value for f in sevens} == {7}


# What cannot be placed stops the reading, with file, line and reason.


def fails(directory: Path, change: Callable[[list[str]], list[str]]) -> str:
    with pytest.raises(MappeError) as caught:
        reprint(directory, change)
    return str(caught.value)


def test_a_map_cut_in_half(tmp_path: Path) -> None:
    message = fails(tmp_path, lambda lines: lines[:5220])
    assert "lacks the sections" in message
    assert "structures" in message


def test_a_line_that_belongs_nowhere(tmp_path: Path) -> None:
    message = fails(tmp_path, lambda lines: [*lines[:148], "Testo\tche nessuno\taspetta", *lines[148:]])
    assert "document.txt:149" in message


def test_what_is_wrong_in_several_sections_of_a_sheet_is_told_together(tmp_path: Path) -> None:
    """One thing of each: a cell too many of an element, a figure under no year, a form that there is not."""
    changes = {154: "\tuno\tdue", 168: "\t9", 200: "Ignota\tX"}

    def damage(lines: list[str]) -> list[str]:
        return [line + changes.get(number, "") for number, line in enumerate(lines, start=1)]

    told = fails(tmp_path, damage).splitlines()
    assert [line.partition("document.txt:")[2].partition(":")[0] for line in told] == ["154", "168", "200"]


def test_a_sheet_that_the_index_does_not_know(tmp_path: Path) -> None:
    message = fails(tmp_path, lambda lines: [x.replace("ASILI NIDO", "ZZYZX QWERTY") for x in lines])
    assert "ZZYZX QWERTY" in message


def test_a_correction_whose_anchor_is_gone(tmp_path: Path) -> None:
    message = fails(tmp_path, lambda lines: [x.replace("MINIORI", "MINORI") for x in lines])
    assert "c050" in message
    assert "corrections.csv" in message


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"solo testo\n", b"\x81\x8d\x8f"])
def test_no_document_at_all(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError):
        read_document(municipality(tmp_path, data), FORM)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_documents_fail_clearly_or_read(tmp_path: Path, data: st.DataObject) -> None:
    """Lines deleted, doubled or swapped: a clear error or a reading, never another exception."""
    lines = (CREMONA / "document.txt").read_text(encoding="utf-8").split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 2))
        action = data.draw(st.sampled_from(["delete", "double", "swap", "cut"]))
        if action == "delete":
            del lines[at : at + data.draw(st.integers(1, 40))]
        elif action == "double":
            lines.insert(at, lines[at])
        elif action == "swap":
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        else:
            lines[at] = lines[at][: len(lines[at]) // 2]
    with contextlib.suppress(MappeError):
        reprint(tmp_path, lambda _: lines)
