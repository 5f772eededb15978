"""What CKAN's harvester of DCAT reads from catalogues, as JSON.

    python ckan_parsers.py PROFILE,PROFILE... CATALOGUE...

Runs where CKAN and ckanext-dcat are installed, and imports nothing of this package. The profile
``scheming`` is the third one with the fields of ckanext-dcat's own full schema.
"""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

FORMATS = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}


def schema() -> dict[str, Any]:
    """The full schema, every field with what its preset says, as ckanext-scheming makes it."""
    import yaml  # noqa: PLC0415  # only there

    dcat = files("ckanext.dcat") / "schemas"
    presets: dict[str, Any] = {}
    for text in (
        (files("ckanext.scheming") / "presets.json").read_text(encoding="utf-8"),
        (dcat / "presets.yaml").read_text(encoding="utf-8"),
    ):
        presets |= {p["preset_name"]: p["values"] for p in yaml.safe_load(text)["presets"]}
    found: dict[str, Any] = yaml.safe_load((dcat / "dcat_ap_full.yaml").read_text(encoding="utf-8"))
    for kind in ("dataset_fields", "resource_fields"):
        found[kind] = [presets.get(field.get("preset"), {}) | field for field in found[kind]]
    return found


def harvested(path: Path, profile: str) -> dict[str, Any]:
    """The data sets of a catalogue, and the page that it says comes next."""
    from ckanext.dcat.processors import RDFParser  # noqa: PLC0415  # only there
    from ckanext.dcat.profiles.base import RDFProfile  # noqa: PLC0415

    RDFProfile._dataset_schema = schema() if profile == "scheming" else None
    parser = RDFParser(profiles=["euro_dcat_ap_3" if profile == "scheming" else profile])
    parser.parse(path.read_text(encoding="utf-8"), _format=FORMATS[path.suffix])
    return {"datasets": list(parser.datasets()), "next": parser.next_page()}


if __name__ == "__main__":
    read = {p: [harvested(Path(name), p) for name in sys.argv[2:]] for p in sys.argv[1].split(",")}
    json.dump(read, sys.stdout, default=str)
