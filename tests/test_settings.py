"""One table: flags over variables over mappe.toml over defaults."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from helpers import ROOT, mappe
from mappe_servizi.errors import InputError
from mappe_servizi.settings import Settings, read_file, rows


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An instance without a municipality, so that nothing is read but settings."""
    (tmp_path / "data" / "municipalities").mkdir(parents=True)
    (tmp_path / "mappe.toml").touch()
    return tmp_path


def in_force(place: Path, name: str, *arguments: str | Path, **environment: str) -> str:
    shown = mappe(*arguments, cwd=place, **environment)
    assert shown.returncode == 0, shown.stderr
    return str(values(shown.stdout)[name])


def values(shown: str) -> dict[str, Any]:
    """What `mappe check` shows of the settings is TOML."""
    return tomllib.loads(shown.partition("\n\n")[0])


def test_flags_win_over_variables_over_the_file_over_defaults(place: Path) -> None:
    file = place / "settings.toml"
    file.write_text("keep = 7\nservice-allow = ['https://e.org/sparql']\n")
    config = ("--config", file)
    assert in_force(place, "keep", "check") == f"{Settings().keep}"
    assert in_force(place, "keep", *config, "check") == "7"
    assert in_force(place, "keep", *config, "check", MAPPE_KEEP="8") == "8"
    assert in_force(place, "keep", *config, "check", "--keep", "9", MAPPE_KEEP="8") == "9"
    assert in_force(place, "service-allow", *config, "check") == "['https://e.org/sparql']"


def test_the_check_says_where_each_value_comes_from_and_what_is_still_to_do(tmp_path: Path) -> None:
    (tmp_path / "data" / "municipalities").mkdir(parents=True)
    file = tmp_path / "mappe.toml"
    file.write_text("# ours\nport = 8080\nlog-level = 'error'\n", encoding="utf-8")
    given = ("check", "--workers", "2", "--assets", tmp_path)
    done = mappe(*given, cwd=tmp_path, MAPPE_KEEP="5", MAPPE_PORT="8081")
    assert done.returncode == 0, done.stderr
    for line in (
        "workers = 2  # --workers",
        "keep = 5  # MAPPE_KEEP",
        "port = 8081  # MAPPE_PORT",
        f'log-level = "error"  # {file}:3',
        "jobs = 0  # default",
        "# contact-email is not set",
        "release: nothing yet",
        "releases: no release yet",
        "assets: not built",
        f"still to do: a release needs the publisher's name: set 'publisher-name' in {file}",
    ):
        assert line in done.stdout.splitlines(), line
    assert "`mappe build` makes one" in done.stdout
    assert "`mappe add IPA DOCUMENT` adds one" in done.stdout
    told = json.loads(mappe(*given, "--json", cwd=tmp_path, MAPPE_KEEP="5").stdout)
    assert told["settings"]["keep"] == {"value": 5, "from": "MAPPE_KEEP"}
    assert told["settings"]["port"] == {"value": 8080, "from": f"{file}:2"}
    assert any("publisher-identifier" in one for one in told["missing"])


def test_a_mappe_toml_in_the_working_directory_or_above_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "mappe.toml").write_text("keep = -1\n")
    below = tmp_path / "data" / "municipalities"
    below.mkdir(parents=True)
    for place in (tmp_path, below):
        refused = mappe("check", cwd=place)
        assert refused.returncode == 1
        assert refused.stderr == f"mappe: {tmp_path / 'mappe.toml'}:1: keep must be at least 0, not -1\n"
    said = mappe("check", "--jobs", "-1", cwd=tmp_path, MAPPE_KEEP="-2").stderr
    assert said == "mappe: jobs must be at least 0, not -1\nMAPPE_KEEP: keep must be at least 0, not -2\n"


def test_paths_of_the_file_and_defaults_are_the_instance_s_others_the_working_directory_s(
    tmp_path: Path,
) -> None:
    place = tmp_path / "instance" / "data"
    place.mkdir(parents=True)
    (tmp_path / "instance" / "mappe.toml").write_text("releases = 'published'\n")
    shown = mappe("check", "--output", "here", cwd=place, MAPPE_RELEASE="there").stdout
    found = values(shown)
    assert found["data"] == str(place)
    assert found["releases"] == str(place.parent / "published")
    assert (found["output"], found["release"]) == ("here", "there")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kep = 3", "there is no setting 'kep'"),
        ("keep = ", "this is not TOML"),
        ("keep = 'many'", "mappe.toml:1: 'keep' must be a whole number without quotes"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "mappe.toml"
    file.write_text(text)
    told = mappe("--config", file, "check")
    assert told.returncode != 0
    assert reason in told.stderr
    assert "Traceback" not in told.stderr


def test_every_command_refuses_a_wrong_value_before_it_works(tmp_path: Path) -> None:
    for base in ("https://e.org", "e.org/", "https://e.org/a b/", "file:///tmp/"):
        refused = mappe("build", "--base-uri", base, "--output", tmp_path / "current")
        assert refused.returncode == 1
        assert refused.stderr.startswith("mappe: base-uri must be an http(s) IRI that ends in a slash")
    assert list(tmp_path.iterdir()) == []


def test_defaults_are_right() -> None:
    assert Settings().problems() == []


def test_names_are_those_of_the_table(tmp_path: Path) -> None:
    file = tmp_path / "mappe.toml"
    file.write_text("base-uri = 'https://e.org/'")
    assert read_file(file) == {"base_uri": "https://e.org/"}
    assert {row.variable for row in rows("build")} >= {"MAPPE_BASE_URI", "MAPPE_OUTPUT", "MAPPE_JOBS"}
    with pytest.raises(InputError):
        read_file(tmp_path)


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("port", ["99999", "-1", "0"], "65535"),
        ("trusted-proxies", ["proxy", "10.0.0.1/8", "10.0.0.0/8,127.0.0.1"], "10.0.0.0/8"),
        ("public-url", ["dati.example.it", "ftp://e.org", "https://"], "https://e.org/mappe"),
        ("base-uri", ["e.org/", "https:///", "ftp://e.org/"], "https://e.org/mappe/"),
    ],
)
def test_the_check_finds_values_that_cannot_be(place: Path, name: str, wrong: list[str], right: str) -> None:
    for value in wrong:
        refused = mappe("check", f"--{name}", value, cwd=place)
        assert refused.returncode == 1, value
        assert refused.stderr.startswith(f"mappe: {name} must be ")
        assert mappe("serve", f"--{name}", value, cwd=place).stderr == refused.stderr
    assert mappe("check", f"--{name}", right, cwd=place).returncode == 0


@pytest.mark.parametrize("text", ["10.0.0.0/8,127.0.0.1", "10.0.0.0/8, 127.0.0.1", "10.0.0.0/8 127.0.0.1"])
def test_a_variable_has_a_list_with_commas_or_spaces(place: Path, text: str) -> None:
    assert (
        in_force(place, "trusted-proxies", "check", MAPPE_TRUSTED_PROXIES=text)
        == "['10.0.0.0/8', '127.0.0.1']"
    )


def test_a_setting_of_other_commands_is_no_default_of_a_command_s_own_option(tmp_path: Path) -> None:
    """`synthesize --output` has a default of its own: the instance's `output` is where real builds go."""
    (tmp_path / "mappe.toml").write_text(f'output = "real/current"\ndata = "{ROOT / "data"}"\n')
    done = mappe("synthesize", "--municipalities", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "build" / "synthetic" / "data" / "municipalities").is_dir()
    assert not (tmp_path / "real").exists()
