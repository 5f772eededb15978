"""The command: lists as people have them in; links, clusters and their evidence out."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from pyoxigraph import RdfFormat, parse

from helpers import Tell, mappe
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.linking.towns import Towns
from mappe_servizi.pipeline.link.columns import parse_columns
from mappe_servizi.pipeline.link.lists import Lists
from mappe_servizi.pipeline.link.run import LinkOptions, link
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize import benchmark
from synthetic import built, synthesized

DATA = Path(__file__).resolve().parents[2] / "data"
PROVIDERS, KNOWLEDGE = DATA / "providers", DATA / "knowledge"
OWL = "http://www.w3.org/2002/07/owl#"
SAME_AS = f"{OWL}sameAs"
HEADER = ("id", "DENOMINAZIONE_ENTE", "COMUNE_SEDE", "CODICE FISCALE")
ROWS = [
    ("1", "Fondazione Bruno Pari di Ostiano Onlus", "Ostiano", "193890050"),
    ("2", "Società Cooperativa Città Aperta", "Cremona", "00198670028"),
    ("3", 'Cooperativa "Il Cerchio, e altro"', "Crema", ""),
]


def read(
    path: Path, columns: dict[str, str] | None = None, directory: Path = KNOWLEDGE
) -> list[tuple[str, ...]]:
    lists = Lists.load(directory, Towns.load(directory), columns)
    return [(r.id, r.name, r.town, r.identifiers.get("taxcode", "")) for r in lists.read(path).rows]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, delimiter: str = ",", encoding: str = "utf-8", above: str = "") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(above)
        csv.writer(file, delimiter=delimiter).writerows([HEADER, *ROWS])
    return path


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Leggimi")
        sheet = book.add_worksheet("Elenco")
        for n, row in enumerate([("Elenco degli enti",), (), HEADER, *ROWS]):
            for at, cell in enumerate(row):
                (sheet.write_number if cell.isdigit() else sheet.write_string)(
                    n, at, int(cell) if cell.isdigit() else cell
                )
    return path


def parquet(path: Path) -> Path:
    columns = zip(*ROWS, strict=True)
    pq.write_table(pa.table({name: list(values) for name, values in zip(HEADER, columns, strict=True)}), path)
    return path


READ = [
    ("1", "Fondazione Bruno Pari di Ostiano Onlus", "Ostiano", "00193890050"),
    ("2", "Società Cooperativa Città Aperta", "Cremona", "00198670028"),
    ("3", 'Cooperativa "Il Cerchio, e altro"', "Crema", ""),
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    assert read(write(tmp_path / "list.csv", delimiter, encoding)) == READ


def test_titles_above_the_header_workbooks_and_parquet(tmp_path: Path) -> None:
    assert read(write(tmp_path / "list.csv", ";", above="Elenco degli enti;;;\n\n")) == READ
    assert read(workbook(tmp_path / "list.xlsx")) == READ
    assert read(parquet(tmp_path / "list.parquet")) == READ


def test_columns_that_the_user_names(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Soggetto;Dove;Nome;CF\nCoop. Alfa;Lodi;Mario;00193890050\n", "utf-8")
    assert read(path, parse_columns(["name=Soggetto,town=Dove"]))[0][1:3] == ("Coop. Alfa", "Lodi")
    with pytest.raises(
        InputError, match=r"list.csv:1: there is no column town=Ove; there are Soggetto, Dove"
    ):
        read(path, parse_columns(["name=Soggetto,town=Ove"]))
    with pytest.raises(MappeError, match="'nome=X' must be one of name, town"):
        parse_columns(["nome=X"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "codice;ragione\n1;A\n"),
        ("list.csv", "name,town\n"),
        ("list.csv", ""),
        ("list.xlsx", "no workbook"),
        ("list.parquet", "no parquet"),
        ("list.ttl", "not turtle"),
        ("x.pdf", ""),
    ],
)
def test_a_list_that_cannot_be_used_is_told(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(MappeError, match=name):
        read(path)


def test_what_is_left_out_and_what_has_no_iri_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,nome,cf\n1,Alfa,00193890051\n2,,\n3,Beta,,more\nurn:x:4,Gamma,\n", "utf-8")
    told = "\n".join(Lists.load(KNOWLEDGE, Towns.load(KNOWLEDGE)).read(path).told)
    assert "1 rows have no name, and are left out (first: line 3)" in told
    assert "more cells than the header, and are left out (first: line 4)" in told
    assert "a taxcode that is not valid, and is not used (first: line 2)" in told
    assert "1 of 2 rows have no IRI of their own" in told


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    """Two lists that both number their rows."""
    left, right = tmp_path / "left.csv", tmp_path / "right.csv"
    left.write_text(
        "id,nome,comune\n1,Fondazione Bruno Pari di Ostiano,Ostiano\n"
        "2,Cosper s.c.s.,Cremona\n3,Il Faro,Lodi\n"
    )
    right.write_text(
        "id;nome;comune\n1;COSPER SCS;CREMONA\n2;FOND. BRUNO PARI DI OSTIANO;OSTIANO\n3;Altro;Pavia\n"
    )
    return left, right


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Data of which the decisions can be written."""
    shutil.copytree(PROVIDERS, tmp_path / "data" / "providers")
    return tmp_path / "data"


