"""Where a report is written."""

import os
import threading
from pathlib import Path

from mappe_servizi.checks.shacl import read_data, read_shape_file, validate, write_report


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("<urn:s> a <http://www.w3.org/ns/shacl#NodeShape> .")
    data = tmp_path / "data.nt"
    data.write_text("<urn:a> <urn:b> <urn:c> .\n")
    report = validate(read_data([data]), read_shape_file(shapes), "pyshacl")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_report(report, pipe)
    reader.join(10)
    assert pipe.is_fifo()
    assert b"ValidationReport" in read[0]
    write_report(report, tmp_path / "report.ttl")
    assert (tmp_path / "report.ttl").read_bytes() == read[0]
