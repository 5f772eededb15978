"""Synthetic municipalities, for tests: the instance that `mappe synthesize` writes, and its build."""

import shutil
from pathlib import Path

import second_town
from helpers import ROOT, mappe

TEMPLATE = {
    second_town.IPA: "c_d150", second_town.ISTAT: "019036", second_town.NAME: "Comune di Cremona",
    '"Crema"': '"Cremona"',
}  # fmt: skip


def synthesized(place: Path, municipalities: int, *arguments: str) -> Path:
    """Write an instance; returns its directory."""
    done = mappe("synthesize", "--municipalities", str(municipalities), "--output", place, *arguments)
    assert done.returncode == 0, done.stderr
    return place


def built(instance: Path) -> Path:
    """Build an instance as its owner would; returns the link."""
    done = mappe("build", cwd=instance)
    assert done.returncode == 0, done.stderr
    return instance / "build" / "current"


def small_template(place: Path, ledger: Path) -> Path:
    """The data of an instance whose template is three services of Cremona's, for towns that build in no time.

    Args:
        place: where to write it.
        ledger: report/ledger.csv of a build of Cremona.
    """
    town = second_town.write_town(place / "municipalities", ledger, last=3, areas=1)
    target = town.rename(place / "municipalities" / TEMPLATE[second_town.IPA])
    for name in ("municipality.toml", "editions/2020/edition.toml", "editions/2020/document.txt"):
        text = (target / name).read_text(encoding="utf-8")
        for was, is_ in TEMPLATE.items():
            text = text.replace(was, is_)
        (target / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "providers", place / "providers")
    return place