def decide(data: Path, *rows: str) -> None:
    text = "left,right,decision,reason,evidence\n" + "".join(f"{row}\n" for row in rows)
    (data / "providers" / "decisions.csv").write_text(text, "utf-8")


def test_the_command_as_a_user_runs_it(lists: tuple[Path, Path], tmp_path: Path) -> None:
    done = mappe("link", *lists, "--output", tmp_path / "out", "--explain")
    assert done.returncode == 0, done.stderr
    assert "clusters: 2" in done.stdout
    assert "left.csv: 3 of 3 rows have no IRI of their own" in done.stderr
    links = rows_of(tmp_path / "out" / "links.csv")
    assert {(row["left"], row["right"]) for row in links} == {("1", "2"), ("2", "1")}
    assert all(0.4 <= float(row["score"]) <= 1 and row["reason"] for row in links)
    clusters = rows_of(tmp_path / "out" / "clusters.csv")
    assert sorted((c["list"], c["id"]) for c in clusters) == [
        ("left.csv", "1"), ("left.csv", "2"), ("right.csv", "1"), ("right.csv", "2"),
    ]  # fmt: skip
    assert {row["cluster"] for row in links} == {row["cluster"] for row in clusters}
    assert {row["role"] for row in rows_of(tmp_path / "out" / "cluster-pairs.csv")} == {"holds"}
    triples = [q.triple for q in parse(path=tmp_path / "out" / "links.ttl", format=RdfFormat.TURTLE)]
    iris = {c["iri"] for c in clusters}
    ends = {f"{OWL}annotatedSource", f"{OWL}annotatedTarget"}
    assert {t.object.value for t in triples if t.predicate.value in ends} == iris
    assert not any(t.predicate.value == SAME_AS for t in triples)  # a model alone is never that sure
    drawings = list((tmp_path / "out" / "explanations").glob("*.svg"))
    assert len(drawings) == len(links)
    for path in drawings:
        steps = json.loads(path.with_suffix(".json").read_text("utf-8"))["steps"]
        assert [s["to"] for s in steps[:-1]] == [s["from"] for s in steps[1:]]
        drawing = ElementTree.fromstring(path.read_text("utf-8"))
        assert any("town: the same" in (e.text or "") for e in drawing.iter())


def test_drawings_are_made_on_demand_only(lists: tuple[Path, Path], tmp_path: Path) -> None:
    link(Settings(), *lists, tmp_path / "out")
    assert not (tmp_path / "out" / "explanations").exists()


