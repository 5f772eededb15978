"""Other engines on the data of a release, as test fixtures need them: started, loaded, stopped."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyoxigraph import RdfFormat, serialize

from mappe_servizi.release import Release
from rdf import BASE, data_triples

GRAPH = f"{BASE}graph/data"
INI = """[Database]
DatabaseFile = {directory}/virtuoso.db
ErrorLogFile = {directory}/virtuoso.log
LockFile = {directory}/virtuoso.lck
TransactionFile = {directory}/virtuoso.trx
xa_persistent_file = {directory}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {directory}/virtuoso-temp.db
TransactionFile = {directory}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 8
NumberOfBuffers = 20000
DirsAllowed = {directory}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryExecutionTime = 60
"""


class MissingEngineError(Exception):
    """An engine's program is not installed."""


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def write_data(release: Release, path: Path) -> None:
    """The data of a release as N-Triples."""
    serialize(data_triples(release), path, RdfFormat.N_TRIPLES)


def wait_for(url: str, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the engine ended with {process.returncode}"
        try:
            if httpx.get(url, params={"query": "ASK {}"}, timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {url}")


@contextmanager
def running(command: list[str], **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


@contextmanager
def oxigraph(release: Release, directory: Path) -> Iterator[str]:
    """The ``oxigraph`` server on the release's data."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        raise MissingEngineError("the oxigraph server is not installed (PyPI: oxigraph)")
    data, port = directory / "data.nt", free_port()
    write_data(release, data)
    subprocess.run(
        [program, "load", "--location", directory / "store", "--file", data], check=True, capture_output=True
    )
    url = f"http://127.0.0.1:{port}/query"
    command = [
        str(program),
        "serve-read-only",
        "--location",
        str(directory / "store"),
        "--bind",
        f"127.0.0.1:{port}",
    ]
    with running(command) as process:
        wait_for(url, process)
        yield url


@contextmanager
def virtuoso(release: Release, directory: Path) -> Iterator[str]:
    """Virtuoso (Debian: virtuoso-opensource-7) on the release's data, in the graph of the contract."""
    program, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or isql is None:
        raise MissingEngineError("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    write_data(release, directory / "data.nt")
    sql, http = free_port(), free_port()
    ini = directory / "virtuoso.ini"
    ini.write_text(INI.format(directory=directory, sql=sql, http=http))
    url = f"http://127.0.0.1:{http}/sparql"
    with running([program, "+foreground", "+configfile", str(ini)], cwd=directory) as process:
        wait_for(url, process)
        load = f"ld_dir('{directory}', 'data.nt', '{GRAPH}'); rdf_loader_run(); checkpoint;"
        command = [isql, f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=300, check=False, env=os.environ
        )
        assert done.returncode == 0, done.stdout + done.stderr
        yield url
