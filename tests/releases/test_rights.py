"""Licence and standing: an administration's own data under CC0, through every door of its release."""

import csv
import io
import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pyarrow.parquet
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from helpers import ROOT, mappe
from mappe_servizi.graph import Common, catalogue, vocabularies
from mappe_servizi.graph.catalogue import Covered, File, Inputs
from mappe_servizi.releases import Release, open_release
from mappe_servizi.rights import Agent, Licences, Standing, to_manifest
from served import Served, serve

BASE = "https://w3id.org/mappe-servizi/"
CC_BY, CC0 = (
    "https://creativecommons.org/licenses/by/4.0/",
    "https://creativecommons.org/publicdomain/zero/1.0/",
)
ATTRIBUTION = re.compile(
    r"CC[ -]?BY|creativecommons\.org/licenses/by/|A21_CCBY40|Attribution 4\.0", re.IGNORECASE
)
UNOFFICIAL = re.compile(r"unofficial|non ufficiale", re.IGNORECASE)
OURS = (
    "vocabularies",
    "vocabularies-ttl",
    "vocabularies-rdf",
    "vocabularies-jsonld",
    "ontology",
    "MDS-ttl",
    "MDS-rdf",
    "MDS-jsonld",
)
"""Data sets and distributions of ontology and vocabularies, which keep their own licence."""
OWNER = "--owns-canonical-base"
PUBLISHER = ("--publisher-name", "Comune di Cremona", "--publisher-identifier", "c_d150")


def build_and_release(place: Path, data: Path, *publisher: str) -> Release:
    for command in (
        ("build", "--output", place / "b" / "current"),
        ("release", "--release", place / "b" / "current"),
    ):
        settings = (
            "--data",
            data,
            *publisher,
            *(("--releases", place / "r", OWNER) if command[0] == "release" else ()),
        )
        done = mappe(*command, *settings, cwd=place)
        assert done.returncode == 0, done.stderr
    return open_release(place / "r" / "current")


def own(data: Path, licence: str) -> None:
    shutil.copytree(ROOT / "data", data)
    path = data / "municipalities" / "c_d150" / "municipality.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f'licence = "{CC_BY}"', f'licence = "{licence}"'), encoding="utf-8")


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The municipality's own release of its data, under CC0 (by its short name)."""
    place = tmp_path_factory.mktemp("official")
    own(place / "data", "CC0")
    return build_and_release(place, place / "data", *PUBLISHER)


@pytest.fixture(scope="module")
def server(official: Release) -> Iterator[Served]:
    with serve("--release", official.path) as server:
        yield server


MEMBER = NamedNode("https://w3id.org/tree#member")
"""Of the event stream: that a thing is in it says nothing about it."""
CC_BY_OF_ONTOPIA = "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40"
"""The same licence in the national vocabulary, which the ontology's own vocabularies name."""


def of_the_ontology(node: object) -> bool:
    """Whether a subject of the graph is ours, or the licence itself, and not the municipality's data."""
    iri = str(node).strip("<>")
    iri = (unquote(iri.partition("#")[2]) if "/feed/" in iri else iri).partition("#")[0]
    kind, _, rest = iri.removeprefix(BASE).partition("/")
    return (
        iri in {CC_BY, CC_BY_OF_ONTOPIA}
        or kind in {"onto", "controlled-vocabulary"}
        or (kind == "data" and rest.rsplit("/", 1)[-1] in OURS)
    )


def wrong_triples(data: bytes, form: RdfFormat) -> list[str]:
    return [
        str(quad)
        for quad in parse(data, format=form, base_iri=BASE)
        if isinstance(quad.object, Literal | NamedNode)
        and (UNOFFICIAL.search(quad.object.value) or ATTRIBUTION.search(quad.object.value))
        and not of_the_ontology(quad.object if quad.predicate == MEMBER else quad.subject)
    ]


def wrong_texts(text: str) -> list[str]:
    return [m[0] for pattern in (ATTRIBUTION, UNOFFICIAL) for m in pattern.finditer(text)]


def wrong_in(name: str, data: bytes) -> list[str]:
    """What a file says that is not so, by its own format."""
    suffix = name.rsplit(".", 1)[-1]
    if name.startswith(("ontology/", "dump/vocabularies.")) or suffix in {"gz", "zst"}:
        return []
    if suffix in {"nq", "nt", "ttl", "rdf", "jsonld"}:
        form = RdfFormat.from_extension(suffix)
        assert form
        return wrong_triples(data, form)
    if suffix in {"zip", "xlsx"}:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [w for n in archive.namelist() for w in wrong_in(f"csv/{n}", archive.read(n))]
    if suffix == "parquet":
        return wrong_texts(str(pyarrow.parquet.read_schema(io.BytesIO(data)).metadata))
    return wrong_texts(data.decode("utf-8"))


