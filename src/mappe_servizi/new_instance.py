"""``mappe init``: the directory of a new instance."""

from __future__ import annotations

from pathlib import Path

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.errors import MappeError
from mappe_servizi.instance import CONFIG_FILE, TEMPLATE
from mappe_servizi.model.tables.local import LOCAL
from mappe_servizi.setting_checks import base_iri

DIRECTORIES = ("data/municipalities", "data/providers", f"data/{LOCAL}")


def make_instance(directory: Path, base_uri: str) -> list[Path]:
    """Make a directory an instance; what stands in it already is left as it is.

    Args:
        directory: where; it need not exist.
        base_uri: under which address the data will be published.

    Returns:
        The files that were written.

    Raises:
        MappeError: the directory is an instance already, or the address cannot be one of its own.
    """
    if (directory / CONFIG_FILE).exists():
        raise MappeError(f"{directory / CONFIG_FILE}: this is an instance already")
    if problem := base_iri(base_uri):
        raise MappeError(f"base-uri {problem}")
    if base_uri == DEFAULT_BASE:
        raise MappeError(
            f"{DEFAULT_BASE} is the address of the ontology and of the first instance; "
            "data of another instance need an address of their own"
        )
    written = []
    for name in DIRECTORIES:
        (directory / name).mkdir(parents=True, exist_ok=True)
    for source in sorted(TEMPLATE.iterdir()):
        target = directory / (".gitignore" if source.name == "gitignore" else source.name)
        if not target.exists():
            text = source.read_text(encoding="utf-8")
            target.write_text(text.replace("{base-uri}", base_uri), encoding="utf-8")
            written.append(target)
    return written
