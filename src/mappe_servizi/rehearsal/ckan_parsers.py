"""What CKAN's harvester of DCAT reads from catalogues, as JSON. Runs in .venv/harvest.

    python harvest.py PROFILE CATALOGUE...

The profile ``scheming`` is the third one with the fields of ckanext-dcat's own full schema.
"""

import json
import sys
from importlib.resources import files
from pathlib import Path

# CKAN is imported where it is used: only there is it installed, and pytest looks into every module.

FORMATS = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}


def schema() -> dict[str, object]:
    """The full schema, every field with what its preset says, as ckanext-scheming makes it."""
    import yaml  # noqa: PLC0415

    dcat = files("ckanext.dcat") / "schemas"
    presets = {}
    for text in (
        (files("ckanext.scheming") / "presets.json").read_text(encoding="utf-8"),
        (dcat / "presets.yaml").read_text(encoding="utf-8"),
    ):
        presets |= {p["preset_name"]: p["values"] for p in yaml.safe_load(text)["presets"]}
    found = yaml.safe_load((dcat / "dcat_ap_full.yaml").read_text(encoding="utf-8"))
    for kind in ("dataset_fields", "resource_fields"):
        found[kind] = [presets.get(field.get("preset"), {}) | field for field in found[kind]]
    return found


def harvested(path: Path, profile: str) -> dict[str, object]:
    from ckanext.dcat.processors import RDFParser  # noqa: PLC0415
    from ckanext.dcat.profiles.base import RDFProfile  # noqa: PLC0415

    RDFProfile._dataset_schema = schema() if profile == "scheming" else None
    parser = RDFParser(profiles=["euro_dcat_ap_3" if profile == "scheming" else profile])
    parser.parse(path.read_text(encoding="utf-8"), _format=FORMATS[path.suffix])
    return {"datasets": list(parser.datasets()), "next": parser.next_page()}


if __name__ == "__main__":
    json.dump([harvested(Path(name), sys.argv[1]) for name in sys.argv[2:]], sys.stdout, default=str)
