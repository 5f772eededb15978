"""`mappe rehearse`: everything is harvested from a release as it should be, and what would not be is told."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from helpers import ROOT, Tell, mappe
from mappe_servizi.rehearsal.entrance import Redirecting
from mappe_servizi.rehearsal.harvesters import HARVESTERS
from mappe_servizi.rehearsal.harvesters.ckan import PROFILES
from mappe_servizi.rehearsal.kept import FILE
from served import serve

Kept = dict[str, dict[str, Any]]
EU = "http://publications.europa.eu/resource/authority/"
DATA_SETS = len(tomllib.loads((ROOT / "data" / "knowledge" / "datasets.toml").read_text())["dataset"])
"""Those of the catalogue, which has one municipality in one edition."""
VARIOUS = ("provenance", "rights")
"""Texts in two languages, of which CKAN shows either."""


def kept(directory: Path) -> Kept:
    found: Kept = json.loads((directory / FILE).read_bytes())
    return found


@pytest.fixture(scope="module")
def rehearsed(released: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What a whole rehearsal prints, and where it kept it."""
    place = tmp_path_factory.mktemp("kept")
    done = mappe("rehearse", "--release", released, "--output", place)
    assert done.returncode == 0, done.stdout[:3000] + done.stderr
    return done.stdout, place


def test_a_release_loses_nothing(rehearsed: tuple[str, Path], tell: Tell) -> None:
    printed, place = rehearsed
    assert printed.startswith("# What a harvester would lose: nothing\n")
    assert "# Differences: this is the first rehearsal" in printed
    found = kept(place)
    notes = {name: " ".join(account["notes"]) for name, account in found.items()}
    assert not [n for n in notes.items() if "left out" in n[1]], "others' programs must be there: `make test`"
    assert not [name for name, account in found.items() if account["losses"]]
    [iris] = [note for name, note in notes.items() if name.startswith("linked data clients")]
    asked, of = map(int, re.findall(r"(\d+) of (\d+) IRIs", iris)[0])
    assert asked == of > 7000
    tell(f"rehearsal: {notes}")


def test_every_harvester_has_every_data_set(rehearsed: tuple[str, Path]) -> None:
    printed, place = rehearsed
    found = kept(place)
    names = [f"CKAN, ckanext-dcat, profile {p}" for p in PROFILES]
    names += ["CKAN, by its rules", "Italian portals, ckanext-dcatapit's mapping"]
    names += ["search engines: data sets' pages"]
    for name in names:
        assert len(found[name]["records"]) == DATA_SETS, name
        assert printed.count(f"\n# {name}\n") == 1
    for iri in found["CKAN, by its rules"]["records"]:
        assert printed.count(f"\n## {iri}\n") == len(names)


def test_our_reading_of_ckan_s_rules_is_ckan_s(rehearsed: tuple[str, Path]) -> None:
    found = kept(rehearsed[1])
    ours = found["CKAN, by its rules"]["records"]
    theirs = found["CKAN, ckanext-dcat, profile euro_dcat_ap"]["records"]
    assert ours.keys() == theirs.keys()
    compared = 0
    for iri, record in ours.items():
        pairs = [(record, theirs[iri]), *zip(record["resources"], theirs[iri]["resources"], strict=True)]
        for one, other in pairs:
            same = {key for key in one if key not in {"resources", *VARIOUS}}
            assert {key: one[key] for key in same} == {key: other.get(key) for key in same}
            compared += len(same)
    assert compared > 1000


def test_the_second_rehearsal_tells_what_is_different(released: Path, tmp_path: Path) -> None:
    arguments = ("rehearse", "--release", released, "--output", tmp_path, "--only", "dcatapit")
    first = mappe(*arguments)
    assert "# Differences: this is the first rehearsal" in first.stdout
    assert "# Differences from the last rehearsal: none" in mappe(*arguments).stdout
    path = tmp_path / FILE
    now = json.loads(path.read_bytes())
    [account] = now.values()
    iri = next(iter(account["records"]))
    account["records"][iri]["frequency"] = "ANNUAL"
    account["records"]["https://example.org/gone"] = {"title": "Gone"}
    del account["records"][iri]["resources"][0]
    path.write_text(json.dumps(now), encoding="utf-8")
    third = mappe(*arguments)
    assert third.returncode == 0
    assert "# Differences from the last rehearsal: 3" in third.stdout
    assert f'{iri}: frequency: "ANNUAL" is now "IRREG"' in third.stdout
    assert "https://example.org/gone: the record is gone" in third.stdout
    path.write_text("[]", encoding="utf-8")
    refused = mappe(*arguments)
    assert (refused.returncode, str(path) in refused.stderr) == (1, True)


