"""A build on a cluster that loses a machine, against the same build in processes.

    python -m bench.spark [--instance DIR | --municipalities N]

A standalone cluster on loopback: a master and two workers of one core each, of which one is killed once the
first municipality is there. Printed: whether the dump has the same bytes, and wall time as a ratio to two
processes of this machine; before it, the same of a cluster that loses nothing.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

LOOPBACK = "127.0.0.1"
LOST = 10
"""Seconds without a heartbeat after which a worker is lost (60 if one does not say)."""
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"
WAIT = 180.0


@contextmanager
def daemon(kind: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of a cluster, with all that it starts; it ends with the block."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.submodule_search_locations
    home = Path(found.submodule_search_locations[0])
    own = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_MASTER_OPTS": f"-Dspark.worker.timeout={LOST}",
        "SPARK_WORKER_OPTS": f"-Dspark.worker.timeout={LOST}",
    }
    command = [str(home / "bin" / "spark-class"), kind, "--host", LOOPBACK, *arguments]
    with subprocess.Popen(
        command, env=os.environ | own, start_new_session=True, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, as a machine that is switched off."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def cluster(place: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A master's address and two workers."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    address = f"spark://{LOOPBACK}:{port}"
    one = ("--cores", "1", "--memory", "2g", "--webui-port", "0", address)
    with daemon(MASTER, "--port", str(port), "--webui-port", "0"):
        wait_for(lambda: answers(port))
        with (
            daemon(WORKER, "--work-dir", str(place / "one"), *one) as first,
            daemon(WORKER, "--work-dir", str(place / "two"), *one) as second,
        ):
            yield address, [first, second]


def answers(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as asked:
        return asked.connect_ex((LOOPBACK, port)) == 0


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so.

    Raises:
        SystemExit: it never is.
    """
    end = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > end:
            sys.exit("the cluster does not start")
        time.sleep(0.2)


def build(
    instance: Path, output: Path, *arguments: str, lose: subprocess.Popen[bytes] | None = None
) -> float:
    """Build an instance; returns the seconds.

    Args:
        instance: where mappe.toml is.
        output: the link.
        arguments: more of them.
        lose: what is killed once the first municipality is there.

    Raises:
        SystemExit: it fails.
    """
    command = [sys.executable, "-m", "mappe_servizi", "build", "--cache-size", "0", "--output", str(output)]
    began = time.monotonic()
    with subprocess.Popen(
        [*command, *arguments],
        cwd=instance,
        env=os.environ | {"SPARK_LOCAL_IP": LOOPBACK},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while lose is not None and process.poll() is None:
            if any(output.parent.glob("*/.parts/municipality-*/town.json")):
                kill(lose)
                print("one of two workers is killed", flush=True)
                break
            time.sleep(0.1)
        _, said = process.communicate()
    if process.returncode:
        sys.exit(said)
    return time.monotonic() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--instance", type=Path, help="what `mappe synthesize` wrote; made where not given")
    parser.add_argument("--municipalities", default="4")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        instance = asked.instance or place / "instance"
        if asked.instance is None:
            made = ("synthesize", "--municipalities", asked.municipalities, "--output", str(instance))
            subprocess.run([sys.executable, "-m", "mappe_servizi", *made], check=True)
        local = build(instance, place / "local" / "current", "--jobs", "2")
        dump = (place / "local" / "current" / "dump" / "mappe-servizi.nq").read_bytes()
        print(f"{'two processes':<28} {local:7.1f} s", flush=True)
        for what, losing in (("two workers", False), ("two workers, one killed", True)):
            output = place / f"spark-{losing}" / "current"
            with cluster(place / f"workers-{losing}") as (address, workers):
                arguments = ("--runner", "spark", "--spark-master", address)
                seconds = build(instance, output, *arguments, lose=workers[0] if losing else None)
            same = (output / "dump" / "mappe-servizi.nq").read_bytes() == dump
            print(
                f"{what:<28} {seconds:7.1f} s {seconds / local:6.2f} x, "
                f"{'the same bytes' if same else 'OTHER BYTES'}",
                flush=True,
            )


if __name__ == "__main__":
    main()