def test_every_file_of_an_official_release_says_its_own_licence(official: Release) -> None:
    wrong = {
        name: found
        for name in official.files
        if (found := wrong_in(name, (official.path / name).read_bytes()))
    }
    assert not wrong
    package = json.loads((official.path / "datapackage.json").read_bytes())
    assert package["licenses"] == [{"name": "CC0-1.0", "path": CC0, "title": "CC0 1.0"}]
    assert package["contributors"] == [{"title": "Comune di Cremona", "role": "publisher"}]
    for name in (
        "csv/services.csv-metadata.json",
        "dump/network.graphml",
        "feed/releases.atom",
        "catalogue.ttl",
    ):
        assert CC0 in (official.path / name).read_text(encoding="utf-8"), name
    with zipfile.ZipFile(official.path / "tables" / "mappe-servizi.xlsx") as book:
        assert CC0 in book.read("docProps/core.xml").decode()
        assert "Comune di Cremona" in book.read("docProps/core.xml").decode()


def test_the_catalogue_states_types_and_what_is_ours(official: Release) -> None:
    stated: dict[tuple[str, str], set[str]] = {}
    for quad in parse(path=official.path / "catalogue.ttl"):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            name = re.split("[/#]", quad.predicate.value)[-1]
            stated.setdefault((quad.subject.value, name), set()).add(quad.object.value)
    assert stated[CC0, "type"] >= {"http://purl.org/adms/licencetype/PublicDomain"}
    assert stated[f"{BASE}catalogue", "license"] == {CC0}
    assert stated[f"{BASE}data/dataset/figures", "rightsHolder"] == {f"{BASE}data/municipality/c_d150"}
    assert stated[f"{BASE}data/dataset/figures", "publisher"] == {f"{BASE}data/municipality/c_d150"}
    assert stated[f"{BASE}data/dataset/ontology", "rightsHolder"] == {
        f"{BASE}data/organization/mappe-servizi"
    }
    for (subject, name), values in stated.items():
        if name == "license" and "/distribution/" in subject:
            assert values == {CC_BY if subject.rsplit("/", 1)[-1] in OURS else CC0}, subject
    assert mappe("validate", "--release", official.path).returncode == 0


PAGES = (
    "/", "/services", "/providers", "/explore", "/quality", "/quality/c_d150", "/sparql", "/catalogue",
    "/about", "/api/", "/csv/", "/dump/", "/tables/", "/report/", "/search?q=nidi", "/problems",
    "/nothing-here",
    "/page/municipality/c_d150", "/page/public-service/c_d150/asili-nido", "/page/dataset/figures",
    "/page/distribution/services-csv", "/onto/MDS", "/release/1/",
    "/reconcile/preview?id=municipality/c_d150",
)  # fmt: skip
DOCUMENTS = (
    ("/catalogue", "text/turtle"), ("/catalogue", "application/rdf+xml"),
    ("/catalogue", "application/ld+json"), ("/catalogue/1.ttl", "*/*"),
    ("/.well-known/void", "text/turtle"), ("/sparql", "text/turtle"),
    ("/doc/municipality/c_d150.ttl", "*/*"), ("/doc/public-service/c_d150/asili-nido.ttl", "*/*"),
    ("/doc/dataset/figures.ttl", "*/*"),
)  # fmt: skip
OTHERS = (
    "/api/openapi.json", "/datapackage.json", "/feed", "/reconcile", "/reconcile/1.0", "/opensearch.xml",
    "/sitemap.xml", "/robots.txt", "/healthz", "/readyz", "/SHA256SUMS", "/csv/services.csv-metadata.json",
    "/dump/network.graphml", "/search?q=nidi&format=json", "/api/services.csv", "/api/services.json",
)  # fmt: skip


def test_every_answer_of_an_official_release_says_its_own_licence(server: Served) -> None:
    with server.client(follow_redirects=True) as client:
        for language in ("it", "en"):
            for path in PAGES:
                headers = {"accept": "text/html", "accept-language": language}
                answer = client.get(path, headers=headers)
                text = answer.text if path != "/onto/MDS" else answer.text.partition("<main")[0]
                text = re.sub(
                    r"<p>(?:(?!</p>).)*(?:Ontologia e vocabolari|Ontology and vocabularies).*?</p>", "", text
                )
                if (
                    path == "/catalogue"
                ):  # the list of data sets names those of the ontology, with their licence
                    text = re.sub(r'<script type="application/ld\+json">.*?</script>', without_ours, text)
                assert not wrong_texts(text), (path, wrong_texts(text))
                if answer.status_code == 200 and "site-footer" in answer.text:
                    assert "CC0 1.0</a>" in answer.text, path
        for path, accept in DOCUMENTS:
            answer = client.get(path, headers={"accept": accept})
            form = RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
            assert form, path
            assert not wrong_triples(answer.content, form), path
            assert CC_BY not in answer.headers.get("link", ""), path
        for path in OTHERS:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert not wrong_texts(answer.text), path
            assert not wrong_texts(str(answer.headers)), path


