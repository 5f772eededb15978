"""What CKAN's harvester of DCAT reads from a catalogue, as JSON. Runs in .venv/harvest."""

import json
import sys
from pathlib import Path


def harvested(path: Path) -> dict[str, object]:
    from ckanext.dcat.processors import RDFParser  # noqa: PLC0415  # only there is it installed

    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    formats = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}
    parser.parse(path.read_text(encoding="utf-8"), _format=formats[path.suffix])
    return {"datasets": list(parser.datasets()), "next": parser.next_page()}


if __name__ == "__main__":
    json.dump([harvested(Path(name)) for name in sys.argv[1:]], sys.stdout, default=str)
