"""Rows that an instance adds to tables of knowledge: each reader has them, the program's stay as they are."""

import re
from pathlib import Path

import pytest

from helpers import ROOT
from mappe_servizi.errors import InputError
from mappe_servizi.linking.name_parts import NameParts
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import REGIONS
from mappe_servizi.model.tables.local import with_local
from mappe_servizi.model.tables.whole import check_file, local_rows, shared_files
from mappe_servizi.providers.acts import Acts
from mappe_servizi.reading.form import load_form

PROGRAM = ROOT / "data" / "knowledge"


def local(data: Path, file: str, text: str) -> Path:
    """The knowledge of an instance that has such a file in data/local."""
    (data / "local").mkdir(exist_ok=True)
    (data / "local" / file).write_text(text, encoding="utf-8")
    return with_local(PROGRAM, data)


def test_an_instance_without_rows_of_its_own_has_the_programs_directory(tmp_path: Path) -> None:
    assert with_local(PROGRAM, tmp_path) == PROGRAM
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "note.md").write_text("Perché queste righe.", encoding="utf-8")
    assert with_local(PROGRAM, tmp_path) == PROGRAM


def test_a_directory_of_the_same_content_is_the_same(tmp_path: Path) -> None:
    header = "use,role,text,reason\n"
    first = local(tmp_path, "labels.csv", f"{header}section,outputs,Prestazioni rese,word of this town\n")
    assert local(tmp_path, "labels.csv", f"{header}section,users,Prestazioni rese,word of it\n") != first
    assert (
        local(tmp_path, "labels.csv", f"{header}section,outputs,Prestazioni rese,word of this town\n")
        == first
    )


def test_words_marks_and_units_are_read_with_the_programs(tmp_path: Path) -> None:
    local(
        tmp_path, "labels.csv", "use,role,text,reason\nsection,outputs,Prestazioni rese,word of this town\n"
    )
    local(tmp_path, "marks.csv", "mark,says,reason\nesatto,yes,word of this town\n")
    form = load_form(
        local(tmp_path, "units.csv", 'pattern,unit,reason\n"^quintali\\b",kg,as this town says\n')
    )
    ours = load_form(PROGRAM)
    assert form.sections == {**ours.sections, "prestazioni rese": "outputs"}
    assert form.marks == {**ours.marks, "esatto": "yes"}
    assert [one.pattern for one, _ in form.label_units] == [
        *(one.pattern for one, _ in ours.label_units), r"^quintali\b",
    ]  # fmt: skip


def test_a_spelling_and_a_legal_form_are_known_to_whoever_compares_names(tmp_path: Path) -> None:
    def read(knowledge: Path) -> tuple[list[str], list[str]]:
        parts = NameParts.load(knowledge)
        words, forms = parts.read(parts.mended(["alfa", "intercom", "ente", "zonale"]))
        return [*words], [*forms]

    local(tmp_path, "spellings.csv", "printed,read,note\nintercom,intercomunale,\n")
    header = "printed,code,quality,says,note"
    knowledge = local(tmp_path, "legal-forms.csv", f"{header}\nente zonale,1310,,,\n")
    assert read(PROGRAM) == (["alfa", "intercom", "ente", "zonale"], [])
    assert read(knowledge) == (["alfa", "intercomunale"], ["1310"])


def test_a_region_of_which_the_program_says_too_little_is_completed(tmp_path: Path) -> None:
    cited = "l.r. 7/2009"
    (before,) = Acts.load(PROGRAM, "04").cited(cited)
    row = "04,Trentino-Alto Adige,regione.trentino.alto.adige,seen in use in this town\n"
    knowledge = local(tmp_path, "regions.csv", f"code,name,urn,evidence\n{row}")
    (after,) = Acts.load(knowledge, "04").cited(cited)
    assert (before.urn, after.urn) == ("", "urn:nir:regione.trentino.alto.adige:legge:2009;7")
    assert [one.code for one in read_rows(REGIONS, knowledge / REGIONS.file)] == [
        one.code for one in read_rows(REGIONS, PROGRAM / REGIONS.file)
    ]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "regions.csv",
            "code,name,urn,evidence\n03,Lombardia,regione.longobardia,seen\n",
            "regions.csv:2: line 4 of the program's regions.csv is about the same, "
            "and its urn is 'regione.lombardia'",
        ),
        (
            "activities.csv",
            "code,label,label_en,printed\nrsa,Casa di riposo,Nursing home (RSA),RSA\n",
            "activities.csv:2: .* and its label is 'Residenza sanitaria assistenziale",
        ),
        (
            "municipalities.csv",
            "istat,name,name_other,vehicle_code,province,region_code,region,cadastral,nuts3,city\n"
            "999999,Nuova Cremona,,CR,Cremona,03,Lombardia,D150,ITC4A,\n",
            "municipalities.csv:2: .* and its istat is '019036' and name is 'Cremona'",
        ),
        (
            "units.csv",
            "pattern,unit,reason\n^l,litri,l\n",
            "units.csv:2: unit must be one of .*, not 'litri'",
        ),
    ],
)
def test_a_row_that_says_something_else_is_told(tmp_path: Path, file: str, text: str, said: str) -> None:
    knowledge = local(tmp_path, file, text)
    (table,) = {
        path.name: path for _, path in shared_files(tmp_path, knowledge) if path.name == file
    }.values()
    errors: list[InputError] = []
    check_file("knowledge", table, errors)
    (error,) = errors
    assert error.file == str(tmp_path / "local" / file)
    assert re.search(said, str(error)), error


def test_rows_are_counted_by_table_and_a_name_that_is_none_is_told(tmp_path: Path) -> None:
    local(tmp_path, "marks.csv", "mark,says,reason\nesatto,yes,w\nmica,no,w\n")
    knowledge = local(tmp_path, "datasets.toml", "")
    assert local_rows(knowledge) == {"marks.csv": 2}
    assert ("knowledge", (tmp_path / "local" / "datasets.toml")) in shared_files(tmp_path, knowledge)
