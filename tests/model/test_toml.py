"""The TOML that people maintain: keys with types; whatever a file says is taken, or told with its line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import ROOT
from mappe_servizi.errors import InputError, InputErrors, MappeError
from mappe_servizi.graph.catalogue.inputs import read_configuration
from mappe_servizi.reading.municipality import load_municipality
from mappe_servizi.rights import Licences
from mappe_servizi.settings import read_file

CREMONA = ROOT / "data" / "municipalities" / "c_d150"
KNOWLEDGE = ROOT / "data" / "knowledge"
LICENCES = Licences.load(KNOWLEDGE)


def read_municipality(folder: Path) -> object:
    return load_municipality(folder / "editions" / "2020", LICENCES, KNOWLEDGE)


def read_catalogue(folder: Path) -> object:
    return read_configuration(folder, folder)


def read_settings(folder: Path) -> object:
    return read_file(folder / "mappe.toml")


TOWN, EDITION, SETS = "municipality.toml", "editions/2020/edition.toml", "datasets.toml"
FILES: list[tuple[Path, str, Callable[[Path], object]]] = [
    (CREMONA / "municipality.toml", "municipality.toml", read_municipality),
    (CREMONA / "editions" / "2020" / "edition.toml", "editions/2020/edition.toml", read_municipality),
    (KNOWLEDGE / "datasets.toml", "datasets.toml", read_catalogue),
    (ROOT / "mappe.toml", "mappe.toml", read_settings),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "editions" / "2020").mkdir(parents=True)
    for path, name, _ in FILES:
        shutil.copyfile(path, tmp_path / name)
    return tmp_path


def told(read: Callable[[Path], object], folder: Path) -> list[InputError]:
    with pytest.raises((InputError, InputErrors)) as caught:
        read(folder)
    return caught.value.errors if isinstance(caught.value, InputErrors) else [caught.value]


@pytest.mark.parametrize(
    ("name", "was", "now", "said"),
    [
        (TOWN, '"019036"', "19036", "'istat' must be an ISTAT code of six digits, in quotes"),
        (TOWN, '"019036"', '"1903"', "'istat' must be an ISTAT code of six digits"),
        (TOWN, "2026-11-22", '"ieri"', "'modified' must be a date without quotes"),
        (TOWN, "2026-11-22", "2026-11-22T10:00:00", "'modified' must be a date without quotes"),
        (TOWN, 'ipa = "c_d150"', 'ipa = ["c_d150"]', "'ipa' must be an IPA code, in quotes"),
        (TOWN, 'city = "Cremona"', 'geonames = "3177838"', "'geonames' must be an http(s) address"),
        (TOWN, '"https://www.comune.cremona.it/"', '"www"', "'homepage' must be an http(s) address"),
        (TOWN, 'holder_ipa = "c_d150"', "holder_ipa = 150", "'holder_ipa' in [rights] must be"),
        (TOWN, 'ipa = "c_d150"\nistat', "istat", "the key 'ipa' is missing"),
        (EDITION, '"document.txt"', "2020-01-01", "'file' must be a text in quotes"),
        (EDITION, '"it"', "1", "'language' must be a text in quotes, not 1"),
        (SETS, "\ncubes = true", '\ncubes = "yes"', "'cubes' in [dataset] must be true or false"),
        (SETS, 'themes = ["GOVE", "SOCI"]', 'themes = "GOVE"', "must be a list, each of it a code"),
        (SETS, 'themes = ["GOVE", "SOCI"]', 'themes = ["GOVE", "SOCIETA"]', 'in quotes, not "SOCIETA"'),
        (SETS, 'type = "STATISTICAL"', 'type = "STATS"', "'type' in [dataset] must be a code"),
        (SETS, 'title.it = "Servizi: ', 'title.i = "Servizi: ', "there is no key 'i' in [dataset.title]"),
        (SETS, "{name}, edizione", "{nome}, edizione", "in whose braces stands ipa, name or edition"),
        (SETS, 'slug = "services"', 'slug = "all"', "'slug' in [dataset]: another one is 'all'"),
        (TOWN, 'istat = "019036"', 'istat = "999999"', "'territory' https"),
        (TOWN, "licenses/by/4.0/", "licenses/by/9/", "'licence' of [rights]: there is no licence"),
        (SETS, '\nscope = "edition"', '\nscope = "town"', "'scope' in [dataset] must be one of edition"),
        (SETS, '"1.1"', "1.1", "'standards' in [service] must be a list"),
        ("mappe.toml", "owns-canonical-base = true", 'owns-canonical-base = "si"', "must be true or false"),
        ("mappe.toml", "owns-canonical-base = true", "port = [1]", "'port' must be a whole number"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_told_with_file_and_key(
    folder: Path, name: str, was: str, now: str, said: str
) -> None:
    path, read = folder / name, next(read for _, of, read in FILES if of == name)
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), "utf-8")
    error = told(read, folder)[0]
    assert error.file == str(path)
    assert said in error.message
    lines = text.splitlines(), path.read_text("utf-8").splitlines()
    changed = next(n for n, (a, b) in enumerate(zip(*lines, strict=False), start=1) if a != b)
    if "is missing" not in said and not said.startswith("'territory'"):
        assert error.line == changed


def test_what_is_wrong_in_several_tables_of_a_list_is_told_each_with_its_line(folder: Path) -> None:
    path = folder / SETS
    lines = path.read_text("utf-8").splitlines()
    themes = [n for n, line in enumerate(lines) if line.startswith("themes = ")]
    lines[themes[1]], lines[themes[3]] = 'themes = ["X"]', "themes = 1"
    gone = next(n for n, line in enumerate(lines) if n > themes[4] and line.startswith("title.it = "))
    head = max(n for n in range(gone) if lines[n] == "[[dataset]]")
    lines[gone] = ""
    path.write_text("\n".join(lines), "utf-8")
    assert [(error.line, error.message.split(" must")[0]) for error in told(read_catalogue, folder)] == [
        (themes[1] + 1, "'themes' in [dataset]"),
        (themes[3] + 1, "'themes' in [dataset]"),
        (
            lines.index("title.en", head) if "title.en" in lines else head + 1,
            "the key 'it' is missing in [dataset.title]",
        ),
    ]


def test_all_that_is_wrong_is_told(folder: Path) -> None:
    path = folder / "municipality.toml"
    path.write_text('ipa = 1\nnam = "X"\nrights = 3\n', "utf-8")
    assert [
        (e.line, e.message.split("; ")[0].split(", not")[0]) for e in told(read_municipality, folder)
    ] == [
        (1, "'ipa' must be an IPA code, in quotes"),
        (2, "there is no key 'nam' (did you mean 'name'?)"),
        (3, "'rights' must be written as [rights], with basis, holder, holder_ipa, licence"),
        (None, "the key 'istat' is missing"),
        (None, "the key 'name' is missing"),
    ]


VALUES = st.sampled_from(
    ["1", "1.5", "true", '""', '"x"', "2026-01-01", "2026-01-01T00:00:00", "10:00:00", "[]", "[1]", '["a"]',
     "[[1, 2]]", "{}", "{ it = 1 }", '{ it = "a" }', "[{ slug = 1 }]", "nan", '"\\u0000"', "", "9" * 400]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_of_any_key_is_taken_or_told(data: st.DataObject, folder: Path) -> None:
    source, name, read = data.draw(st.sampled_from(FILES))
    lines = source.read_text("utf-8").splitlines()
    at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if re.match(r"[\w.-]+ = ", line)]))
    lines[at] = f"{lines[at].split(' = ')[0]} = {data.draw(VALUES)}"
    path = folder / name
    path.write_text("\n".join(lines), "utf-8")
    try:
        read(folder)
    except MappeError as error:
        assert str(path) in str(error)  # noqa: PT017 - acceptance is as good
    finally:
        shutil.copyfile(source, path)


PLACE = re.compile(r"(?m)^(?:territory|city|province|region) = .*\n")


def test_where_a_municipality_lies_is_known_from_its_code(folder: Path) -> None:
    stated = load_municipality(folder / "editions" / "2020", LICENCES, KNOWLEDGE)
    path = folder / "municipality.toml"
    path.write_text(PLACE.sub("", path.read_text()))
    known = load_municipality(folder / "editions" / "2020", LICENCES, KNOWLEDGE)
    assert known.settings == stated.settings


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('istat = "999999"\n', "has no municipality of the code '999999'"),
        ('istat = "019035"\nterritory = "https://example.org/019036"\n', "is not that of the ISTAT code"),
    ],
)
def test_a_place_that_is_none_is_told_where_it_is_said(folder: Path, said: str, message: str) -> None:
    path = folder / "municipality.toml"
    kept = re.sub(r"(?m)^istat = .*\n", "", PLACE.sub("", path.read_text()))
    path.write_text(said + kept)
    with pytest.raises(InputError, match=message) as caught:
        read_municipality(folder)
    assert caught.value.file == str(path)
