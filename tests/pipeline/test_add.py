"""A municipality from the document that it has: `mappe init`, `add`, `check`, `build`, and what it gives."""

import csv
import html
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import httpx
import pytest

from helpers import mappe
from mappe_servizi.sources.kinds import read_source
from reading.printers import PRINTERS
from reading.site_pages import CARTA, NIDO, plone, wordpress
from served import serve
from six_sheets import CELLS, IPA, ISTAT, NAME, SHEETS, text

BASE = "https://dati.castelverde.example.it/mappe/"


def instance(place: Path) -> Path:
    done = mappe("init", place, "--base-uri", BASE)
    assert done.returncode == 0, done.stderr
    with (place / "mappe.toml").open("a", encoding="utf-8") as file:
        file.write(f'publisher-name = "{NAME}"\npublisher-identifier = "{IPA}"\n')
    return place


def table(place: Path, name: str) -> list[dict[str, str]]:
    with (place / "build" / "current" / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(place: Path) -> dict[str, bytes]:
    data = place / "data"
    return {str(p.relative_to(data)): p.read_bytes() for p in sorted(data.rglob("*")) if p.is_file()}


def write(place: Path, form: str) -> Path:
    """The six sheets as a document of a form."""
    path = place / f"Mappe dei servizi.{form}"
    if form in PRINTERS:
        path.write_bytes(PRINTERS[form](read_source(text().encode(), Path("document.txt")).rows))
    else:
        path.write_text(text(), encoding="utf-8")
    return path


TOWNS = {
    "txt": IPA, "html": "c_d142", "docx": "c_a246", "odt": "c_h335", "ods": "c_a245", "xlsx": "c_h334",
    "pdf": "c_l219",
}  # fmt: skip
"""A municipality for every form that its document has."""
SITE = "c_c153"
"""And one of whose site the services' pages were saved."""


def saved_site(folder: Path) -> Path:
    """The pages of two services, and two that are none, as a person saves them."""
    pages = {
        "index.html": "<!doctype html><html><body><h1>Benvenuti</h1></body></html>",
        "servizi/nido.html": wordpress(NIDO),
        "servizi/carta.html": plone(CARTA),
        "servizi/bozza.html": wordpress({**NIDO, "title": "Lorem ipsum"}),
    }
    for name, page in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with a municipality for each form, built as they were added."""
    place = instance(tmp_path_factory.mktemp("add") / "towns")
    for form, ipa in TOWNS.items():
        added = mappe("add", ipa, write(place, form), cwd=place)
        assert added.returncode == 0, added.stdout + added.stderr
    added = mappe("add", SITE, saved_site(place / "sito"), "--edition", "2023", cwd=place)
    assert added.returncode == 0, added.stdout + added.stderr
    built = mappe("build", cwd=place)
    assert built.returncode == 0, built.stderr
    assert "decisions are open" in built.stderr
    assert "Say what the indicator counts (indicators.csv)." in built.stderr
    return place


@pytest.fixture(scope="module")
def observations(place: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in table(place, "observations"):
        found.setdefault(row["municipality"], []).append(row)
    return found


def test_there_is_a_town_for_every_form() -> None:
    assert {"txt", *PRINTERS} == set(TOWNS)


@pytest.mark.parametrize("form", TOWNS)
def test_every_figure_of_every_form_is_there(
    observations: dict[str, list[dict[str, str]]], form: str
) -> None:
    found, plain = observations[TOWNS[form]], observations[IPA]
    columns = ("number", "table", "label", "year", "raw", "value", "unit", "status")
    assert len(found) == CELLS
    assert [[row[c] for c in columns] for row in found] == [[row[c] for c in columns] for row in plain]


def test_the_figures_are_those_of_the_sheets(observations: dict[str, list[dict[str, str]]]) -> None:
    found = {(r["number"], r["label"], r["year"]): r for r in observations[IPA]}
    for number, sheet in enumerate(SHEETS, start=1):
        for label, cells in (*sheet.outputs, *sheet.users):
            for year, cell in zip((2021, 2022, 2023), cells, strict=True):
                assert found[str(number), label, str(year)]["raw"] == cell
    assert found["2", "Certificati rilasciati", "2021"]["value"] == "1240"
    assert found["4", "Sanzioni riscosse in euro", "2022"]["value"] == "61120.5"
    assert found["3", "Prestiti", "2023"]["status"] == "open"
    assert found["1", "Bambini con disabilità", "2023"]["status"] == "missing"


def test_what_is_not_curated_violates_nothing(place: Path) -> None:
    done = mappe("validate", cwd=place)
    assert done.returncode == 0, done.stdout


def test_every_figure_is_on_its_page(place: Path) -> None:
    rows = [row for row in table(place, "services") if row["municipality"] == IPA]
    services = {row["number"]: row["service"].rsplit("/", 1)[-1] for row in rows}
    with serve("--release", place / "build" / "current") as server:
        for number, sheet in enumerate(SHEETS, start=1):
            path = f"/page/public-service/{IPA}/{services[str(number)]}"
            page = httpx.get(server.url + path).text
            seats = [
                row["name"] for row in drafts(place, "places") if row["service"] == services[str(number)]
            ]
            assert seats
            assert all(html.escape(seat) in page for seat in seats), (path, seats)
            for label, cells in (*sheet.outputs, *sheet.users):
                assert html.escape(label, quote=False).replace("'", "&#39;") in page, (path, label)
                for cell in filter(None, cells):
                    shown = html.escape(cell.removesuffix(",00").replace("61.120,50", "61.120,5"))
                    assert f">{shown}<" in page, (path, label, cell)
        open_ = f"/page/user-indicator/{IPA}/servizi-cimiteriali/famiglie"
        assert "da decidere" in httpx.get(server.url + open_).text
        compared = httpx.get(f"{server.url}/explore").text
        assert NAME.removeprefix("Comune di ") in compared


def test_a_town_known_by_its_site_stands_beside_the_others(place: Path) -> None:
    rows = [row for row in table(place, "services") if row["municipality"] == SITE]
    assert [(row["title"], row["responsible"]) for row in rows] == [
        (CARTA["title"], ""), (NIDO["title"], ""),
    ]  # fmt: skip
    anchors = {row["name"]: row["source"] for row in table(place, "segments") if row["municipality"] == SITE}
    assert anchors["genitori che lavorano nel Comune"] == (
        "file=servizi/nido.html&element=service-addressed&item=3"
    )
    channels = {row["url"]: row["name"] for row in table(place, "channels") if row["municipality"] == SITE}
    assert set(channels) == {str(NIDO["online"]), str(CARTA["online"])}
    asked = """PREFIX cv: <http://data.europa.eu/m8g/> PREFIX cpsv: <http://purl.org/vocab/cpsv#>
      PREFIX dct: <http://purl.org/dc/terms/> PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
      SELECT ?title ?how ?said ?kind ?status WHERE { VALUES ?how { cv:hasCost cpsv:hasInput cpsv:follows }
        ?s dct:title ?title ; ?how ?c . ?c dct:description ?said OPTIONAL { ?c mds:costKind ?kind }
        OPTIONAL { ?c mds:curationStatus ?status } }"""
    (place / "asked.rq").write_text(asked, encoding="utf-8")
    done = mappe("query", "asked.rq", "--format", "csv", cwd=place)
    assert done.returncode == 0, done.stderr
    said = {(row["title"], row["said"]): row for row in csv.DictReader(done.stdout.splitlines())}
    assert len(said) == 8
    rows = {
        (row["title"], row["description"] or row["name"]): row["kind"]
        for row in table(place, "conditions")
        if row["municipality"] == SITE
    }
    assert {key for key, kind in rows.items() if kind in {"cost", "evidence", "procedure"}} == set(said)
    assert rows[str(CARTA["title"]), str(CARTA["cost"])] == "cost"
    free = said[str(CARTA["title"]), str(CARTA["cost"])]  # read by rule, and says so
    assert (free["kind"].rsplit("/", 1)[-1], free["status"].rsplit("/", 1)[-1]) == ("free", "proposed")
    assert said[str(NIDO["title"]), str(NIDO["cost"])]["kind"] == ""
    with serve("--release", place / "build" / "current") as server:
        page = httpx.get(f"{server.url}/page/public-service/{SITE}/iscrizione-all-asilo-nido").text
        for shown in ("Cosa serve", "attestazione ISEE", "Quanto costa", "450,00", "pagina del sito"):
            assert shown in page
        assert 'id="howmuch"' not in page
        hits = httpx.get(f"{server.url}/search", params={"q": "nido"}).text
        assert str(NIDO["title"]) in hits
        assert "Asilo nido comunale" in hits


def test_who_it_is_comes_from_the_list_of_municipalities(place: Path) -> None:
    folder = place / "data" / "municipalities" / IPA
    toml = (folder / "municipality.toml").read_text(encoding="utf-8")
    for said in (f'istat = "{ISTAT}"', f'name = "{NAME}"', 'province = "019"', 'region = "03"', "Assumed"):
        assert said in toml
    assert f"{ISTAT}-(1948-01-01)" in toml
    assert (folder / "editions" / "2023" / "document.txt").read_text(encoding="utf-8") == text()


def copied(place: Path, target: Path) -> Path:
    """The instance with one of its municipalities, not built."""
    target.mkdir()
    shutil.copy(place / "mappe.toml", target)
    folder = Path("data") / "municipalities" / IPA
    shutil.copytree(place / folder, target / folder)
    return target


def test_asked_again_it_changes_nothing(place: Path) -> None:
    before = contents(place)
    again = mappe("add", TOWNS["docx"], place / "Mappe dei servizi.docx", cwd=place)
    assert again.returncode == 0
    assert "it has this document already" in again.stdout
    assert contents(place) == before


def test_a_second_edition_stands_beside_the_first(place: Path, tmp_path: Path) -> None:
    place = copied(place, tmp_path / "two")
    before = contents(place)
    newer = place / "nuove.txt"
    newer.write_text(text([2022, 2023, 2024]), encoding="utf-8")
    added = mappe("add", IPA, newer, cwd=place)
    assert added.returncode == 0, added.stderr
    after = contents(place)
    slugs = f"municipalities/{IPA}/identifiers.csv"
    assert {name: data for name, data in before.items() if name != slugs} == {
        name: after[name] for name in before if name != slugs
    }
    assert after[slugs].startswith(before[slugs])
    assert mappe("build", cwd=place).returncode == 0
    assert mappe("validate", cwd=place).returncode == 0
    editions = Counter(row["edition"] for row in table(place, "observations"))
    assert editions == {"2023": CELLS, "2024": CELLS}


def test_the_edition_that_is_named_goes_before_the_last_year(tmp_path: Path) -> None:
    place = instance(tmp_path / "i")
    assert mappe("add", IPA, write(place, "txt"), "--edition", "2024", cwd=place).returncode == 0
    assert (place / "data" / "municipalities" / IPA / "editions" / "2024" / "edition.toml").exists()


def test_a_day_in_a_text_is_no_edition(tmp_path: Path) -> None:
    place = instance(tmp_path / "i")
    (place / "d.txt").write_text(text().replace("Prestito di libri", "31/12/97"), encoding="utf-8")
    added = mappe("add", IPA, "d.txt", cwd=place)
    assert added.returncode == 0, added.stdout
    assert "edition 2023:" in added.stdout


def test_another_document_of_an_edition_asks(place: Path, tmp_path: Path) -> None:
    place = copied(place, tmp_path / "other")
    before = contents(place)
    other = place / "corretto.txt"
    other.write_text(text().replace("1.240", "1.241"), encoding="utf-8")
    refused = mappe("add", IPA, other, cwd=place)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert contents(place) == before
    assert mappe("add", IPA, other, "--replace", cwd=place).returncode == 0
    document = place / "data" / "municipalities" / IPA / "editions" / "2023" / "document.txt"
    assert "1.241" in document.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ipa", "said"),
    [
        ("c_zzzz", "no municipality of ISTAT's list"),
        ("Castelverde", "Castelverde (Cremona) has c_b129"),
        ("c_b130x", "did you mean"),
    ],
)
def test_a_town_that_there_is_not(tmp_path: Path, ipa: str, said: str) -> None:
    place = instance(tmp_path / "i")
    before = contents(place)
    refused = mappe("add", ipa, write(place, "txt"), cwd=place)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert contents(place) == before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.docx", b"PK\x03\x04 no zip", "a.docx"),
        ("a.txt", b"Nessuna cifra qui.\n", "--edition"),
        ("a.json", b"[1, 2", "not JSON"),
        ("a.xyz", b"\x00\x01\x02", "no kind of document"),
    ],
)
def test_what_is_no_document_writes_nothing(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    place = instance(tmp_path / "i")
    (place / name).write_bytes(data)
    before = contents(place)
    refused = mappe("add", IPA, place / name, cwd=place)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert contents(place) == before


def test_the_records_of_a_build_are_a_document_too(place: Path, tmp_path: Path) -> None:
    records = place / "build" / "current" / "records" / f"{TOWNS['docx']}-2023.json"
    assert json.loads(records.read_bytes())["edition"] == 2023
    other = instance(tmp_path / "i")
    added = mappe("add", TOWNS["docx"], records, cwd=other)
    assert added.returncode == 0, added.stderr
    assert mappe("build", cwd=other).returncode == 0
    original = [row for row in table(place, "observations") if row["municipality"] == TOWNS["docx"]]
    assert [(r["label"], r["year"], r["value"]) for r in table(other, "observations")] == [
        (r["label"], r["year"], r["value"]) for r in original
    ]


def drafts(place: Path, name: str) -> list[dict[str, str]]:
    path = place / "data" / "municipalities" / IPA / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_names_mean_is_proposed(place: Path) -> None:
    """Each row with its rule and how sure it is; the sure ones are values, the others questions."""
    counted = {row["indicator"]: row for row in drafts(place, "indicators")}
    assert counted["certificati-rilasciati"]["counted"] == "certificates"
    assert counted["bambini-iscritti"]["counted"] == "children"
    assert counted["sanzioni-riscosse-in-euro"]["counted"] == "money"
    concepts = {row["service"]: row["concept"] for row in drafts(place, "service-concepts")}
    assert concepts["biblioteca"] == "libraries"
    assert concepts["asilo-nido-comunale"] == "nursery"
    english = {row["service"]: row["title_en"] for row in drafts(place, "service-names")}
    assert english == {"biblioteca": "Libraries"}
    audiences = {row["segment"]: row["audiences"] for row in drafts(place, "audiences")}
    assert audiences["bambini"] == "children-0-3"
    people = {row["printed"]: (row["given"], row["family"]) for row in drafts(place, "people")}
    assert people["Rossi Giovanni"] == ("Giovanni", "Rossi")
    assert people["Dott.ssa Maria Bianchi"] == ("Maria", "Bianchi")
    seats = {(row["kind"], row["name"]): row["address"] for row in drafts(place, "places")}
    assert seats["place", "Biblioteca comunale"] == "Via Verdi, 3"
    assert seats["place", "Piazza del Comune, 1"] == "Piazza del Comune, 1"
    assert ("office", "Sportello anagrafe") in seats
    assert not any("Girotondo" in name and name.startswith("Cooperativa") for _, name in seats)
    for name in ("indicators", "service-concepts", "audiences", "people", "services", "places"):
        for row in drafts(place, name):
            assert row["curation"] == "proposed"
            assert row["method"]
            assert 0 < float(row["probability"]) <= 1
    with (place / "data/municipalities" / IPA / "editions/2023/mentions.csv").open(encoding="utf-8") as file:
        [mention] = csv.DictReader(file)
    assert (mention["number"], mention["printed"]) == ("1", "Cooperativa sociale Il Girotondo")
    stated = {r["indicator"].rsplit("/", 1)[-1]: r["counted"] for r in table(place, "indicators")
              if r["municipality"] == IPA}  # fmt: skip
    for slug, row in counted.items():
        sure = float(row["probability"]) >= 0.9
        assert stated[slug] == (row["counted"] if sure else ""), slug


def test_a_person_s_row_stays_and_a_question_that_is_answered_holds(place: Path, tmp_path: Path) -> None:
    place = copied(place, tmp_path / "i")
    path = place / "data" / "municipalities" / IPA / "service-concepts.csv"
    rows = drafts(place, "service-concepts")
    rows[0] |= {"concept": "preschool", "curation": "reviewed", "reviewer": "a", "decided": "2026-11-28"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    before = path.read_bytes()
    again = mappe("add", IPA, place / "data/municipalities" / IPA / "editions/2023/document.txt", cwd=place)
    assert again.returncode == 0, again.stdout + again.stderr
    assert path.read_bytes() == before
    checked = mappe("check", IPA, cwd=place)
    assert checked.returncode == 0, checked.stderr
    held = sum(float(row["probability"]) >= 0.9 for row in drafts(place, "indicators"))
    assert held > 9
    assert f"indicators.csv: {held} proposals hold" in checked.stdout
    asked = re.search(rf"`mappe review {IPA}` asks (\d+) questions about (\d+) rows", checked.stdout)
    assert asked is not None
    assert 0 < int(asked[1]) < int(asked[2])


def test_a_row_that_only_moves_the_problem_is_no_mending(tmp_path: Path) -> None:
    """A table that is printed again with other figures: leaving out row after row would lose them all."""
    place = instance(tmp_path / "i")
    table_ = "Tipologia\tQuantità\t\t\n\t31/12/2021\t31/12/2022\t31/12/2023\n"
    rows = "Sepolture\t48\t51\t45\nLoculi concessi\t22\t19\t25\n"
    assert table_ + rows in text()
    again = table_ + rows.replace("48", "84").replace("22", "33")
    (place / "d.txt").write_text(text().replace(table_ + rows, table_ + rows + again), encoding="utf-8")
    refused = mappe("add", IPA, "d.txt", cwd=place)
    assert refused.returncode == 1
    assert "1 problem keeps it" in refused.stdout
    assert "printed again with other figures" in refused.stdout
    assert "would be mended" not in refused.stdout


def damaged() -> str:
    """The sheets with four faults, of which the reader meets one after another."""
    found, last = text(), "6. Assistenza domiciliare agli anziani\n"
    for right, wrong in (
        (last, f"{last}7. Scuolabus\n"),
        ("RESPONSABILE Comm. Luca Verdi\n", ""),
        ("Prestiti\t8.450\t9.120\t> 9.500", "Prestiti\t8.450\t9.120\t> 9.500\t11\t12"),
        ("Segmenti di utenza\tSegmenti di utenza\tDescrizione\n\tAnziani", "\tAnziani"),
        ("Criteri di segmentazione adottati\tCriterio\n\tResidenza\n\tEtà\n\n\tAnziani",
         "Segmenti di utenza\tSegmenti di utenza\tDescrizione\n"
         "Criteri di segmentazione adottati\tCriterio\n\tResidenza\n\tEtà\n\n\tAnziani"),
    ):  # fmt: skip
        assert found.count(right) == 1
        found = found.replace(right, wrong)
    return found


def test_all_that_keeps_a_document_from_being_read_is_told_with_what_mends_it(tmp_path: Path) -> None:
    place = instance(tmp_path / "i")
    (place / "d.txt").write_text(damaged(), encoding="utf-8")
    refused = mappe("add", IPA, "d.txt", cwd=place)
    assert refused.returncode == 1
    assert "4 problems" in refused.stdout
    faults = (
        (177, "names no responsible"), (145, "stands under no year"), (11, "no sheet for"),
        (310, "one text expected"),
    )  # fmt: skip
    for line, said in faults:
        assert re.search(rf"document\.txt:{line}: .*{said}", refused.stdout)
    before = contents(place)
    assert mappe("add", IPA, "d.txt", cwd=place).returncode == 1
    assert contents(place) == before
    path = place / "data" / "municipalities" / IPA / "editions" / "2023" / "corrections.csv"
    rows = path.read_text(encoding="utf-8")
    assert rows.count(",proposed,") == 4
    path.write_text(rows.replace(",proposed,", ",reviewed,"), encoding="utf-8")
    mended = mappe("add", IPA, "d.txt", cwd=place)
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "6 sheets of 7 services" in mended.stdout
    assert "Anziani non autosufficienti" in {row["name"] for row in drafts(place, "audiences")}


def test_a_document_that_is_mended_takes_the_place_of_one_that_could_not_be_read(tmp_path: Path) -> None:
    place = instance(tmp_path / "i")
    (place / "d.txt").write_text(damaged(), encoding="utf-8")
    assert mappe("add", IPA, "d.txt", cwd=place).returncode == 1
    (place / "d.txt").write_text(text(), encoding="utf-8")
    mended = mappe("add", IPA, "d.txt", "--replace", cwd=place)
    assert mended.returncode == 0, mended.stdout + mended.stderr
