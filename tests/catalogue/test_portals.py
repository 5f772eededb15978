"""What portals show of the catalogue, field by field: whole records, kept in tests/golden/catalogue.

After a change that is meant, write them anew and look at the difference:

    MAPPE_GOLDEN=write .venv/bin/pytest tests/catalogue/test_portals.py
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, parse

from catalogue_records import FORMATS, by_iri, harvest
from helpers import ROOT, Tell
from mappe_servizi.rehearsal.harvesters import dcatapit
from mappe_servizi.rehearsal.harvesters.ckan import IRIS
from mappe_servizi.rehearsal.triples import Triples
from mappe_servizi.releases import Release
from mappe_servizi.rights import Licences

GOLDEN = ROOT / "tests" / "golden" / "catalogue"
PROFILES = ("euro_dcat_ap", "euro_dcat_ap_2", "euro_dcat_ap_3", "scheming")
VARYING = {"size": 0, "hash": "of the file"}
"""What changes with any figure of the data; that it is right is tested elsewhere."""


def golden(name: str, found: object) -> None:
    path = GOLDEN / f"{name}.json"
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("MAPPE_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path}: see the head of this file"


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what varies."""
    resources = [plain(resource) for resource in record.get("resources", ())]
    return {k: VARYING.get(k, v) for k, v in record.items()} | ({"resources": resources} if resources else {})


def fields(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every field of a record that has an IRI for its value, with each of its values."""
    for key, value in record.items():
        if key == "resources":
            for resource in value:
                yield from fields(resource)
        elif key in IRIS:
            yield from ((key, str(v)) for v in (value if isinstance(value, list) else [value]))


@pytest.mark.parametrize("profile", PROFILES)
def test_ckan_s_whole_record_of_every_data_set(profile: str, release: Release, tell: Tell) -> None:
    by_format = [
        [plain(r) for r in by_iri(one)]
        for one in harvest(profile, [release.path / f"catalogue.{f}" for f in FORMATS])
    ]
    assert by_format[0] == by_format[1] == by_format[2]
    found = [pair for record in by_format[0] for pair in fields(record)]
    assert not [pair for pair in found if not re.match(r"https?://\S+$", pair[1])]
    assert {"url", "frequency", "license", "status", "access_rights", "theme"} <= {key for key, _ in found}
    golden(profile, by_format[0])
    tell(f"CKAN, {profile}: {len(by_format[0])} data sets, {len(found)} values are IRIs where they must be")


def test_an_italian_portal_s_whole_record_of_every_data_set(release: Release) -> None:
    licences = Licences.load(ROOT / "data" / "knowledge").all
    found = list(dcatapit.records(Triples.of_file(release.path / "catalogue.ttl"), licences).values())
    for record in found:
        assert record["frequency"] == "IRREG"
        assert record["language"] == ["ENG", "ITA"]
        assert record["license_id"] == "A21_CCBY40"
        assert all(re.fullmatch(r"[A-Z_]+", str(r["format"])) for r in record["resources"])
    golden("dcatapit", found)


def test_a_label_in_the_place_of_an_iri_is_found_out(release: Release, tmp_path: Path) -> None:
    text = (release.path / "catalogue.ttl").read_text(encoding="utf-8")
    path = tmp_path / "catalogue.ttl"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    path.write_text(
        f'{text}\n<http://publications.europa.eu/resource/authority/frequency/IRREG> {label} "x"@en .\n'
    )
    [read] = harvest("euro_dcat_ap_3", [path])
    assert {d["frequency"] for d in read["datasets"]} == {"x"}


def test_no_document_of_the_catalogue_labels_what_is_not_ours(release: Release) -> None:
    base = release.base_uri
    ours = (f"{base}data/", f"{base}catalogue", f"{base}sparql#", f"{base}api/#", f"{base}reconcile#")
    paths = [
        p
        for p in release.path.glob("**/*")
        if re.fullmatch(r"catalogue(/\d+)?\.(ttl|rdf|jsonld|nt)", str(p.relative_to(release.path)))
    ]
    paths.append(release.path / "dump" / "catalogue.ttl")
    assert len(paths) > 8
    for path in paths:
        labelled = {
            q.subject.value for q in parse(path=path) if q.predicate.value.endswith("rdf-schema#label")
        }  # type: ignore[union-attr]
        assert labelled
        foreign = {iri for iri in labelled if not iri.startswith(ours)}
        assert all("/media-types/" in iri for iri in foreign), foreign  # a MIME type is what CKAN wants there


def test_whatever_the_catalogue_points_to_has_its_name_in_the_default_graph(release: Release) -> None:
    named: dict[str, set[str]] = {}
    pointed: set[str] = set()
    kinds = {"Concept", "ConceptScheme", "Standard", "LicenseDocument"}
    for quad in parse(path=release.dump):
        subject, kind = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        if quad.predicate.value.endswith("rdf-schema#label") and not isinstance(quad.graph_name, NamedNode):
            named.setdefault(subject, set()).add(quad.object.language or "")  # type: ignore[union-attr]
        elif str(quad.graph_name).endswith("graph/catalogue>") and re.split("[/#]", kind)[-1] in kinds:
            pointed.add(subject)
    assert len(pointed) > 40
    # An English label that equals the Italian one is left out.
    assert not {iri for iri in pointed if "it" not in named.get(iri, set())}