LABEL = f'<{EU}frequency/IRREG> <http://www.w3.org/2000/01/rdf-schema#label> "irregular"@en .\n'
CASES = [
    ("ckan", "catalogue.ttl", "\ndcatap: a ", f"\n{LABEL}dcatap: a ", "frequency is 'irregular', no IRI"),
    ("ckan", "catalogue.ttl", " ;\n\tdcat:landingPage ", " ;\n\tdct:relation ", "url is missing"),
    ("ckan", "catalogue.ttl", "a dcatapit:Dataset , dcat:Dataset", "a dcat:Thing", "is not harvested"),
    ("catalogue", "catalogue.rdf", "Cremona", "Crema", "its RDF/XML has"),
    ("catalogue", "catalogue/1.ttl", "hydra:next ", "hydra:last ", "it is on no page of catalogue.ttl"),
    (
        "catalogue",
        "catalogue.ttl",
        '"c_d150:mappe-servizi:users"',
        '"c_d150:mappe-servizi:all"',
        "the identifier",
    ),
    ("dcatapit", "catalogue.ttl", "a dcatapit:Dataset , ", "a ", "it is no dcatapit:Dataset"),
    (
        "dcatapit",
        "catalogue.ttl",
        "data-theme:GOVE",
        "data-theme:COMUNI",
        "theme is 'COMUNI', none",
    ),
    ("dcatapit", "catalogue.ttl", "frequency/IRREG>", "frequency/sometimes>", "frequency is 'sometimes'"),
    ("dcatapit", "catalogue.ttl", "dct:license <", "dct:relation <", "as unknown"),
    ("downloads", "csv/services.csv", "municipality", "comune,municipality", "bytes, it has"),
    ("downloads", "catalogue.ttl", "csv/services.csv>", "csv/nothing.csv>", "it answers 404"),
    (
        "downloads",
        "catalogue.ttl",
        "media-types/text/csv>",
        "media-types/text/plain>",
        "it is sent as text/csv",
    ),
    ("validator", "catalogue.ttl", "dct:accrualPeriodicity", "dct:relation", "accrualPeriodicity"),
    ("streams", "feed/quality.ttl", "<>", "<https://w3id.org/mappe-servizi/feed/quality>", "finds nothing"),
    ("streams", "feed/quality.ttl", "tree:node <quality/1>", "tree:node <quality/9>", "it answers 404"),
    ("streams", "feed/quality/1.ttl", '"warning"', '"advice"', "compared with the dump"),
    ("addresses", "catalogue.ttl", "/data/distribution/", "/data/nothing/", "it answers 302 404"),
]


@pytest.mark.parametrize(("harvester", "pattern", "old", "new", "told"), CASES, ids=str)
def test_what_would_be_lost_is_told(  # noqa: PLR0917
    harvester: str, pattern: str, old: str, new: str, told: str, broken: Any, tmp_path: Path
) -> None:
    wrong = broken(pattern, old, new)
    sample = ("--sample", "300") if harvester == "addresses" else ()
    done = mappe("rehearse", "--release", wrong, "--output", tmp_path, "--only", harvester, *sample)
    problems = done.stdout.partition("\n# ")[0]
    assert done.returncode == 1, done.stdout[:2000]
    assert told in problems
    assert "harvesters would lose something" in done.stderr


def test_a_release_is_rehearsed_where_it_is_served(released: Path, tmp_path: Path) -> None:
    with serve("--release", released) as served:
        done = mappe("rehearse", "--release", served.url, "--only", "streams", "--only", "ckan", cwd=tmp_path)
        assert done.returncode == 0, done.stdout[:2000] + done.stderr
        assert len(kept(tmp_path)["CKAN, by its rules"]["records"]) == DATA_SETS
        with Redirecting(served.url, "/elsewhere") as elsewhere:
            done = mappe("rehearse", "--release", elsewhere.url + "/", "--only", "catalogue", cwd=tmp_path)
        assert done.returncode == 0, done.stderr


def test_a_build_is_no_release_and_has_no_streams(release: Any, tmp_path: Path) -> None:
    done = mappe("rehearse", "--release", release.path, "--output", tmp_path, "--only", "streams")
    assert done.returncode == 0
    assert "rehearse a release" in done.stdout


@pytest.mark.parametrize("release", ["http://127.0.0.1:9/", "build/nowhere"])
def test_what_cannot_be_harvested_is_one_sentence(release: str, tmp_path: Path) -> None:
    done = mappe("rehearse", "--release", release, "--output", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"mappe: .*\n", done.stderr)


def test_a_harvester_that_there_is_none_of_is_told(tmp_path: Path) -> None:
    done = mappe("rehearse", "--only", "nobody", "--output", tmp_path)
    assert done.returncode == 1
    assert all(name in done.stderr for name in HARVESTERS)


def test_others_programs_that_are_not_there_are_left_out_with_a_word(released: Path, tmp_path: Path) -> None:
    done = mappe(
        "rehearse", "--release", released, "--output", tmp_path, "--only", "ckan", "--only", "streams",
        "--ckan", tmp_path / "no-python", "--ldes-client", tmp_path / "no-client",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = kept(tmp_path)
    assert "pip install ckan ckanext-dcat" in found["CKAN, ckanext-dcat"]["notes"][0]
    assert "npm install ldes-client" in found["event streams, ldes-client"]["notes"][0]
    assert len(found["CKAN, by its rules"]["records"]) == DATA_SETS