def without_ours(script: "re.Match[str]") -> str:
    document = json.loads(script[0].partition(">")[2].removesuffix("</script>"))
    kept = [d for d in document["dataset"] if d["@id"].rsplit("/", 1)[-1] not in OURS]
    assert {d["license"] for d in kept} == {CC0}
    return json.dumps({**document, "dataset": kept})


def test_answers_tell_the_licence_in_their_own_way(server: Served) -> None:
    with server.client() as client:
        licence = client.get("/api/openapi.json").json()["info"]["license"]
        assert licence == {"name": "CC0 1.0", "url": CC0}
        for path in (
            "/doc/public-service/c_d150/asili-nido.ttl",
            "/csv/services.csv",
            "/dump/mappe-servizi.nq",
        ):
            assert f'<{CC0}>; rel="license"' in client.get(path).headers["link"], path
        for path in ("/onto/MDS.ttl", "/dump/vocabularies.ttl"):
            assert f'<{CC_BY}>; rel="license"' in client.get(path).headers["link"], path
        about = client.get("/about", headers={"accept": "text/html", "accept-language": "en"}).text
        assert "without conditions" in about
        assert "Published by Comune di Cremona" in about


def test_an_unofficial_release_says_so_everywhere_where_it_says_who_publishes(release: Release) -> None:
    for name in (
        "datapackage.json",
        "csv/services.csv-metadata.json",
        "dump/network.graphml",
        "catalogue.ttl",
    ):
        text = (release.path / name).read_text(encoding="utf-8")
        assert UNOFFICIAL.search(text), name
        assert CC_BY in text, name
    with serve("--release", release.path) as server, server.client() as client:
        for path in ("/about", "/", "/.well-known/void", "/api/openapi.json"):
            assert UNOFFICIAL.search(client.get(path, headers={"accept": "text/html, */*;q=0.1"}).text), path


def test_a_publisher_that_only_the_release_names_is_told_by_all_its_files(
    tmp_path: Path, release: Release
) -> None:
    data = ("--data", ROOT / "data", OWNER)
    where = ("--release", release.path, "--releases", tmp_path / "r")
    done = mappe("release", *where, *data, *PUBLISHER, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = open_release(tmp_path / "r" / "current")
    assert Standing.read(found.facts).whole.official
    for name in found.files:
        if not name.startswith("ontology/") and name.rsplit(".", 1)[-1] not in {"gz", "zst", "parquet"}:
            data = (found.path / name).read_bytes()
            assert not [w for w in wrong_in(name, data) if UNOFFICIAL.search(w)], name
    assert UNOFFICIAL.search((release.path / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "licence =",
            "license =",
            "municipality.toml:{line}: there is no key 'license' in [rights] (did you mean 'licence'?)",
        ),
        (
            CC_BY,
            "CC BI 4.0",
            "'licence' of [rights]: there is no licence 'CC BI 4.0' (did you mean 'CC BY 4.0'?); allowed",
        ),
        (f'"{CC_BY}"', "4", "'licence' in [rights] must be a text in quotes, not 4"),
        ("holder_ipa", "holder-ipa", "there is no key 'holder-ipa' in [rights] (did you mean 'holder_ipa'?)"),
        ("[rights]", "[right]", "there is no key 'right' (did you mean 'rights'?)"),
        (
            "[rights]",
            "[[rights]]",
            "'rights' must be written as [rights], with basis, holder",
        ),
    ],
)
def test_a_mistyped_municipality_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    path = data / "municipalities" / "c_d150" / "municipality.toml"
    text = path.read_text(encoding="utf-8").replace(old, new)
    path.write_text(text, encoding="utf-8")
    done = mappe("build", "--data", data, "--output", tmp_path / "b" / "current")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    line = next((n for n, row in enumerate(text.split("\n"), 1) if row.startswith("license")), 0)
    assert said.format(line=line) in done.stderr


def test_a_mistyped_catalogue_and_setting_are_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    path = data / "catalogue" / "datasets.toml"  # an instance's own goes before the program's
    path.parent.mkdir()
    common = ROOT / "data" / "knowledge" / "datasets.toml"
    path.write_text(
        common.read_text(encoding="utf-8").replace("\nknowledge =", "\nknowlege =", 1), encoding="utf-8"
    )
    done = mappe("build", "--data", data, "--output", tmp_path / "b" / "current")
    assert done.returncode == 1
    assert "there is no key 'knowlege' in [dataset] (did you mean 'knowledge'?)" in done.stderr
    (tmp_path / "mappe.toml").write_text('publisher-nam = "x"\n', encoding="utf-8")
    done = mappe("check", cwd=tmp_path)
    assert done.returncode == 1
    assert "mappe.toml:1: there is no setting 'publisher-nam' (did you mean 'publisher-name'?)" in done.stderr


