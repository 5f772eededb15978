"""The catalogue as others read it: European shapes, CKAN's harvester, our rules of DCAT-AP_IT."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from catalogue_records import FORMATS, harvest
from helpers import ROOT, Tell
from mappe_servizi.checks.shacl import read_data, read_shape_file, validate
from mappe_servizi.releases import Release

DCAT = "http://www.w3.org/ns/dcat#"
SHAPES = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "shapes_recommended.ttl")
# The shape asks for an address that SPDX has never had: https in place of its own http.
KNOWN = "http://data.europa.eu/r5r#ChecksumAlgorithmRestriction"
EXPECTED = ("identifier", "theme", "frequency", "publisher_name", "modified", "temporal_start", "spatial_uri")


@pytest.mark.parametrize("shapes", SHAPES)
def test_the_shapes_of_dcat_ap_3_find_no_violation(
    shapes: str, release: Release, reference: Path, tell: Tell
) -> None:
    data = read_data([release.path / "catalogue.ttl"])
    rules = read_shape_file(reference / "eu" / "dcat-ap-3.0.1" / shapes)
    report = validate(data, rules, "pyshacl")
    bad = [r for r in report.results if r.severity == "Violation" and KNOWN not in r.message]
    tell(f"DCAT-AP 3.0.1 {shapes}: {dict(report.counts)}, of which {len(bad)} are violations that count")
    assert not bad, bad[:5]


def test_the_rules_of_dcat_ap_it_hold_and_can_fail(release: Release, tell: Tell) -> None:
    rules = read_shape_file(ROOT / "shapes" / "catalogue.ttl")
    lines = read_data([release.path / "catalogue.ttl"]).splitlines()
    report = validate(b"\n".join(lines), rules)
    assert not report.violations, report.results[:5]
    required = (
        "terms/identifier", "terms/title", "terms/description", "terms/modified", "terms/publisher",
        "terms/rightsHolder", "terms/accrualPeriodicity", "terms/license", "terms/format", "dcat#theme",
        "dcat#accessURL", "dcat#distribution", "dcat#themeTaxonomy", "dcatapit#startDate", "foaf/0.1/name",
        "dcatapit#geographicalIdentifier",
    )  # fmt: skip
    for name in required:
        without = [line for line in lines if not line.split(b" ")[1].endswith(f"{name}>".encode())]
        assert len(without) < len(lines), name
        assert validate(b"\n".join(without), rules).violations, f"nothing is said where {name} is missing"
    tell(f"DCAT-AP_IT: {len(required)} mandatory properties, each missed when it is taken away")


def test_the_formats_say_the_same(release: Release) -> None:
    def triples(path: Path) -> set[str]:
        kind = RdfFormat.from_extension(path.suffix[1:])
        assert kind is not None
        return set(
            serialize((q.triple for q in parse(path=path, format=kind)), format=RdfFormat.N_TRIPLES)
            .decode()
            .splitlines()  # type: ignore[union-attr]
        )

    one, two, three = (triples(release.path / f"catalogue.{f}") for f in FORMATS)
    assert one == two == three


def test_ckan_reads_every_data_set_and_file(release: Release, tell: Tell) -> None:
    paths = [release.path / f"catalogue.{f}" for f in FORMATS]
    read = harvest("euro_dcat_ap_3", paths)
    named = {q.subject for q in parse(path=paths[0]) if q.predicate.value == f"{DCAT}distribution"}
    files = [q.object for q in parse(path=paths[0]) if q.predicate.value == f"{DCAT}distribution"]
    for harvested in read:
        assert len(harvested["datasets"]) == len(named)
        identifiers = set()
        for dataset in harvested["datasets"]:
            found = dataset
            assert dataset["title"]
            assert dataset["notes"]
            expected = [name for name in EXPECTED if "temporal" not in name and "spatial" not in name]
            own = found["uri"].endswith(("/ontology", "/vocabularies"))  # of no place and no year
            missing = [name for name in (expected if own else EXPECTED) if not found.get(name)]
            assert not missing, dataset["title"]
            identifiers.add(found["identifier"])
            for resource in dataset["resources"]:
                for name in ("name", "url", "format", "license", "mimetype", "description"):
                    assert resource.get(name), (dataset["title"], name)
        assert len(identifiers) == len(named)
        assert sum(len(d["resources"]) for d in harvested["datasets"]) == len(files)
    tell(f"ckanext-dcat read {len(named)} data sets with {len(files)} files, in {', '.join(FORMATS)}")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_pages_together_say_what_the_catalogue_says(suffix: str, release: Release) -> None:
    def lines(path: Path) -> set[str]:
        kind = RdfFormat.from_extension(path.suffix[1:])
        assert kind is not None
        return {str(q.triple) for q in parse(path=path, format=kind)}

    pages = [lines(path) for path in (release.path / "catalogue").glob(f"*.{suffix}")]
    whole, paged = lines(release.path / f"catalogue.{suffix}"), set().union(*pages)
    assert not whole - paged
    assert all("hydra" in line for line in paged - whole)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_chain_of_pages_ends_and_has_everything(suffix: str, release: Release) -> None:
    pages = sorted((release.path / "catalogue").glob(f"*.{suffix}"))
    assert len(pages) > 1
    harvested = harvest("euro_dcat_ap_3", pages)
    read = dict(zip([p.stem for p in pages], harvested, strict=True))
    number, seen, uris = "1", [], []
    while number:
        assert number not in seen, "the chain has a loop"
        seen.append(number)
        uris += [d["uri"] for d in read[number]["datasets"]]
        address = urlsplit(read[number]["next"] or "")
        assert not address.path or address.path.endswith(f"/catalogue.{suffix}")
        number = parse_qs(address.query).get("page", [""])[0]
    assert len(seen) == len(pages)
    whole = {
        q.object.value
        for q in parse(path=release.path / "catalogue.ttl")
        if q.predicate.value == f"{DCAT}dataset" and isinstance(q.object, NamedNode)
    }
    assert sorted(uris) == sorted(whole)


def test_the_catalogue_is_the_same_in_every_format(release: Release) -> None:
    suffixes = ("ttl", "rdf", "nt", "jsonld")
    read = {s: {str(triple) for triple in parse(path=release.path / f"catalogue.{s}")} for s in suffixes}
    assert len(read["nt"]) > 2000
    assert all(triples == read["nt"] for triples in read.values())
