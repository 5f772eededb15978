"""Other engines on the data of a release, as their users run them: for tests and the benchmark."""

import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox

from mappe_servizi.rehearsal.entrance import free_port
from served import BASE, Served

DATA = f"{BASE}graph/data"
"""The graph of the data on engines whose default graph is not a graph of its own."""
VIRTUOSO = shutil.which("virtuoso-t")
INI = """
[Database]
DatabaseFile = {dir}/virtuoso.db
ErrorLogFile = {dir}/virtuoso.log
LockFile = {dir}/virtuoso.lck
TransactionFile = {dir}/virtuoso.trx
xa_persistent_file = {dir}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {dir}/temp.db
TransactionFile = {dir}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {dir}
NumberOfBuffers = 60000
MaxDirtyBuffers = 40000
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {dir}
ServerThreads = 40
MaxClientConnections = 40
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 30
"""


def named(dump: Path, target: Path) -> None:
    """The dump with the data in a graph of their own, as remote engines hold them."""
    graph = f" <{DATA}> .\n".encode()
    with dump.open("rb") as source, target.open("wb") as output:
        for line in source:
            quad = next(ox.parse(line, format=ox.RdfFormat.N_QUADS))
            in_default = isinstance(quad.graph_name, ox.DefaultGraph)
            output.write(line.rstrip(b"\n").removesuffix(b" .") + graph if in_default else line)


def virtuoso(dump: Path, directory: Path) -> Served:
    """Virtuoso, its data loaded with its own bulk loader."""
    directory.mkdir(parents=True, exist_ok=True)
    named(dump, directory / "data.nq")
    port, sql = free_port(), free_port()
    (directory / "virtuoso.ini").write_text(INI.format(dir=directory, port=port, sql=sql))
    command = ["virtuoso-t", "+foreground", "+configfile", str(directory / "virtuoso.ini")]
    served = Served(command, port, "/sparql?query=ASK%7B%7D")
    statements = f"ld_dir('{directory}', 'data.nq', '{DATA}'); rdf_loader_run(); checkpoint;"
    loaded = subprocess.run(
        ["isql-vt", str(sql), "dba", "dba", f"exec={statements}"], capture_output=True, text=True, check=False
    )
    if loaded.returncode:
        served.stop()
        raise RuntimeError(loaded.stdout + loaded.stderr)
    return served


def oxigraph(store: Path) -> Served:
    """The oxigraph server on a release's own store."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("oxigraph")), "serve-read-only",
        "--location", str(store), "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    return Served(command, port, "/query?query=ASK%7B%7D")


def loaded_oxigraph(dump: Path, directory: Path) -> Served:
    """An oxigraph server that is loaded over the Graph Store Protocol."""
    directory.mkdir(parents=True, exist_ok=True)
    named(dump, directory / "data.nq")
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("oxigraph")), "serve",
        "--location", str(directory / "store"), "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    served = Served(command, port, "/query?query=ASK%7B%7D")
    response = httpx.post(
        f"{served.url}/store",
        content=(directory / "data.nq").read_bytes(),
        headers={"content-type": "application/n-quads"},
        timeout=300,
    )
    response.raise_for_status()
    return served


def rdflib_endpoint(dump: Path, directory: Path) -> Served:
    """rdflib-endpoint on the triples of the data, which is what it holds in memory."""
    directory.mkdir(parents=True, exist_ok=True)
    triples = directory / "data.nt"
    with triples.open("wb") as output:
        for line in dump.read_bytes().splitlines(keepends=True):
            quad = next(ox.parse(line, format=ox.RdfFormat.N_QUADS))
            if isinstance(quad.graph_name, ox.DefaultGraph):
                output.write(line)
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("rdflib-endpoint")), "serve", str(triples),
        "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    return Served(command, port, "/?query=ASK%7B%7D")
