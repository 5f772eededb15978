"""What all tests share: one build of the real data, made once for all processes of a run."""

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from helpers import ROOT, Tell, mappe
from mappe_servizi.releases import Release, open_release
from three_towns import write_three_towns

FIGURE = "figure"


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Release:
    """A build of the data in this repository."""

    def build(link: Path) -> None:
        built = mappe("build", "--output", link)
        assert built.returncode == 0, built.stderr

    return open_release(_once(tmp_path_factory, worker_id, "release/current", build))


@pytest.fixture(scope="session")
def three_towns(tmp_path_factory: pytest.TempPathFactory, worker_id: str, release: Release) -> Path:
    """A build of three synthetic municipalities, by the directory that it is linked from."""

    def build(link: Path) -> None:
        write_three_towns(link.parents[1], release.path / "report" / "ledger.csv")

    return _once(tmp_path_factory, worker_id, "three/build/current", build)


def _once(factory: pytest.TempPathFactory, worker_id: str, name: str, build: Callable[[Path], None]) -> Path:
    """What is built once for all processes of a run."""
    directory = factory.getbasetemp()
    if worker_id != "master":  # the directory that the processes of pytest-xdist share
        directory = directory.parent
    link = directory / name
    with FileLock(directory / f"{link.parent.parent.name}-{link.parent.name}.lock"):
        if not link.exists():
            build(link)
    return link


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference data beside the project (ontologies, shapes, test manifests of others)."""
    path = Path(os.environ.get("MAPPE_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not path.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the reference data, at MAPPE_REFERENCE: {path}")
        pytest.skip(f"the reference data are not at MAPPE_REFERENCE: {path}")
    return path


@pytest.fixture
def own_garbage() -> Iterator[None]:
    """The collector looks at what a test makes: what other tests keep is a hundred times as much."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Tells a figure that a test measured; all of them stand at the end of a run."""
    return lambda figure: record_property(FIGURE, figure)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests measured, and what each suite took (set-up included, on however many processes)."""
    reports = [
        r for found in terminalreporter.stats.values() for r in found if isinstance(r, pytest.TestReport)
    ]
    told = [value for r in reports if r.when == "call" for name, value in r.user_properties if name == FIGURE]
    if told:
        terminalreporter.section("what the tests measured")
        terminalreporter.write("\n".join([*map(str, told), ""]))
    suites: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for report in reports:
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
