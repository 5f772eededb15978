"""The files for publishing: accepted by their linters, in step with the settings."""

import json
import re
import subprocess

from helpers import ROOT
from mappe_servizi.settings import Settings, rows
from others import Run

DEPLOY = ROOT / "deploy"
PROGRAM = "/srv/mappe-servizi"
"""Where the container has the checkout."""
INSTANCE = "MAPPE_INSTANCE"
"""A variable of update.sh alone: where it finds mappe.toml."""


def test_hadolint_accepts_the_container_file(other: Run) -> None:
    done = other("hadolint", DEPLOY / "Containerfile")
    assert done.returncode == 0, done.stdout


def test_yamllint_accepts_the_compose_file(other: Run) -> None:
    rules = "{extends: default, rules: {line-length: {max: 110}}}"
    done = other("yamllint", "--strict", "-d", rules, DEPLOY / "compose.yaml")
    assert done.returncode == 0, done.stdout


def test_the_compose_file_runs_what_there_is(other: Run) -> None:
    program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))"
    services = json.loads(other("python", "-c", program, DEPLOY / "compose.yaml").stdout)["services"]
    update = services["update"]["entrypoint"][0].removeprefix(f"{PROGRAM}/")
    assert (ROOT / update).stat().st_mode & 0o111
    for service in services.values():
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert not source.startswith(".") or (DEPLOY / source).exists(), source
        assert service["cap_drop"] == ["ALL"]


def test_variables_and_flags_of_the_files_are_settings() -> None:
    known = {row.variable for row in rows()}
    flags = {f"--{row.name}" for row in rows("serve")}
    for path in (p for p in DEPLOY.rglob("*") if p.is_file()):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"MAPPE_[A-Z_]+", text)) <= known | {INSTANCE}, path
        for line in text.splitlines():
            if "mappe serve" in line:
                assert set(re.findall(r"(?<!\S)--[a-z-]+", line)) <= flags, line
    assert Settings().port == 8000


def test_the_shell_script_is_portable() -> None:
    done = subprocess.run(["sh", "-n", DEPLOY / "update.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_w3id_sends_every_path_on_as_it_is() -> None:
    text = (DEPLOY / "w3id" / "mappe-servizi" / ".htaccess").read_text(encoding="utf-8")
    rules = [line.split() for line in text.splitlines() if line.startswith("RewriteRule")]
    assert rules[-1][1] == "^(.*)$"
    assert {"NE", "QSA"} < set(rules[-1][3].strip("[]").split(","))
    assert "example.org" in text  # the target is each instance's own
