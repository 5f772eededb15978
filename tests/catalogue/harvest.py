"""What CKAN's harvester of DCAT reads from a catalogue, as JSON. Runs in .venv/harvest."""

import json
import sys
from pathlib import Path

from ckanext.dcat.processors import RDFParser

found = []
for path in sys.argv[1:]:
    suffix = path.rsplit(".", 1)[1]
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    with Path(path).open(encoding="utf-8") as file:
        parser.parse(file.read(), _format={"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}[suffix])
    found.append({"datasets": list(parser.datasets()), "next": parser.next_page()})
json.dump(found, sys.stdout, default=str)
