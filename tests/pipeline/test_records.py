"""The one way to get records takes out what may not be published, and every user of it goes that way."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import ROOT, mappe
from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.errors import InputError
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records_file import file_name, to_json
from mappe_servizi.model.service_map import Figure, ServiceMap
from mappe_servizi.pipeline.records import Records, read_records
from mappe_servizi.reading.disclosure import SUPPRESSED_RAW
from mappe_servizi.reading.reader import read_document, read_printed
from mappe_servizi.reading.redaction import REDACTED_NAME
from mappe_servizi.releases import Release
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize.providers_page import page
from synthetic import built, synthesized

KNOWLEDGE = ROOT / "data" / "knowledge"
PERSON, PRINTED = "Pierluigi Sforza", "SFORZA PIERLUIGI"
PROVIDER = "Agropolis Coop. Sociale Onlus"
COLUMNS = ("kind", "service", "table", "label", "year", "reason", "decided")
NAME = ("name", "", "", PERSON, "", "request", "2026-11-28")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def town(data: Path) -> Path:
    return data / "municipalities" / "c_d150"


def edition(data: Path) -> Path:
    return town(data) / "editions" / "2020"


def read(data: Path, settings: Settings) -> Records:
    [records] = read_records(town(data), settings)
    return records


def of(data: Path, **changed: object) -> Settings:
    return replace(Settings(), data=data, **changed)  # type: ignore[arg-type]


def redact(data: Path, *rows: tuple[str, ...]) -> None:
    with (town(data) / "redactions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


def use_records(data: Path, settings: Settings) -> bytes:
    """Let the municipality's document be the records that were read from it."""
    records = to_json(read(data, settings).printed)
    (edition(data) / "x.json").write_bytes(records)
    (edition(data) / "document.txt").unlink()
    toml = edition(data) / "edition.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('file = "document.txt"', 'file = "x.json"'), encoding="utf-8")
    return records


def slug_of(sheet: ServiceMap) -> str:
    document = read_document(ROOT / "data" / "municipalities" / "c_d150" / "editions" / "2020", KNOWLEDGE)
    registry = Registry.load(document.municipality.folder / "identifiers.csv")
    return Names.of(document, registry).service(sheet.number)


def noted(data: Path) -> tuple[ServiceMap, str, str, Figure]:
    """A figure whose note tells something, which synthetic data keep as it is."""
    document = read_document(edition(data), ROOT / "data" / "knowledge")
    return next(
        (m, i.table, i.label.printed, f)
        for m in document.maps
        for i in m.indicators
        for f in i.figures
        if f.note and len(f.note) > 20
    )


def figure_row(data: Path) -> tuple[tuple[str, ...], str]:
    sheet, table, label, figure = noted(data)
    assert figure.note
    return ("figure", slug_of(sheet), table, label, str(figure.year), "error", "2026-11-28"), figure.note


def test_records_say_nothing_of_what_is_redacted(data: Path) -> None:
    row, note = figure_row(data)
    before = to_json(read(data, of(data)).printed).decode()
    assert "SFORZA" in before
    count = before.count(note)
    assert count
    redact(data, NAME, row)
    records = read(data, of(data))
    written = to_json(records.printed).decode()
    assert "sforza" not in written.lower()
    assert REDACTED_NAME in written
    assert written.count(note) < count
    assert "sforza" not in repr(records.document).lower()


def test_what_is_open_about_a_name_is_not_told_once_it_is_gone(data: Path) -> None:
    people = town(data) / "people.csv"
    kept = [
        line for line in people.read_text(encoding="utf-8").splitlines(True) if "SFORZA" not in line.upper()
    ]
    people.write_text("".join(kept), encoding="utf-8")
    document = read(data, of(data)).document
    before = open_decisions(document)
    assert [one for one in before if PRINTED in one.printed]
    names = {m.responsible.name.value for m in document.maps}
    redact(data, *((*NAME[:3], name, *NAME[4:]) for name in names if "sforza" in name.lower()))
    document = read(data, of(data)).document
    assert "sforza" not in repr((document, open_decisions(document))).lower()
    assert len(open_decisions(document)) < len(before)


def test_a_name_goes_wherever_the_map_prints_it(data: Path) -> None:
    document = edition(data) / "document.txt"
    text = document.read_text(encoding="utf-8")
    assert text.count(PROVIDER) == 1
    document.write_text(text.replace(PROVIDER, f"{PRINTED} Coop. Sociale Onlus"), encoding="utf-8")
    assert "sforza" in page(of(data)).lower()  # else this test would show nothing
    redact(data, NAME)
    assert "sforza" not in page(of(data)).lower()
    assert "sforza" not in to_json(read(data, of(data)).printed).decode().lower()


@pytest.mark.parametrize("printed", ["Anna Brambilla", "BRAMBILLA ANNA", "Anna\n\tBrambilla"])
@pytest.mark.parametrize("service", ["", "asili-nido"])
def test_a_name_goes_that_only_a_text_has(data: Path, printed: str, service: str) -> None:
    """Of somebody who holds no office: a user, a volunteer, a member of staff."""
    document = edition(data) / "document.txt"
    text = document.read_text(encoding="utf-8")
    assert (
        text.count("Le educatrici contribuiscono") == 2
    )  # of two services, and the first is the one asked for
    document.write_text(text.replace("Le educatrici", f"Le educatrici come {printed}", 1), encoding="utf-8")
    said = " ".join(printed.lower().split())
    assert said in repr(read(data, of(data)).document).lower()
    redact(data, ("name", service, "", "Anna Brambilla", "", "request", "2026-11-28"))
    records = read(data, of(data))
    for one in (repr(records.document), to_json(records.printed).decode()):
        assert "brambilla" not in one.lower()
        assert REDACTED_NAME in one


