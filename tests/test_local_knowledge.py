"""A town that says things its own way: rows of data/local count in a build, and leave nothing behind."""

from pathlib import Path

from helpers import mappe
from mappe_servizi.releases import Release
from second_town import write_town

ROW = "section,outputs,Prestazioni rese,word of this town\n"


def build(place: Path) -> tuple[str, dict[str, bytes]]:
    """What a build says, and its dump, figures and counts of reports."""
    built = mappe("build", cwd=place)
    assert built.returncode == 0, built.stderr
    current = place / "build" / "current"
    files = ("dump/mappe-servizi.nq", "csv/observations.csv", "report/ledger.csv")
    return built.stderr + built.stdout, {name: (current / name).read_bytes() for name in files}


def test_a_word_of_one_town_is_read_by_its_builds_alone(release: Release, tmp_path: Path) -> None:
    town = write_town(
        tmp_path / "data" / "municipalities", release.path / "report" / "ledger.csv", last=2, areas=1
    )
    (tmp_path / "mappe.toml").write_text('base-uri = "https://dati.comune.example.it/"\n', encoding="utf-8")
    mappe("identifiers", cwd=tmp_path)
    document = town / "editions" / "2020" / "document.txt"
    printed = document.read_text(encoding="utf-8")
    _, usual = build(tmp_path)

    document.write_text(printed.replace("Output del Servizio", "Prestazioni rese"), encoding="utf-8")
    unread = mappe("build", "--strict", cwd=tmp_path)
    assert unread.returncode == 1

    own = tmp_path / "data" / "local" / "labels.csv"
    own.parent.mkdir()
    own.write_text(f"use,role,text,reason\n{ROW.replace('outputs', 'output')}", encoding="utf-8")
    for command in ("check", "build"):
        refused = mappe(command, cwd=tmp_path)
        assert refused.returncode == 1
        assert f"{own}:2: role must be one of map, contents" in refused.stderr
        assert "not 'output'" in refused.stderr

    own.write_text(f"use,role,text,reason\n{ROW}", encoding="utf-8")
    said, read = build(tmp_path)
    assert "Knowledge has rows of this instance's own (local/): 1 of labels.csv" in said
    assert read["csv/observations.csv"] == usual["csv/observations.csv"]
    assert (
        "knowledge: rows of this instance's own (local/): 1 of labels.csv"
        in mappe("check", cwd=tmp_path).stdout
    )
    assert "Nothing has changed" in build(tmp_path)[0]

    own.unlink()
    document.write_text(printed, encoding="utf-8")
    said, again = build(tmp_path)
    assert again == usual
    assert "local/" not in said
