"""Whole builds of the real data: complete, reproducible, and harmless when killed."""

import csv
import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, parse

from helpers import ROOT, mappe
from mappe_servizi.bases import DEFAULT_BASE, KNOWLEDGE_PATHS
from mappe_servizi.reading.reader import read_document
from mappe_servizi.releases import Release, open_release
from mappe_servizi.releases.directory import prune
from second_town import IPA, LAST, write_instance, write_town
from synthetic import built

XSD = "http://www.w3.org/2001/XMLSchema#"
WHOLE = {f"{XSD}{name}" for name in ("int", "positiveInteger", "nonNegativeInteger")}
READER = """
import sys, pathlib, select, time, pyoxigraph
from mappe_servizi.releases import open_release
link, answers = pathlib.Path(sys.argv[1]), 0
print("ready", flush=True)
while not answers or not select.select([sys.stdin], [], [], 0)[0]:
    release = open_release(link)
    store = pyoxigraph.Store.read_only(str(release.store))
    count = next(iter(store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")))["n"]
    named = next(iter(store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")))["n"]
    assert int(count.value) + int(named.value) == sum(1 for _ in release.dump.open("rb"))
    answers += 1
    release.close()
    time.sleep(0.2)
print(answers, flush=True)
"""


def test_everything_of_the_contract_is_there(release: Release) -> None:
    names = {p.relative_to(release.path).as_posix() for p in release.path.rglob("*") if p.is_file()}
    tables = {p.stem for p in (ROOT / "queries" / "tables").glob("*.rq")}
    assert tables
    expected = {"dump/mappe-servizi.nq", "dump/c_d150-2020.ttl", "dump/vocabularies.ttl", "manifest.json"}
    expected |= {"report/validation.ttl", "report/ledger.csv"}
    expected |= {f"csv/{t}.csv" for t in tables} | {f"csv/{t}.csv-metadata.json" for t in tables}
    assert expected <= names
    assert {n.removeprefix("csv/").split(".")[0] for n in names if n.startswith("csv/")} == {
        *tables,
        "csv-metadata",
    }
    assert not [n for n in names if ".parts" in n]


def test_the_manifest_describes_the_files(release: Release) -> None:
    for name, described in release.files.items():
        data = (release.path / name).read_bytes()
        assert described == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert release.dump_sha256 == release.files["dump/mappe-servizi.nq"]["sha256"]
    assert release.editions == ("c_d150-2020",)


def test_the_dump_the_turtle_and_the_store_say_the_same(release: Release) -> None:
    lines = release.dump.read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    quads = set(parse(path=release.dump))
    stored = set(Store.read_only(str(release.store)))
    assert len(stored) == len(quads)
    assert {in_store(quad) for quad in quads} == stored
    turtle = {q.triple for path in (release.path / "dump").glob("*.ttl") for q in parse(path=path)}
    assert turtle == {q.triple for q in quads}
    assert sum(release.counts["triples"].values()) >= len(turtle)


def in_store(quad: Quad) -> Quad:
    """Oxigraph keeps every kind of whole number as xsd:integer."""
    value = quad.object
    if isinstance(value, Literal) and value.datatype.value in WHOLE:
        value = Literal(value.value, datatype=NamedNode(f"{XSD}integer"))
    return Quad(quad.subject, quad.predicate, value, quad.graph_name)


def test_nothing_in_it_can_be_written(release: Release) -> None:
    assert not [p for p in release.path.rglob("*") if p.is_file() and p.stat().st_mode & 0o222]


