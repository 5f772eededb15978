"""Files of others: XML made to hurt, broken files of every kind, cells that spreadsheets would run."""

import contextlib
import re
import resource
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from helpers import mappe
from mappe_servizi.cli import main
from mappe_servizi.outputs.packages import DescribedColumn, DescribedTable
from mappe_servizi.outputs.workbook import write_workbook
from mappe_servizi.rdf.files import UnsafeXmlError, check_xml

HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
RDF = f'{HEAD}<rdf:Description rdf:about="http://e.org/a"><e:p>%s</e:p></rdf:Description></rdf:RDF>'
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))
MANY = "&a;" * 50_000
WIDE = " ".join(f'e:a{i}="1"' for i in range(300))
BOMBS = {
    "laughs": (f"<!DOCTYPE r [{LAUGHS}]>{RDF % '&l9;'}", "the entity 'l1'"),
    "quadratic": (f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>{RDF % MANY}', "the entity 'a'"),
    "little": (f'<!DOCTYPE r [<!ENTITY a "{"a" * 900}">]>{RDF % MANY}', "10 times as long"),
    "attribute": (
        f'<!DOCTYPE r [<!ENTITY a "{"a" * 900}">]>{HEAD}<e:p e:q="{MANY}"/></rdf:RDF>',
        "amplification",
    ),
    "external": (f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>{RDF % "&a;"}', "the entity 'a'"),
    "parameter": (f'<!DOCTYPE r [<!ENTITY % a SYSTEM "http://e.org/a"> %a;]>{RDF % ""}', "the entity 'a'"),
    "characters": (f'<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&#38;a;">]>{RDF % "&c;"}', "the entity 'c'"),
    "hidden": (f'<!DOCTYPE r SYSTEM "x" [<!-- <!ENTITY a "b"> -->]>{RDF % "&a;"}', "declared plainly"),
    "undeclared": (f'<!DOCTYPE r [%x; <!ENTITY a "b">]>{RDF % "&a;"}', "declared plainly"),
    "trix": (f"<!DOCTYPE TriX [{LAUGHS}]><TriX><graph><triple><id>&l9;</id></triple></graph></TriX>", "'l1'"),
    "deep": (HEAD + "<rdf:Description><e:p>" * 100_000, "more than 256 elements within each other"),
    "wide": (f"{HEAD}<e:p {WIDE}/></rdf:RDF>", "more than 256 attributes"),
    "cut": ((RDF % "x")[:-9], "not well-formed"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_xml_that_costs_more_than_its_size_is_refused_at_once(name: str) -> None:
    text, said = BOMBS[name]
    before = resource.getrusage(resource.RUSAGE_SELF)
    with pytest.raises(UnsafeXmlError, match=re.escape(said)):
        check_xml(text.encode())
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime - before.ru_utime < 2
    assert after.ru_maxrss - before.ru_maxrss < 200_000  # KiB


@pytest.mark.parametrize("command", ["validate", "link"])
@pytest.mark.parametrize(
    "name", ["laughs.rdf", "quadratic.owl", "external.xml", "trix.xml", "deep.rdf", "cut.rdf"]
)
def test_the_commands_say_in_one_sentence_why_they_refuse_it(command: str, name: str, tmp_path: Path) -> None:
    text, said = BOMBS[name.partition(".")[0]]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    output = ("--output", tmp_path / "links") if command == "link" else ()
    done = mappe(command, path, *output)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert name in done.stderr
    assert "root:" not in done.stdout + done.stderr


def test_what_ontology_editors_write_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "editor.owl"
    entity = '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n <!ENTITY e "http://e.org/" >\n]>\n'
    path.write_text(entity + (RDF % "x").replace("http://e.org/a", "&e;a"), encoding="utf-8")
    done = mappe("validate", path)
    assert done.returncode == 0, done.stderr


@given(st.text(alphabet='<>&;"!DOCTYPENIa [] /%#x', max_size=60))
def test_any_doctype_is_taken_or_refused_with_a_sentence(text: str) -> None:
    data = f"<!DOCTYPE r [{text}]><r>&a;</r>".encode()
    with contextlib.suppress(UnsafeXmlError):  # nothing else comes out
        check_xml(data)


BROKEN = {
    "binary": bytes(range(256)) * 100,
    "latin": "id,name\n1,Società è\n".encode("latin-1"),
    "utf16": "id,name\n1,Uno\n".encode("utf-16"),
    "line": b"x" * 3_000_000,
    "empty": b"",
    "quote": b'id,name\n"1,Uno\n2,Due\n',
    "nul": b"id,name\n\0,\0\n",
    "nested": b"[" * 100_000,
}


@pytest.mark.parametrize("ending", ["csv", "tsv", "ttl", "nt", "rdf", "jsonld", "trix", "pdf", ""])
def test_a_broken_file_is_told_by_its_name(ending: str, tmp_path: Path) -> None:
    for name, data in BROKEN.items():
        path = tmp_path / (f"{name}.{ending}" if ending else name)
        path.write_bytes(data)
        for command in (("link", "--output", tmp_path / "links"), ("validate",)):
            done = CliRunner().invoke(main, [command[0], str(path), *map(str, command[1:])])
            assert isinstance(done.exception, SystemExit | None), (name, done.exception)
            if done.exit_code:
                assert path.name in done.output, name
                assert len(done.output) < 1500, name


def test_an_identifier_that_is_no_iri_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    for wrong in ("http://e.org/a b", "http://e.org/<a>", "http://[::1", "a:{b}"):
        path.write_text(f"id,name\nhttp://e.org/1,Uno\n{wrong},Due\n", encoding="utf-8")
        done = mappe("link", path, "--output", tmp_path / "links")
        assert done.returncode == 1
        assert f"list.csv:3: '{wrong}' is not an IRI" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    named = tmp_path / "a: b.csv"
    named.write_text("name\nUno\nDue\n", encoding="utf-8")
    assert mappe("link", named, "--output", tmp_path / "links").returncode == 0


CELLS = ("=1+1", "+39 0372 4071", "-12,60", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://e.org\")",
         "http://e.org/", "mailto:a@e.org", "internal:Leggimi!A1", "12", "{=1}", "'=1")  # fmt: skip


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    said = {"it": "Prova", "en": "Test"}
    table = DescribedTable(
        "cells", tmp_path / "cells.csv", said, said, (DescribedColumn("text", "string", said),)
    )
    text = "text\r\n" + "".join('"{}"\r\n'.format(cell.replace('"', '""')) for cell in CELLS)
    table.path.write_text(text, encoding="utf-8", newline="")
    about = {"Titolo": "=1", "Pubblicato da": "=1", "Titolare dei diritti": "@x", "Descrizione": "+1"}
    write_workbook([table], tmp_path / "w.xlsx", about, datetime(2020, 1, 1))
    with zipfile.ZipFile(tmp_path / "w.xlsx") as book:
        sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2)]
        shared = book.read("xl/sharedStrings.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert not any("<f>" in sheet for sheet in sheets)
    assert "<hyperlink " not in sheets[1]
    cells = re.findall(r'<c r="A(\d+)"[^>]* t="s"><v>(\d+)</v></c>', sheets[1])
    assert len(cells) == len(CELLS) + 1
    assert "<si><t>=1+1</t></si>" in shared
    assert 'quotePrefix="1"' in styles
