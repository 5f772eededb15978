"""A real OpenRefine, driven over its HTTP API on loopback: reconcile 50 dirty names, extend them."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import httpx
import pytest

from helpers import Tell
from mappe_servizi.rehearsal.entrance import free_port
from mappe_servizi.releases import Release
from served import Served

ROWS = 50


def below(pid: int) -> list[int]:
    """The processes that a process started, and those that these started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in children.read_text().split()] if children.exists() else []
    return [found for child in own for found in (child, *below(child))]


class OpenRefine(Served):
    """An OpenRefine process and the few commands of its API that the test needs."""

    def __init__(self, directory: Path) -> None:
        port = free_port()
        command = ["openrefine", "-p", str(port), "-i", "127.0.0.1", "-d", str(directory), "-m", "512M",
                   "-x", "refine.headless=true"]  # fmt: skip
        super().__init__(command, port, "/command/core/get-version", HOME=str(directory))
        self.http = httpx.Client(base_url=self.url, timeout=60)

    def stop(self, number: int = signal.SIGTERM, seconds: float = 20) -> int:
        # What was started is a script that starts a script, and neither ends its Java with itself.
        for pid in below(self.process.pid):
            os.kill(pid, number)
        return super().stop(number, seconds)

    def command(self, name: str, parameters: dict[str, str], **data: str) -> Any:
        token = self.http.get("/command/core/get-csrf-token").json()["token"]
        answer = self.http.post(
            f"/command/core/{name}", params={**parameters, "csrf_token": token}, data=data
        )
        answer.raise_for_status()
        return answer.json()

    def project(self, text: str) -> str:
        token = self.http.get("/command/core/get-csrf-token").json()["token"]
        answer = self.http.post(
            "/command/core/create-project-from-upload",
            params={"csrf_token": token},
            files={"project-file": ("names.csv", text.encode(), "text/csv")},
            data={"project-name": "names", "format": "text/line-based/*sv", "options": '{"separator":","}'},
        )
        return parse_qs(urlparse(answer.headers["location"]).query)["project"][0]

    def wait(self, project: str) -> None:
        for _ in range(600):
            if not self.http.get("/command/core/get-processes", params={"project": project}).json()[
                "processes"
            ]:
                return
            time.sleep(0.1)
        raise TimeoutError("OpenRefine is still working")


@pytest.fixture(scope="module")
def openrefine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRefine]:
    if shutil.which("openrefine") is None:
        pytest.skip("the Debian package openrefine is not installed (scripts/ci-packages.txt)")
    with OpenRefine(tmp_path_factory.mktemp("openrefine")) as process:
        yield process


def dirty_names(release: Release) -> list[tuple[str, str]]:
    """Names as the document prints them, with a typing error or other case; and who they are."""
    with (release.path / "csv" / "engagements.csv").open(encoding="utf-8", newline="") as file:
        names = sorted({(row["mention"], row["provider"]) for row in csv.DictReader(file)})
    rng = random.Random(5)
    return [(spoil(name, rng), provider) for name, provider in rng.sample(names, ROWS)]


def spoil(name: str, rng: random.Random) -> str:
    """Change the case, or swap two letters of a longer word."""
    if rng.random() < 0.3:
        return name.upper()
    words = name.split()
    long = [i for i, word in enumerate(words) if len(word) > 5]
    if long:
        i = rng.choice(long)
        at = rng.randrange(1, len(words[i]) - 2)
        word = words[i]
        words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def test_fifty_dirty_names(openrefine: OpenRefine, served: Served, release: Release, tell: Tell) -> None:
    names = dirty_names(release)
    text = io.StringIO()
    csv.writer(text).writerows([("name", "truth"), *names])
    project = openrefine.project(text.getvalue())
    space = f"{release.base_uri}data/"
    service = f"{served.url}/reconcile"
    config = {
        "mode": "standard-service", "service": service, "identifierSpace": space,
        "schemaSpace": f"{release.base_uri}onto/MDS/", "autoMatch": True, "columnDetails": [], "limit": 0,
        "batchSize": 10, "type": {"id": "provider", "name": "Fornitore"},
    }  # fmt: skip
    engine = json.dumps({"facets": [], "mode": "row-based"})
    columns = {"project": project}
    openrefine.command("reconcile", columns, columnName="name", config=json.dumps(config), engine=engine)
    openrefine.wait(project)
    rows = fetched(openrefine, project)
    matched = [(cells[0].get("r") or {}, cells[1]["v"]) for cells in rows]
    first = [(r.get("m") or (r.get("c") or [{}])[0]).get("id", "") for r, _ in matched]
    right = sum(space + i == truth for i, (_, truth) in zip(first, matched, strict=True))
    automatic = [(r["m"]["id"], truth) for r, truth in matched if r.get("j") == "matched"]
    wrong = sum(space + i != truth for i, truth in automatic)
    wanted = [{"id": "legalForm", "name": "Forma giuridica"}, {"id": "services", "name": "Servizi"}]
    extension = json.dumps({"properties": wanted})
    openrefine.command(
        "extend-data", columns, baseColumnName="name", endpoint=service, identifierSpace=space,
        schemaSpace=config["schemaSpace"], columnInsertIndex="1", extension=extension, engine=engine,
    )  # fmt: skip
    openrefine.wait(project)
    extended = fetched(openrefine, project)
    services = sum(len(cells) > 3 and bool(cells[3]) for cells in extended if cells[0])
    tell(
        f"OpenRefine: {len(rows)} dirty names, {right} with the right candidate first, "
        f"{len(automatic)} matched by itself of which {wrong} wrong; {services} extended with services"
    )
    assert len(rows) == ROWS
    assert right >= 0.95 * ROWS
    assert len(automatic) >= 0.7 * ROWS
    assert wrong == 0
    assert services == len(automatic)


def fetched(openrefine: OpenRefine, project: str) -> list[list[dict[str, Any]]]:
    """The cells of every row, with their reconciliation."""
    parameters = {"project": project, "start": "0", "limit": "500"}
    answer = openrefine.command(
        "get-rows", parameters, engine=json.dumps({"facets": [], "mode": "row-based"})
    )
    pool = answer.get("pool", {}).get("recons", {})
    rows = []
    for row in answer["rows"]:
        cells = [dict(cell or {}) for cell in row["cells"]]
        for cell in cells:
            if str(cell.get("r")) in pool:
                cell["r"] = pool[str(cell["r"])]
        rows.append(cells)
    return rows