def test_the_ledger_accounts_for_every_line(release: Release) -> None:
    document = read_document(
        ROOT / "data" / "municipalities" / "c_d150" / "editions" / "2020", ROOT / "data" / "knowledge"
    )
    with (release.path / "report" / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {int(row["line"]) for row in rows} == set(range(1, len(document.lines) + 1))
    assert all(row["kind"] for row in rows)


def test_tables_are_rfc_4180_and_described(release: Release) -> None:
    for path in (release.path / "csv").glob("*.csv"):
        data = path.read_bytes()
        assert data.endswith(b"\r\n")
        rows = list(csv.reader(data.decode("utf-8").splitlines(keepends=True), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}, path.name
        assert len(rows) - 1 == release.counts["tables"][path.stem]
        metadata = json.loads(path.with_name(f"{path.name}-metadata.json").read_text(encoding="utf-8"))
        assert metadata["url"] == path.name
        columns = [c for c in metadata["tableSchema"]["columns"] if not c.get("virtual")]
        assert [c["titles"] for c in columns] == rows[0]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second build, in another place, with other hash seeds, time zone, locale and number of processes."""
    link = tmp_path_factory.mktemp("seeded") / "elsewhere" / "link"
    other = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C", "MAPPE_JOBS": "2"}
    built = mappe("build", "--output", link, **other)
    assert built.returncode == 0, built.stderr
    return link


def test_two_builds_are_byte_identical(release: Release, seeded: Path) -> None:
    other = open_release(seeded)
    assert other.dump.read_bytes() == release.dump.read_bytes()
    assert other.files == release.files
    report = Path("report") / "validation.ttl"
    assert (other.path / report).read_bytes() == (release.path / report).read_bytes()


@pytest.fixture(scope="module")
def two(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maintained data of two municipalities: Cremona, and a second one that has its first services."""
    data = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(ROOT / "data", data)
    write_town(data / "municipalities", release.path / "report" / "ledger.csv")
    named = mappe("identifiers", "--data", data)  # its providers are others, until somebody says so
    assert named.returncode == 0, named.stderr
    return data


def test_municipalities_are_built_in_processes_to_the_same_result(two: Path, tmp_path: Path) -> None:
    dumps = []
    for jobs in ("1", "2"):
        link = tmp_path / jobs
        built = mappe("build", "--data", two, "--output", link, "--jobs", jobs)
        assert built.returncode == 0, built.stderr
        dumps.append(open_release(link))
    assert dumps[0].editions == (f"{IPA}-2020", "c_d150-2020")
    assert dumps[0].files == dumps[1].files
    assert dumps[0].dump.read_bytes() == dumps[1].dump.read_bytes()
    assert dumps[0].counts["tables"]["services"] == 73 + LAST


def test_an_error_in_a_process_is_one_sentence_and_leaves_nothing(two: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(two, data)
    corrections = data / "municipalities" / IPA / "editions" / "2020" / "corrections.csv"
    corrections.write_text("no,such,columns\n", encoding="utf-8")
    built = mappe("build", "--data", data, "--output", tmp_path / "out" / "link", "--jobs", "2", "--strict")
    assert built.returncode == 1
    assert [line for line in built.stderr.splitlines() if line.startswith("mappe: ")]
    assert f"{corrections}:1: " in built.stderr
    assert "Traceback" not in built.stderr
    assert list((tmp_path / "out").glob("*")) == []


@pytest.fixture(scope="module")
def town(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance of one small town, and its build."""
    ledger = release.path / "report" / "ledger.csv"
    return built(write_instance(tmp_path_factory.mktemp("town"), ledger, last=3, areas=1)).parents[1]


def test_the_time_of_each_stage_is_told(town: Path, tmp_path: Path) -> None:
    told = mappe("build", "--output", tmp_path / "link", cwd=town, SOURCE_DATE_EPOCH="1700000000")
    times = [line for line in told.stderr.splitlines() if re.search(r" \d+\.\d\d s$", line)]
    stages = [line.rsplit(maxsplit=2) for line in times]
    assert [name for name, _, _ in stages][-1] == "Done"
    assert len(stages) > 5
    assert all(unit == "s" and float(seconds) >= 0 for _, seconds, unit in stages)
    assert open_release(tmp_path / "link").modified == "2023-11-14"


EXAMPLE = re.compile(
    r"^<[^>]*> <http://www.w3.org/2004/02/skos/core#example> .*$|skos:example [^;.]*[;.]", re.M
)
"""Examples of the ontology are things of the instance that owns it."""

LINKED_TO = re.compile(f'"(\\w+ → )?{re.escape(DEFAULT_BASE)}"')
"""How VoID names the knowledge that the data link to."""
MAKERS = f"@prefix organization: <{DEFAULT_BASE}data/organization/> ."
"""Who made the knowledge stands under its base, and Turtle has a short name for that."""


def test_a_configured_base_is_that_of_all_data(tmp_path: Path) -> None:
    base = "https://dati.example.it/mappe/"
    built = mappe("build", "--output", tmp_path / "link", "--base-uri", base)
    assert built.returncode == 0, built.stderr
    release = open_release(tmp_path / "link")
    assert release.base_uri == base
    for path in release.path.rglob("*"):
        if path.is_file() and path.suffix in {".nq", ".ttl", ".csv"}:
            text = path.read_text(encoding="utf-8")
            for kept in (*KNOWLEDGE_PATHS, "data/organization/mappe-servizi"):
                text = text.replace(f"{DEFAULT_BASE}{kept}", "")
            text = LINKED_TO.sub("", text).replace(MAKERS, "")
            text = EXAMPLE.sub("", text.replace(f"<{DEFAULT_BASE}>", ""))
            assert DEFAULT_BASE not in text, path.name
    assert release.counts["tables"]["services"] == 73


STAGES = {"reading": "current", "dumps": "current.*/dump/*.ttl", "store": "current.*/store/CURRENT"}
STAGES |= {"tables": "current.*/csv/*.csv", "report": "current.*/report/*.csv"}
STAGES |= {"manifest": "current.*/manifest.json", "link": ".current.*.link"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_build_killed_at_any_moment_disturbs_nobody(
    stage: str, release: Release, town: Path, tmp_path: Path
) -> None:
    """The kill comes as soon as the stage's first file is seen."""
    place, former = one_of(stage, release, town)
    link = tmp_path / "current"
    link.symlink_to(former.path)
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    reader = subprocess.Popen([sys.executable, "-c", READER, link], **piped)
    assert reader.stdout.readline() == "ready\n"
    killed = start_build(place, link)
    while killed.poll() is None and not next(tmp_path.glob(STAGES[stage]), None):
        time.sleep(0.001)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert open_release(link).dump_sha256 == former.dump_sha256
    answers, _ = reader.communicate("stop\n", timeout=60)
    assert reader.returncode == 0
    assert int(answers) > 0
    deadline = time.monotonic() + 5  # the kernel ends its processes, and with them what they hold
    while leftover(link) and time.monotonic() < deadline:
        prune(link, 0)
    assert leftover(link) == []


def one_of(moment: str, release: Release, town: Path) -> tuple[Path, Release]:
    """An instance and its build: Cremona, where more than a small town is in processes of its own."""
    return (ROOT, release) if moment == "store" else (town, open_release(town / "build" / "current"))


def leftover(link: Path) -> list[Path]:
    return [path for path in link.parent.glob(f"{link.name}.*") if path.resolve() != link.resolve()]


MOMENTS = {"directory": "current.*", "reading": "current.*/.parts", "store": STAGES["store"]}
MOMENTS |= {"manifest": "current.*/SHA256SUMS"}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_that_is_asked_to_stop_leaves_nothing(
    moment: str, release: Release, town: Path, tmp_path: Path
) -> None:
    place, former = one_of(moment, release, town)
    link = tmp_path / "current"
    link.symlink_to(former.path)
    stopped = start_build(place, link)
    while stopped.poll() is None and not next(tmp_path.glob(MOMENTS[moment]), None):
        time.sleep(0.001)
    assert_stops(stopped, link, former)


def test_a_build_in_several_processes_stops_at_once(two: Path, release: Release, tmp_path: Path) -> None:
    link = tmp_path / "current"
    link.symlink_to(release.path)
    stopped = start_build(ROOT, link, "--data", two, "--jobs", "2")
    while stopped.poll() is None and len(session(stopped.pid)) < 4:
        time.sleep(0.01)
    time.sleep(1)
    began = time.monotonic()
    assert_stops(stopped, link, release)
    assert time.monotonic() - began < 5


def start_build(place: Path, link: Path, *arguments: str | Path) -> "subprocess.Popen[bytes]":
    anew = ["--cache-size", "0", "--output", link, *arguments]  # what is kept would end too soon
    build = [sys.executable, "-m", "mappe_servizi", "build", *anew]
    return subprocess.Popen(build, cwd=place, stderr=subprocess.DEVNULL, start_new_session=True)


def session(leader: int) -> set[int]:
    """The processes of a session that live."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, its_session = path.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == leader and state != "Z":
                found.add(int(path.parent.name))
    return found


def assert_stops(build: "subprocess.Popen[bytes]", link: Path, former: Release) -> None:
    build.send_signal(signal.SIGTERM)
    assert build.wait(30) == 128 + signal.SIGTERM
    deadline = time.monotonic() + 2
    while session(build.pid) and time.monotonic() < deadline:  # multiprocessing's own tracker goes last
        time.sleep(0.01)
    assert session(build.pid) == set()
    assert [path.name for path in link.parent.iterdir()] == [link.name]
    assert open_release(link).path == former.path