def test_two_municipalities_keep_their_own_licences() -> None:
    table = Licences.load(ROOT / "data" / "knowledge")
    town = [
        {"ipa": code, "rights": {"holder": code, "holder_ipa": code, "licence": table.find(name).iri}}
        for code, name in (("c_a", "CC-BY-4.0"), ("c_b", "http://creativecommons.org/publicdomain/zero/1.0"))
    ]
    standing = Standing.read({"publisher": "c_b", "municipalities": town, "licences": to_manifest(table.all)})
    assert [one.short for one in standing.whole.licences] == ["CC0 1.0", "CC BY 4.0"]
    assert standing.whole.binding == table.find("cc by")
    assert not standing.whole.official
    assert standing.of("c_b").official
    assert standing.about(f"{BASE}data/element/c_b/2020/x/y", BASE).names == "CC0 1.0"
    assert standing.about(f"{BASE}data/organization/aem", BASE) == standing.whole


def test_the_table_of_licences_is_of_the_national_vocabulary(reference: Path) -> None:
    path = reference / "ontopia" / "vocabularies" / "licences.ttl"
    text = path.read_text(encoding="utf-8")
    with (ROOT / "data" / "knowledge" / "licences.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            entry = text.partition(f"/licences/{row['national']}>\n")[2].partition(" .\n")[0]
            assert row["iri"] in entry, row["short"]


def test_a_catalogue_of_two_licences_says_which_is_whose() -> None:
    table = Licences.load(ROOT / "data" / "knowledge")
    document = {"edition": 2020}
    towns = [
        {
            "ipa": code,
            "name": f"Comune {code}",
            "territory": f"http://e.org/{code}",
            "document": document,
            "rights": {"holder": f"Comune {code}", "holder_ipa": code, "licence": table.find(name).iri},
        }
        for code, name in (("c_a", "CC BY 4.0"), ("c_b", "CC0"))
    ]
    manifest = {"publisher": "c_b", "municipalities": towns, "licences": to_manifest(table.all)}
    standing = Standing.read(manifest)
    files = {f"dump/c_{n}-2020.ttl": File(1, "00") for n in "ab"} | {"csv/services.csv": File(1, "00")}
    covered = [Covered.read(town, standing) for town in towns]
    names = vocabularies.build([], ROOT / "ontology", Common.load(ROOT / "ontology", BASE), ())
    inputs = Inputs(
        BASE,
        files,
        covered,
        {},
        "2026-01-01",
        standing,
        catalogue.Vocabularies(names.part("vocabularies").triples),
    )
    part = catalogue.build(inputs, catalogue.read_configuration(ROOT / "data" / "knowledge", ROOT / "data"))
    said: dict[tuple[str, str], set[str]] = {}
    for triple in part.triples:
        subject = str(triple.subject).strip("<>").removeprefix(f"{BASE}data/")
        key = subject, triple.predicate.value.rsplit("/", 1)[-1]
        said.setdefault(key, set()).add(getattr(triple.object, "value", ""))
    for name, licences in (("c_a-2020-ttl", {CC_BY}), ("c_b-2020-ttl", {CC0}), ("services-csv", {CC_BY})):
        assert said[f"distribution/{name}", "license"] == licences, name
    assert said["dataset/all", "license"] == {CC_BY, CC0}
    assert said[f"{BASE}catalogue#licences", "license"] == {CC_BY, CC0}
    assert not any(UNOFFICIAL.search(t) for t in said["distribution/c_b-2020-ttl", "description"])
    assert all(UNOFFICIAL.search(t) for t in said["distribution/c_a-2020-ttl", "description"])


def test_a_remote_endpoint_is_asked_for_them(server: Served) -> None:
    with (
        serve("--endpoint", f"{server.url}/sparql") as other,
        other.client(headers={"accept": "text/html"}) as client,
    ):
        for _ in range(100):  # it is asked while the first pages are already served
            if "CC0 1.0</a>" in (text := client.get("/about").text):
                break
            time.sleep(0.3)
    assert "CC0 1.0</a>" in text
    assert not wrong_texts(text)


def test_a_municipality_that_publishes_has_one_name_however_it_is_written() -> None:
    town = {"ipa": "c_x", "name": "Comune di Prova", "rights": {"holder": "Prova (BG)", "holder_ipa": "c_x"}}
    standing = Standing.read({"publisher": "C_X", "publisherName": "Prova", "municipalities": [town]})
    assert standing.publisher == Agent("c_x", "Comune di Prova")
    assert standing.whole.holders == (standing.publisher,)
    assert standing.whole.official