@pytest.mark.parametrize("printed", ["anna.brambilla@example.it", "+39 333 1234567", "(0372) 407.111"])
def test_an_address_or_a_number_goes_as_a_name_does(data: Path, printed: str) -> None:
    document = edition(data) / "document.txt"
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("Le educatrici", f"Le educatrici ({printed})", 1), encoding="utf-8")
    redact(data, ("name", "", "", printed, "", "request", "2026-11-28"))
    records = read(data, of(data))
    for one in (repr(records.document), to_json(records.printed).decode()):
        assert printed not in one
        assert REDACTED_NAME in one


def test_a_correction_does_not_quote_a_figure_that_is_gone(data: Path) -> None:
    document = read_document(edition(data), ROOT / "data" / "knowledge")
    sheet, indicator, figure = next(
        (m, i, f) for m in document.maps for i in m.indicators for f in i.figures if f.corrections
    )
    redact(
        data,
        (
            "figure", slug_of(sheet), indicator.table, indicator.label.printed, str(figure.year),
            "error", "2026-11-28",
        ),
    )  # fmt: skip
    records = read(data, of(data)).document
    told = [c for c in records.corrections if c.id in figure.corrections]
    assert told
    assert {(c.printed, c.reads, c.reason, c.evidence) for c in told} == {(SUPPRESSED_RAW,) * 4}


def test_synthetic_data_keep_nothing_of_what_is_redacted(data: Path, tmp_path: Path) -> None:
    row, note = figure_row(data)
    redact(data, row)
    link = built(synthesized(tmp_path / "synthetic", 1, "--data", str(data)))
    with (link / "csv" / "observations.csv").open(encoding="utf-8", newline="") as file:
        number = str(noted(data)[0].number)
        rows = [r for r in csv.DictReader(file) if (r["number"], r["year"]) == (number, row[4])]
    assert rows
    assert note not in {r["note"] for r in rows}
    assert "suppressed" in {r["status"] for r in rows}


def test_suppressed_counts_are_in_no_file_of_records(data: Path) -> None:
    shown = read(data, of(data)).document
    hidden = read(data, of(data, suppress_small_counts=True)).printed
    small = {
        (m.number, i.table, i.position, f.year)
        for m in shown.maps
        for i in m.indicators
        for f in i.figures
        if f.small
    }
    assert small
    figures = {
        (m.number, i.table, i.position, f.year): f
        for m in hidden.maps
        for i in m.indicators
        for f in i.figures
    }
    assert {figures[key].status for key in small} == {"suppressed"}
    assert {figures[key].value for key in small} == {None}


def test_the_file_holds_no_curated_reading(data: Path) -> None:
    """A unit is what the document prints, whatever a reviewer says of it."""
    printed = read_printed(edition(data), ROOT / "data" / "knowledge")
    assert to_json(read(data, of(data)).printed) == to_json(printed)


@pytest.mark.parametrize("suppress", [False, True])
def test_a_records_file_is_a_document_and_is_protected_again(data: Path, suppress: bool) -> None:
    settings = of(data, suppress_small_counts=suppress)
    row, _ = figure_row(data)
    redact(data, NAME, row)
    before = read(data, settings)
    written = use_records(data, settings)
    after = read(data, settings)
    assert to_json(after.printed) == written
    assert after.document.maps == before.document.maps
    assert after.document.corrections == before.document.corrections
    assert after.document.lines == before.document.lines
    redact(data, NAME, row, ("name", "", "", "Nobody Here", "", "request", "2026-11-28"))
    with pytest.raises(InputError, match=r"redactions\.csv:4: this redaction finds nothing"):
        read(data, settings)


def test_a_build_from_records_is_the_build_from_the_document(
    data: Path, release: Release, tmp_path: Path
) -> None:
    """But for what tells of edition.toml, which names the file: its checksum."""
    use_records(data, of(data))
    text, records = release.path, tmp_path / "records"
    done = mappe("build", "--data", data, "--output", records)
    assert done.returncode == 0, done.stderr
    name = file_name("c_d150", 2020)
    assert (text / name).read_bytes() == (records / name).read_bytes()
    old, new = (
        set((link / "dump" / "mappe-servizi.nq").read_text().splitlines()) for link in (text, records)
    )
    checksum = "data/distribution/c_d150/2020/edition#sha256>"
    own = [line for line in old ^ new if "/graph/catalogue> ." not in line]
    assert len(own) == 2
    assert all(checksum in line and "checksumValue" in line for line in own)
    # The catalogue tells the size and checksum of the file that has this checksum in it.
    for line in (old ^ new) - set(own):
        assert "checksumValue" in line or "byteSize" in line, line
        assert "provenance" in line, line
    for path in sorted((text / "csv").iterdir()):
        assert path.read_bytes() == (records / "csv" / path.name).read_bytes(), path.name
