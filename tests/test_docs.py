"""What users meet is documented: settings, commands, queries; and what the docs show, runs."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mappe_servizi.cli  # noqa: F401  (registers the commands)
from helpers import ROOT, mappe
from mappe_servizi.model.tables.dictionary import dictionary
from mappe_servizi.options import main
from mappe_servizi.rdf.queries import PublishedQuery, read_query
from mappe_servizi.rehearsal.harvesters import HARVESTERS
from mappe_servizi.releases import Release
from mappe_servizi.setting_texts import documentation
from mappe_servizi.settings import rows

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
QUERIES = sorted((ROOT / "queries").rglob("*.rq"))
FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == documentation(), "run `make docs`"


def test_the_page_of_maintained_tables_is_up_to_date() -> None:
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == dictionary(), "run `make docs`"


def test_every_setting_says_what_it_is_and_who_takes_it() -> None:
    for row in rows():
        assert row.help.endswith("."), row.name
        assert set(row.commands) & set(main.commands), row.name


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_and_a_section(name: str) -> None:
    assert (main.commands[name].help or "").strip()
    assert f"\n## mappe {name}\n" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_harvester_of_the_rehearsal_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w[\w-]*)` \|", text, re.MULTILINE) == list(HARVESTERS)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_query_is_described_in_both_languages(path: Path) -> None:
    query = read_query(path)
    assert set(query.title) == set(query.description) == {"it", "en"}
    for described in (*query.parameters.values(), *query.columns.values()):
        assert set(described.description) == {"it", "en"}, described.name


@pytest.mark.parametrize(
    "path", [p for p in QUERIES if p.parent.name == "tables"], ids=lambda path: path.stem
)
def test_every_column_of_a_table_is_described(path: Path, release: Release) -> None:
    header = (release.path / "csv" / f"{path.stem}.csv").read_bytes().decode().split("\r\n", 1)[0]
    query: PublishedQuery = read_query(path)
    assert list(query.columns) == header.split(",")
    assert header.startswith("municipality,edition") or path.stem == "providers"


def test_the_paths_of_the_architecture_are_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:src|data|ontology|shapes|queries)/[^`]*|mappe\.toml)`", page)
    assert len(set(paths)) > 50
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def commands(page: Path) -> list[str]:
    blocks = FENCE.findall(page.read_text(encoding="utf-8"))
    return [line for block in blocks for line in block.replace("\\\n", "").splitlines()]


SHOWN = sorted({command for page in PAGES for command in commands(page) if command.strip()})


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, release: Release) -> Path:
    """The project in another place, with a release, so that the commands shown change nothing here."""
    place = tmp_path_factory.mktemp("docs") / "main"
    ignored = shutil.ignore_patterns(".*", "build", "node_modules", "__pycache__")
    shutil.copytree(ROOT, place, ignore=ignored)
    (place / ".venv" / "bin").mkdir(parents=True)
    launcher = place / ".venv" / "bin" / "mappe"
    path = f"import sys\nsys.path.insert(0, {str(place / 'src')!r})\n"
    program = 'from mappe_servizi.cli import main\nif __name__ == "__main__":\n    main()\n'
    launcher.write_text(f"#!{sys.executable}\n{path}{program}")
    launcher.chmod(0o755)
    (place / "build").mkdir()
    (place / "build" / "current").symlink_to(release.path)
    (place / "elenco.csv").write_text("name,town\nCooperativa Sociale Agropolis,Cremona\n", encoding="utf-8")
    return place


# tests/server starts the server.
RUN_HERE = [c for c in SHOWN if c.startswith(".venv/bin/mappe ") and c.split()[1] != "serve"]


@pytest.mark.parametrize("command", RUN_HERE)
def test_the_commands_shown_run(command: str, copy: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", command], cwd=copy, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr


def test_no_command_is_shown_that_no_test_runs() -> None:
    tested_elsewhere = (
        "make run",
        "make test",
        "make setup",
        "curl ",
    )  # tests/test_makefile.py, tests/server
    for command in SHOWN:
        assert command.startswith((".venv/bin/mappe ", *tested_elsewhere)), command


def test_help_names_every_command() -> None:
    shown = mappe("--help")
    assert shown.returncode == 0
    for name in main.commands:
        assert re.search(rf"^  {name} ", shown.stdout, re.MULTILINE)
