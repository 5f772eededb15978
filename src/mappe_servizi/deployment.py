"""``mappe deployment``: the files of ``deploy/`` with an instance's address, place and program in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from mappe_servizi.errors import MappeError
from mappe_servizi.instance import knowledge
from mappe_servizi.settings import Settings

FILES = (
    "nginx.conf",
    "Caddyfile",
    "prometheus-alerts.yml",
    "systemd/mappe-servizi.service",
    "systemd/mappe-servizi-update.service",
    "systemd/mappe-servizi-update.timer",
)
HOST, ADDRESS = "mappe.example.org", "127.0.0.1:8000"
PROGRAM, INSTANCE = "/opt/mappe-servizi/bin/mappe", "/var/lib/mappe-servizi/instance"
"""What the files name where an instance has its own."""
BELOW_A_PATH = {"    location / {": "    location {}/ {{", "\thandle {": "\thandle {}/* {{"}
"""The lines of the proxies for the root of a host, and for a path of it."""


def write_deployment(settings: Settings, program: Path, instance: Path, directory: Path) -> list[Path]:
    """Write the files; which.

    Args:
        program: the command ``mappe`` that is to be run.
        instance: the directory of mappe.toml.
        directory: where they are written; it need not exist.

    Raises:
        MappeError: one of them is there already: none is written.
    """
    if there := [str(directory / name) for name in FILES if (directory / name).exists()]:
        raise MappeError(f"there already, and left as they are: {', '.join(there)}")
    changes = dict(_changes(settings, program, instance))
    for name in FILES:
        text = (knowledge("deploy") / name).read_text(encoding="utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    return [directory / name for name in FILES]


def _changes(settings: Settings, program: Path, instance: Path) -> Iterator[tuple[str, str]]:
    """What is written in place of what."""
    yield HOST, urlsplit(settings.public_url or settings.base_uri).hostname or HOST
    yield ADDRESS, f"{settings.host}:{settings.port}"
    yield PROGRAM, str(program)
    yield INSTANCE, str(instance)
    if settings.path_prefix:
        for root, below in BELOW_A_PATH.items():
            yield f"{root}\n", f"{below.format(settings.path_prefix)}\n"
