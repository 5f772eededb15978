"""What all tests share: one build of the real data, made once for all processes of a run."""

import os
from collections import defaultdict
from pathlib import Path

import pytest
from filelock import FileLock

from helpers import ROOT, mappe
from mappe_servizi.release import Release, open_release


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Release:
    """A build of the data in this repository."""
    directory = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # the directory that the processes of pytest-xdist share
        directory = directory.parent
    link = directory / "release" / "current"
    with FileLock(directory / "release.lock"):
        if not link.exists():
            built = mappe("build", "--output", link)
            assert built.returncode == 0, built.stderr
    return open_release(link)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference data beside the project (ontologies, shapes, test manifests of others)."""
    path = Path(os.environ.get("MAPPE_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not path.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the reference data, at MAPPE_REFERENCE: {path}")
        pytest.skip(f"the reference data are not at MAPPE_REFERENCE: {path}")
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each suite took: the seconds of its tests, set-up included, on however many processes."""
    suites: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                suite = suites["/".join(Path(report.nodeid.split("::")[0]).parts[:2])]
                suite[0] += report.when == "call"
                suite[1] += report.duration
    lines = [
        f"{name:<32} {tests:>5.0f} tests {seconds:>8.1f} s"
        for name, (tests, seconds) in sorted(suites.items(), key=lambda item: -item[1][1])
    ]
    terminalreporter.section("what each suite took")
    terminalreporter.write("\n".join([*lines, ""]))
    if path := os.environ.get("SUITE_TIMES"):  # .ci/run shows those of all its runs together
        with Path(path).open("a", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]))