def test_decisions_go_before_the_model(lists: tuple[Path, Path], data: Path, tmp_path: Path) -> None:
    decide(data, "1,2,reject,other,assumed", "3,3,accept,known,assumed")
    linked, _ = link(Settings(data=data), *lists, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "links.csv")
    assert {(r["left"], r["right"]): (r["relation"], r["decidedBy"]) for r in rows} == {
        ("3", "3"): ("sameAs", "reviewer"),
        ("2", "1"): ("sameAs", "model"),
        ("1", "2"): ("rejected", "reviewer"),
    }
    triples = [q.triple for q in parse(path=tmp_path / "out" / "links.ttl", format=RdfFormat.TURTLE)]
    assert [t for t in triples if t.predicate.value == SAME_AS]  # what a person decided
    linked_to = [t for t in triples if t.predicate.value.endswith("/onto/MDS/linkedTo")]
    assert len({frozenset((t.subject, t.object)) for t in linked_to}) == 1  # what the model is sure of
    assert len(linked.names) == 2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["1,2,maybe,x,y"], r"decisions.csv:2: decision must be .*accept, reject, unsure.* not 'maybe'"),
        (
            ["1,2,accept,x,y", "1,2,reject,x,y"],
            r"decisions.csv:3: this pair is decided twice, first on line 2",
        ),
        (
            ["1,2,accept,x,y", "right.csv#id=2,left.csv#id=1,reject,x,y"],
            r"decisions.csv:3: this pair is decided twice, first on line 2",
        ),
        (
            ["urn:x:1,2,accept,x,y", "2,urn:x:1,reject,x,y"],
            r"decisions.csv:3: this pair is decided twice, first on line 2",
        ),
        (
            ["left.csv#id=3,right.csv#id=17,accept,x,y"],
            r"decisions.csv:2: no list has the id 'right.csv#id=17'",
        ),
        (["1,2,accept,,y"], r"decisions.csv:2: reason must not be empty"),
        (["3,1,accept,x,y", "1,17,accept,x,y"], r"decisions.csv:3: no list has the id '17'"),
        (["1,2,accept,x,y", "3,2,accept,x,y"], r"decisions.csv:3: .*two rows of one list.*\(lines 2, 3\)"),
    ],
)
def test_slips_and_contradictions_are_told_with_their_lines(
    lists: tuple[Path, Path], data: Path, tmp_path: Path, rows: list[str], said: str
) -> None:
    decide(data, *rows)
    with pytest.raises(MappeError, match=said):
        link(Settings(data=data), *lists, tmp_path / "out")


def test_a_decision_says_of_which_list_a_number_is(
    lists: tuple[Path, Path], data: Path, tmp_path: Path
) -> None:
    """Left 1 and right 2 is one pair, left 2 and right 1 another; another list's numbers are its own."""
    decide(data, "1,2,reject,x,y", "2,1,accept,x,y")
    linked, _ = link(Settings(data=data), *lists, tmp_path / "out")
    assert {(k.left, k.right): k.relation for k in linked.links} == {(0, 4): "rejected", (1, 3): "sameAs"}
    decide(data, "right.csv#id=2,left.csv#id=1,reject,x,y", "lefty.csv#id=3,right.csv#id=3,accept,x,y")
    linked, told = link(Settings(data=data), *lists, tmp_path / "out")
    assert [(k.left, k.right) for k in linked.links if k.by == "reviewer"] == [(0, 4)]
    assert "decisions.csv: 1 decisions are about other lists" in told


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "cod_amm\tdes_amm\tComune\tProvincia\tsito_istituzionale\tIndirizzo\tcf_validato\tCf\tmail1\ttipo_mail1\n"
            "054\tUsl Umbria 1\tPerugia\tPG\twww.uslumbria1.gov.it\tVia Guerra, 21\tS\t03301860544\tnull\t\n",
            ("Usl Umbria 1", "Perugia", "PG", {
                "taxcode": "03301860544", "ipa": "054", "web": "uslumbria1.gov.it",
                "address": "via guerra 21",
            }),
        ),
        (
            "Codice_IPA,Denominazione_ente,Codice_fiscale_ente,Codice_Categoria,Indirizzo,Mail1,Sito_istituzionale\n"
            "c_d150,Comune di Cremona,00297960197,L6,,protocollo@comunedicremona.legalmail.it,\n",
            ("Comune di Cremona", "", "", {"taxcode": "00297960197", "ipa": "c_d150"}),
        ),
        (
            "cig;ruolo;codice_fiscale;denominazione;tipo_soggetto;id_aggiudicazione\n"
            "Z0;MANDATARIA;00992920199;COSPER S.C.S.;IMPRESA;17\n",
            ("COSPER S.C.S.", "", "", {"taxcode": "00992920199"}),
        ),
    ],
    ids=["IPA of before", "IPA", "ANAC"],
)  # fmt: skip
def test_lists_of_others_by_their_own_headers(tmp_path: Path, text: str, row: tuple[object, ...]) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    (found,) = Lists.load(KNOWLEDGE, Towns.load(KNOWLEDGE)).read(path).rows
    codes = {k: v for k, v in found.identifiers.items() if k != "email"}
    assert (found.name, found.town, found.province, codes) == row


