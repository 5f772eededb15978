"""The rules that look for what does not add up: they speak where a fault is seeded, and on Cremona."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from helpers import Tell
from mappe_servizi.checks.consistency import check_verdicts, find_all, load_verdicts, precision
from mappe_servizi.checks.consistency.texts import sign_of_cut
from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.records import Document

from .conftest import CREMONA
from .test_layouts import reprint


def keys(document: Document) -> set[tuple[str, int, str, str, int | None]]:
    return {finding.key for finding in find_all(document, {})}


def test_cremona_has_its_known_faults(cremona: Document) -> None:
    found = keys(cremona)
    assert ("total-of-parts", 34, "users", "Pubblico scolastico totale", 2019) in found
    assert ("total-of-parts", 69, "outputs", "Servizi logistici", 2018) in found
    assert ("given-twice", 56, "outputs", "n. avvisi pagamento TARI", 2020) in found
    assert ("given-in-two-maps", 60, "users", "Dirigenti", 2020) in found


def test_findings_name_figures_and_lines(cremona: Document) -> None:
    school = next(f for f in find_all(cremona, {}) if f.key[:2] == ("total-of-parts", 34) and f.year == 2018)
    assert (school.printed, school.expected) == ("21.029", "21.675")
    assert school.lines == (2850, 2851, 2852, 2854, 2855)
    assert "21.675" in school.message_it
    assert "21,675" in school.message_en


SEEDED = [
    # The totals of the social services add up in the source: spoilt, the rule must speak.
    ("Totale\t508\t563\t628", "Totale\t509\t563\t628", ("total-of-parts", 14, "users", "Totale", 2018)),
    ("Totale\t1.473\t", "Totale\t1.437\t", ("total-of-parts", 16, "users", "Totale", 2018)),
    (
        "TOT.\t82\t",
        "TOT.\t83\t",
        ("total-of-parts", 59, "outputs", "Totale corsi di formazione › TOT.", 2018),
    ),
    ("\t20\t19\t19", "\t20\t18\t19", ("total-of-parts", 50, "users", "(totale senza etichetta)", 2019)),
    # A part greater than its whole.
    (
        "calendarizzate</i>\t\t\t52",
        "calendarizzate</i>\t\t\t67",
        ("part-exceeds-whole", 49, "outputs", "calendarizzate", 2020),
    ),
    # The same figure twice, differently.
    (
        "Richieste di autorizzazione esaminate\t471\t500\t392",
        "Richieste di autorizzazione esaminate\t471\t500\t329",
        ("given-twice", 46, "outputs", "Richieste di autorizzazione esaminate", 2020),
    ),
    # An order of magnitude.
    (
        "atti di matrimonio\t531\t395\t269",
        "atti di matrimonio\t531\t39500\t269",
        ("magnitude-jump", 8, "outputs", "atti di matrimonio", 2019),
    ),
]


@pytest.mark.parametrize(("printed", "spoilt", "expected"), SEEDED)
def test_a_seeded_fault_is_found(
    tmp_path: Path, cremona: Document, printed: str, spoilt: str, expected: tuple[str, int, str, str, int]
) -> None:
    assert expected not in keys(cremona)
    document = reprint(tmp_path, lambda lines: [line.replace(printed, spoilt) for line in lines])
    assert expected in keys(document)


@pytest.mark.parametrize(
    "text", ["ore di presenza e di", "Enti (Arpa, ATS", "matrice ambientale,", "a carico dell'"]
)
def test_a_cut_text_is_seen(text: str) -> None:
    assert sign_of_cut(text)


@pytest.mark.parametrize(
    "text", ["Afferente all'I.C. Cremona uno", "via Aselli 13/A", "Sportello", "fino alle 18."]
)
def test_a_whole_text_is_not(text: str) -> None:
    assert sign_of_cut(text) is None


def test_every_finding_of_cremona_was_read(cremona: Document, tell: Tell) -> None:
    path = CREMONA / "findings.csv"
    verdicts = load_verdicts(path)
    findings = find_all(cremona, verdicts)
    check_verdicts(findings, verdicts, path)
    assert [f.key for f in findings if f.verdict is None] == []
    real, decided = precision(findings)
    tell(f"findings: {len(findings)}, real {real} of {decided} decided, precision {real / decided:.3f}")
    assert real / decided > 0.9
    assert Counter(f.severity for f in findings)["error"] == 3


def test_a_reading_of_nothing_fails(cremona: Document) -> None:
    verdicts = {("total-of-parts", 1, "outputs", "mai esistito", 2018): ("real", "perché")}
    with pytest.raises(InputErrors, match="mai esistito"):
        check_verdicts(find_all(cremona, verdicts), verdicts, CREMONA / "findings.csv")


@pytest.mark.parametrize(
    "row",
    ["x,1,users,y,,maybe,perché", "x,1,users,y,,real,", "x,1,users,y,,real,a\nx,1,users,y,,false,b"],
)
def test_a_reading_that_cannot_be_used(tmp_path: Path, row: str) -> None:
    path = tmp_path / "findings.csv"
    path.write_text(f"rule,number,table,label,year,verdict,why\n{row}\n", encoding="utf-8")
    with pytest.raises((InputError, InputErrors), match=r"findings\.csv"):
        load_verdicts(path)
