"""Files of a build and their declarations: none without the other; and what follows from them."""

import ast
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import ROOT
from mappe_servizi import formats
from mappe_servizi.errors import MappeError
from mappe_servizi.formats import FileFormat
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.outputs.declared import OUTPUTS
from mappe_servizi.model.outputs.documentation import documentation
from mappe_servizi.model.outputs.lookup import check, declaration, find, is_published, served
from mappe_servizi.model.outputs.output import OF_PART, OF_TABLE, Output, Written
from mappe_servizi.releases import Release
from served import serve

BUILD = (Written.ONCE, Written.ANEW)
CONTENT_TYPES = {
    "dump/mappe-servizi.nq": "application/n-quads",
    "dump/mappe-servizi.nq.gz": "application/gzip",
    "dump/mappe-servizi.nq.zst": "application/zstd",
    "dump/c_d150-2020.ttl": "text/turtle; charset=utf-8",
    "catalogue.rdf": "application/rdf+xml",
    "catalogue.jsonld": "application/ld+json",
    "dump/network.graphml": "application/xml",
    "csv/services.csv": "text/csv; charset=utf-8; header=present",
    "csv/services.csv-metadata.json": "application/json",
    "tables/services.parquet": "application/vnd.apache.parquet",
    "tables/mappe-servizi.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "tables/mappe-servizi-csv.zip": "application/zip",
    "report/ledger.csv": "text/csv; charset=utf-8; header=present",
    "datapackage.json": "application/json",
    "SHA256SUMS": "text/plain; charset=utf-8",
    "catalogue/1.ttl": "text/turtle; charset=utf-8",
    "catalogue.nt": "application/n-triples",
    "ontology/MDS.it.html": "text/html; charset=utf-8",
}
NAMES = st.text(st.sampled_from("abcz09_.{}"), min_size=1).filter(lambda name: "/" not in name)
ALIASES = Path("query") / "formats.py"
"""Other media types that clients ask for a format by are there."""


def files(directory: Path) -> list[str]:
    return sorted(p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file())


def test_no_file_is_without_a_declaration_and_no_declaration_without_its_file(release: Release) -> None:
    check(files(release.path), BUILD)


@pytest.mark.parametrize(
    "alien", ["csv/notes.txt", "dump/x.ttl.bak", "notes", ".parts/a.nq", "feed/data.ttl"]
)
def test_a_file_that_nobody_declared_is_told(alien: str, release: Release) -> None:
    with pytest.raises(MappeError, match=alien.replace(".", r"\.")):
        check([*files(release.path), alien], BUILD)


@pytest.mark.parametrize(
    "gone", ["dump/network.graphml", "dump/mappe-servizi.nq.zst", "catalogue.nt", "SHA256SUMS"]
)
def test_a_file_that_nobody_has_written_is_told(gone: str, release: Release) -> None:
    with pytest.raises(MappeError, match=f"^{gone}: nothing has written it"):
        check([path for path in files(release.path) if path != gone], BUILD)


def test_what_is_published_is_in_the_manifest_and_in_the_checksums(release: Release) -> None:
    published = {path for path in files(release.path) if is_published(path)}
    assert set(release.files) == published
    sums = (release.path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ", 1)[1] for line in sums} == published - {"SHA256SUMS"}


def test_every_file_is_sent_as_what_it_is_and_listed_where_it_is_declared(release: Release) -> None:
    listed = {o.folder for o in OUTPUTS if o.folder and o.listed and not o.hidden and not o.address}
    assert (
        listed
        == {"dump", "csv", "tables", "report", "records", "schema"}
        == {folder for _, folder in served()} - {""}
    )
    with serve("--release", release.path) as server, server.client() as client:
        for path, content_type in CONTENT_TYPES.items():
            assert client.head(f"/{path}").headers["content-type"] == content_type, path
        for folder in listed:
            page = client.get(f"/{folder}/")
            for path in release.files:
                assert (f'"{path.removeprefix(f"{folder}/")}"' in page.text) >= path.startswith(f"{folder}/")
        for output in OUTPUTS:
            if output.hidden and "{" not in output.path:
                assert client.get(f"/{output.path}").status_code == 404, output.path


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda o: o.path)
def test_a_declaration_says_whose_a_file_is_or_why_nobody_s(output: Output) -> None:
    said = [text for text in (output.dataset, output.left_out, output.hidden) if text]
    assert len(said) == 1
    assert output.dataset or len(said[0]) > 10
    slugs = {d["slug"] for d in tomllib.loads((ROOT / "data/knowledge/datasets.toml").read_text())["dataset"]}
    assert output.dataset in slugs | {"", OF_PART, OF_TABLE}
    assert set(output.title) in ({"it", "en"}, set())
    assert all(f.code and f.standard for f in output.kinds) or not output.dataset


@given(st.sampled_from(OUTPUTS), NAMES, st.integers(1, 10**6))
def test_a_path_made_from_a_declaration_is_known_again(output: Output, name: str, number: int) -> None:
    names = dict.fromkeys(("table", "part", "municipality", "stream", "file"), name)
    language = name.replace(".", "") or "it"
    path = output.filled(**names, ontology="MDS", language=language, edition=number, number=number)
    assert output.match(path) is not None
    assert declaration(path)


@pytest.mark.parametrize(
    ("path", "output"),
    [
        ("dump/vocabularies.ttl", declared.DUMP_OF_VOCABULARIES),
        ("dump/catalogue.ttl", declared.DUMP_OF_CATALOGUE),
        ("dump/quality.ttl", declared.DUMP_OF_PART),
        ("dump/quality.jsonld", None),
        ("dump/c_d150-2020.ttl", declared.DUMP_OF_EDITION),
        ("csv/services.csv-metadata.json", declared.TABLE_DESCRIPTION),
        ("feed/data/12.ttl", declared.STREAM_PAGE),
        ("feed/data/x.ttl", None),
        ("csv/a/b.csv", None),
        ("xcsv/services.csv", None),
        ("catalogue.ttl\n", None),
    ],
)
def test_a_path_is_what_it_looks_like(path: str, output: Output | None) -> None:
    assert find(path) == output


def test_media_types_are_told_in_one_place() -> None:
    known = [f for f in vars(formats).values() if isinstance(f, FileFormat)]
    media = {m for f in known for m in (f.media, f.sent_as)}
    package = ROOT / "src" / "mappe_servizi"
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package) in (Path("formats.py"), ALIASES):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documentation_ = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in documentation_:
                value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
                told = [m for m in media if isinstance(value, str) and m in value]
                assert not told, (path, node.lineno, told)


def test_the_page_of_files_is_up_to_date() -> None:
    page = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    assert documentation(page) == page, "run `make docs`"
    for output in OUTPUTS:
        assert f"`{output.paths[0]}`" in page