def test_rows_that_share_a_number_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("codice,nome,comune\n7,Alfa,Lodi\n7,Beta,Lodi\n7,Alfa,Lodi\n8,Gamma,Lodi\n", "utf-8")
    assert [row[:2] for row in read(path)] == [("7", "Alfa"), ("8", "Gamma"), ("list.csv#row=3", "Beta")]


def test_two_of_our_own_are_never_the_same(data: Path, tmp_path: Path) -> None:
    own, other = tmp_path / "own.csv", tmp_path / "other.csv"
    base = "https://w3id.org/mappe-servizi/data/organization"
    own.write_text(f"provider,name,seat\n{base}/a,Coop. Alfa,Lodi\n{base}/b,Coop. Beta,Lodi\n", "utf-8")
    other.write_text("id,nome\nurn:x:1,Alfa Beta\n", "utf-8")
    decide(data, f"{base}/a,urn:x:1,accept,x,y", f"{base}/b,urn:x:1,accept,x,y")
    with pytest.raises(MappeError, match=r"decisions.csv:3: .*both our own.*\(lines 2, 3\)"):
        link(Settings(data=data), own, other, tmp_path / "out")
    decide(data, f"{base}/aa,urn:x:1,accept,x,y")
    with pytest.raises(MappeError, match=rf"decisions.csv:2: no list has the id .*did you mean '{base}/a'"):
        link(Settings(data=data), own, other, tmp_path / "out")
    # One of the registry that this list has not is no slip; one that is nowhere is, whatever is linked.
    decide(data, f"{base}/cosper,urn:x:1,accept,x,y")
    link(Settings(data=data), own, other, tmp_path / "out")
    decide(data, f"{base}/cospre,urn:y:1,accept,x,y")
    with pytest.raises(MappeError, match=rf"decisions.csv:2: .*did you mean '{base}/cosper'"):
        link(Settings(data=data), other, None, tmp_path / "out")
    decide(data, "https://other.example/1,https://other.example/2,accept,x,y")
    _, told = link(Settings(data=data), own, other, tmp_path / "out")
    assert "decisions.csv: 1 decisions are about other lists" in told


def test_lists_of_one_name_are_told_apart(lists: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other" / "left.csv"
    other.parent.mkdir()
    shutil.copy(lists[1], other)
    link(Settings(), lists[0], other, tmp_path / "out", LinkOptions({}, frozenset({"left", "right"})))
    assert {row["list"] for row in rows_of(tmp_path / "out" / "clusters.csv")} == {
        "left/left.csv",
        "right/left.csv",
    }


def test_the_mentions_of_the_documents_by_their_names_alone(tell: Tell) -> None:
    """No mention is linked to another organisation; those that only people could resolve stay apart."""
    measured = benchmark.evaluate_mentions(KNOWLEDGE, PROVIDERS)
    tell(f"mentions of the documents: {measured}")
    assert measured.wrong == 0
    assert measured.right + measured.missed == 90
    assert measured.recall >= 0.8


def test_noise_that_the_real_lists_do_not_have(tell: Tell) -> None:
    tell(benchmark.report(KNOWLEDGE, PROVIDERS))
    data = benchmark.half(benchmark.SEEDS[0], 1000)
    from mappe_servizi.linking.scorer import Scorer  # noqa: PLC0415

    found = benchmark.linked(data, Scorer.load(KNOWLEDGE))
    assert benchmark.measure(data, found, found.links).precision >= 0.97
    same = benchmark.measure(data, found, [x for x in found.links if x.relation == "sameAs"])
    assert same.precision >= 0.99


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesized(tmp_path_factory.mktemp("synthetic") / "instance", 2)


def test_providers_of_synthetic_municipalities_are_linked(
    synthetic: Path, tmp_path: Path, tell: Tell
) -> None:
    build = built(synthetic)
    linked, _ = link(Settings(), build, None, tmp_path)
    truth = {
        (r["municipality"], r["printed"]): r["identifier"]
        for r in rows_of(synthetic / "truth" / "mentions.csv")
    }
    who = {
        row["provider"]: truth.get((row["municipality"], row["mention"]))
        for row in rows_of(build / "csv" / "engagements.csv")
    }
    rows = linked.matched.rows
    known = [(x, who[rows[x.left].id], who[rows[x.right].id]) for x in linked.links]
    right = sum(left == other for _, left, other in known)
    tell(f"links of 2 synthetic municipalities, towns mostly not printed: {len(known)}, right: {right}")
    assert all(left == other for x, left, other in known if x.relation == "sameAs")
