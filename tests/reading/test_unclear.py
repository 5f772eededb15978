"""What a made-up town prints and the form does not tell: an open decision, or an error with its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mappe_servizi.checks.consistency import find_all
from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.errors import MappeError
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.reading.disclosure import flag_small_counts, suppress_small_counts
from mappe_servizi.reading.reader import read_document

from .conftest import FORM
from .render import Layout, Sheet, document
from .test_layouts import municipality, reprint

RIVALTA = Sheet(
    name="ASILI NIDO",
    official="SECCHI TANIA",
    central=[("Accoglienza", "Accoglienza dei bambini")],
    accessory=[("Feste", "Feste di fine anno")],
    outputs=[("Posti", ["60", "66", "70"]), ("Domande", ["90", "96", "99"])],
    users=[("Bambini", ["50", "56", "59"])],
    criteria=["Età", "Residenza"],
    segments=[("Bambini", "Bambini fino a tre anni")],
    management={"diretta": "X"},
    personnel="12",
    coproduction=[("Famiglie", "Partecipano")],
    structures=[("Nido Girotondo", "Via Roma 1"), ("Nido Pinocchio", "")],
)


def read(directory: Path, change: Callable[[str], str] = str, sheet: Sheet = RIVALTA) -> Document:
    text = change(document([sheet], Layout()))
    return read_document(municipality(directory, text.encode()), FORM)


def fails(directory: Path, old: str, new: str) -> str:
    """What is said of the town's document with ``old`` printed as ``new``; line N of it is named."""
    text = document([RIVALTA], Layout())
    assert text.count(old) >= 1, old
    with pytest.raises(MappeError) as caught:
        read(directory, lambda _: text.replace(old, new, 1))
    assert "document.txt:" in str(caught.value)
    return str(caught.value)


def only_map(found: Document) -> ServiceMap:
    [sheet] = found.maps
    return sheet


# Figures.


@pytest.mark.parametrize("cell", ["10-15", "3,5 milioni", "1 ½", "31.204 31.500", "oltre 300", "boh", "12²"])
def test_a_cell_that_cannot_be_told_is_an_open_decision(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, lambda text: text.replace("\t66\t", f"\t{cell}\t"))
    figure = only_map(found).indicators[0].figures[1]
    assert (figure.raw, figure.value, figure.status, figure.note) == (cell, None, "open", None)
    [decision] = open_decisions(found)
    assert (decision.number, decision.record, decision.label) == (1, "outputs:1", "Posti")
    assert (decision.year, decision.printed, decision.lines) == (2019, cell, figure.lines)


def test_two_figures_in_a_cell_are_never_one(tmp_path: Path) -> None:
    found = read(tmp_path, lambda text: text.replace("\t66\t", "\t<p>12</p><p>320</p>\t"))
    assert only_map(found).indicators[0].figures[1].status == "open"


def test_a_raised_note_mark_is_no_digit(tmp_path: Path) -> None:
    found = read(tmp_path, lambda text: text.replace("\t66\t", "\t66<sup>1</sup>\t"))
    figure = only_map(found).indicators[0].figures[1]
    assert (figure.raw, figure.value, figure.status) == ("66¹", None, "open")


def test_cremona_with_a_cell_that_cannot_be_told(tmp_path: Path) -> None:
    found = reprint(tmp_path, lambda lines: [line.replace("\t660\t800", "\t600-660\t800") for line in lines])
    [decision] = open_decisions(found)
    assert (decision.number, decision.printed, decision.lines) == (1, "600-660", (168,))


def test_cremona_leaves_nothing_open(cremona: Document) -> None:
    assert open_decisions(cremona) == ()


def test_what_nobody_decided_may_be_a_small_count(tmp_path: Path) -> None:
    sheet = replace(RIVALTA, users=[("Bambini", ["circa 3", "2-3", "59"])])
    found = read(tmp_path, sheet=sheet)
    users = [i for i in only_map(found).indicators if i.table == "users"]
    counted = [replace(i, counted="children", segments=(1,)) for i in users]
    outputs = [i for i in only_map(found).indicators if i.table == "outputs"]
    town = replace(found, maps=(replace(only_map(found), indicators=(*outputs, *counted)),))
    flagged = flag_small_counts(town, {(1, 1): ("minors",)}, frozenset({"minors"}))
    hidden = suppress_small_counts(flagged)
    figures = next(i.figures for i in only_map(hidden).indicators if i.table == "users")
    assert [f.status for f in figures] == ["suppressed", "suppressed", "normal"]
    assert not any("2-3" in line for line in hidden.lines)
    assert open_decisions(hidden) == ()


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("12", "12"), ("1.200 dipendenti", "1200"), ("1 200", "1200"), ("69 (di cui 13 ditta esterna)", "69"),
        ("1 + 2 esterni", "1"), ("n. 6", "6"), ("10-15", None), ("1 ½", None), ("2 mila", None),
        ("circa 10", None), ("10 o 12", None), ("4.5", None), ("dodici", None),
    ],
)  # fmt: skip
def test_personnel_is_never_cut(tmp_path: Path, printed: str, value: str | None) -> None:
    found = read(tmp_path, sheet=replace(RIVALTA, personnel=printed))
    people = only_map(found).personnel
    assert people is not None
    assert (None if people.value is None else str(people.value)) == value
    assert len(open_decisions(found)) == (value is None)


def test_external_personnel_in_thousands(tmp_path: Path) -> None:
    people = only_map(
        read(tmp_path, sheet=replace(RIVALTA, personnel="1.400 (di cui 1.200 esterni)"))
    ).personnel
    assert people is not None
    assert (people.value, people.external) == (1400, 1200)


# Marks.


@pytest.mark.parametrize(
    "mark", ["☐", "No", "no", "-", "–", "/", "//", "□", "[ ]", "No, mai", "☐ appalto", "no."]
)
def test_a_mark_that_says_no(tmp_path: Path, mark: str) -> None:
    sheet = replace(RIVALTA, management={"diretta": "X", "mista": mark})
    assert [m.form for m in only_map(read(tmp_path, sheet=sheet)).management] == ["diretta"]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ("☑", None), ("☒", None), ("X", None), ("x", None), ("sì", None), ("Sì, dal 2019", ", dal 2019"),
        ("☑ appalto", "appalto"), ("X (dal 2019)", "(dal 2019)"), ("appalto", "appalto"), ("✔️", None),
        ("No profit", "No profit"), ("- appalto", "- appalto"), ("xerox", "xerox"), ("nord", "nord"),
    ],
)  # fmt: skip
def test_a_mark_that_says_yes(tmp_path: Path, mark: str, note: str | None) -> None:
    sheet = replace(RIVALTA, management={"mista": mark})
    [found] = only_map(read(tmp_path, sheet=sheet)).management
    assert (found.form, found.note.printed if found.note else None) == ("mista", note)


def test_three_forms_marked_at_once_are_a_finding(tmp_path: Path) -> None:
    every = {"diretta": "X", "esternalizzata": "x", "mista": "☑"}
    rules = {f.rule for f in find_all(read(tmp_path, sheet=replace(RIVALTA, management=every)), {})}
    assert "all-forms-marked" in rules
    some = every | {"mista": "☐"}
    rules = {f.rule for f in find_all(read(tmp_path, sheet=replace(RIVALTA, management=some)), {})}
    assert "all-forms-marked" not in rules


@pytest.mark.parametrize("nobody", ["/", "-", "Nessuno"])
def test_nobody_coproduces(tmp_path: Path, nobody: str) -> None:
    assert not only_map(read(tmp_path, sheet=replace(RIVALTA, coproduction=[(nobody, "")]))).coproduction


# Labels and lines that the form does not know.

ACCESSORY = "2) Elementi accessori"
ROW = "\tNido Girotondo\tVia Roma 1"
UNKNOWN = [
    (ACCESSORY, "2) Elementi complementari", "no row of the table"),
    (ACCESSORY, "2) ELEMENTI COMPLEMENTARI", "no row of the table"),
    (ACCESSORY, "2) Elementi acessori", "looks like the label"),
    ("\nElementi accessori\tElemento\tDescrizione", "\nElementi ulteriori\tDescrizione", "header"),
    ("Strutture erogative\t", "Strutture erogatrici\t", "looks like the label"),
    (ROW, f"{ROW}\n\nCosti del servizio\npersonale: 300.000", "Costi del servizio"),
    (ROW, f"{ROW}\n\n**COSTI DEL SERVIZIO**", "COSTI DEL SERVIZIO"),
    (ROW, f"{ROW}\nCosti del servizio\tVoce\tImporto", "more cells"),
    (ROW, f"{ROW}\n\tpersonale\t300.000", "a figure in a table of texts"),
    (ROW, f"{ROW}\n\tpersonale\t€ 300.000,00", "a figure in a table of texts"),
    (ROW, f"{ROW}\nangolo Piazza Duomo", "a wrapped line"),
    ("\tAccoglienza dei bambini", "\tAccoglienza\ndei bambini", "a wrapped line"),
    ("\tEtà\n", "\tEtà\nComune\n", "the head of a page"),
    ("\tEtà\n", "\tEtà\nCOMUNE DI CREMONA\n", "the head of a page"),
    (ROW, f"{ROW}\nCosti del servizio\t\t", "in the column of the labels"),
    ("\tEtà\n", "\tEtà\n\t12\n", "a figure in a table of texts"),
    ("\tEtà\n", "\tEtà\nSegmenti di utezza\n", "looks like the label"),
    ("Personale\t12", "Personale\t12\nRisorse strumentali", "no row of the table"),
    ("\nSistema di erogazione", "\nForma gestionale\tDiretta\tX\n\nSistema di erogazione", "second time"),
    (
        "\nStrutture erogative",
        "\nCriteri di segmentazione adottati\tReddito\n\nStrutture erogative",
        "second time",
    ),
    ("\tMista\t", "\tMista\t\n\tDiretta\t", "another mark"),
]


@pytest.mark.parametrize(("old", "new", "said"), UNKNOWN)
def test_what_the_form_does_not_know(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in fails(tmp_path, old, new)


@pytest.mark.parametrize(
    ("old", "new", "printed"),
    [
        ("\tEtà\n", "\tEtà di chi chiede il servizio\ne anni di residenza\n", "e anni di residenza"),
        ("\tEtà\n\tResidenza\n", "Età di chi chiede, alla data\ndella domanda\n", "della domanda"),
        ("\tEtà\n\tResidenza\n", "\tEtà di chi vive a\nRivalta\n", "Rivalta"),
    ],
)
def test_a_line_that_may_be_the_rest_of_a_criterion_is_asked_about(
    tmp_path: Path, old: str, new: str, printed: str
) -> None:
    document = read(tmp_path, lambda text: text.replace(old, new, 1))
    asked = [d for d in open_decisions(document) if d.section == "criteria"]
    assert [d.printed for d in asked] == [printed]
    assert "the rest of the one above" in asked[0].asks
    assert [d for d in open_decisions(read(tmp_path)) if d.section == "criteria"] == []


@pytest.mark.parametrize("page", ["pag. 3", "Pagina 3 di 80", "- 3 -", "3/80", "Comune di Rivalta - pag. 3"])
@pytest.mark.parametrize("below", [ROW, "\tEtà", "\nPosti\t60\t66\t70", "Mista\t", "Personale\t12"])
def test_the_number_of_a_page_is_nothing(tmp_path: Path, page: str, below: str) -> None:
    whole = read(tmp_path)
    paged = read(tmp_path, lambda text: text.replace(below, f"{below}\n{page}\n", 1))
    assert [row.kind for row in paged.ledger if row.kind == "page"] == ["page"]
    for a, b in zip(only_map(whole).structures, only_map(paged).structures, strict=True):
        assert a.name.printed == b.name.printed
    assert len(only_map(paged).criteria) == 2
    assert [len(i.figures) for i in only_map(paged).indicators] == [3, 3, 3]


def test_a_label_in_another_case_is_the_label(tmp_path: Path) -> None:
    found = read(tmp_path, lambda text: text.replace(ACCESSORY, "2) ELEMENTI ACCESSORI:"))
    assert [e.kind for e in only_map(found).elements] == ["central", "accessory"]


# Tables of figures.

POSTI = "Posti\t60\t66\t70"
YEARS = "\t31/12/2018\t31/12/2019\t31/12/2020"
OUTPUTS = f"Output del Servizio\n\nTipologia\tQuantità\t\t\n{YEARS}\n{POSTI}\nDomande\t90\t96\t99\n"


@pytest.mark.parametrize(
    "again",
    [
        OUTPUTS,
        OUTPUTS.partition("\n\n")[2],
        f"{YEARS}\n{POSTI}\nDomande\t90\t96\t99\n",
        f"{OUTPUTS}\n{OUTPUTS}",
    ],
)
def test_a_table_of_figures_printed_again_counts_once(tmp_path: Path, again: str) -> None:
    found = read(tmp_path, lambda text: text.replace(OUTPUTS, f"{OUTPUTS}\n{again}", 1))
    assert [i.label.printed for i in only_map(found).indicators] == ["Posti", "Domande", "Bambini"]
    assert sum(row.kind == "duplicate" for row in found.ledger) == 2 * again.count("Posti")


def test_a_table_printed_again_elsewhere_counts_once(tmp_path: Path) -> None:
    found = read(tmp_path, lambda text: text.replace("\nSistema di", f"\n{OUTPUTS}\nSistema di", 1))
    assert [i.label.printed for i in only_map(found).indicators] == ["Posti", "Domande", "Bambini"]


def test_the_same_table_of_other_years_is_another(tmp_path: Path) -> None:
    later = OUTPUTS.replace("2020", "2023").replace("2019", "2022").replace("2018", "2021")
    found = read(tmp_path, lambda text: text.replace(OUTPUTS, f"{OUTPUTS}\n{later}", 1))
    assert len([i for i in only_map(found).indicators if i.table == "outputs"]) == 4
    assert found.years == (2018, 2019, 2020, 2021, 2022, 2023)


def test_years_in_any_order(tmp_path: Path) -> None:
    found = read(tmp_path, lambda text: text.replace(YEARS, "\t2020\t2018\t2019", 1))
    figures = only_map(found).indicators[0].figures
    assert [(f.year, f.raw) for f in figures] == [(2018, "66"), (2019, "70"), (2020, "60")]


def test_years_beside_the_header(tmp_path: Path) -> None:
    header = "Tipologia\tQuantità\t\t\n" + YEARS
    found = read(tmp_path, lambda text: text.replace(header, "Tipologia\t2018\t2019\t2020", 1))
    assert [i.label.printed for i in only_map(found).indicators] == ["Posti", "Domande", "Bambini"]


def test_the_same_labels_below_a_heading_each_are_rows_of_that_heading(tmp_path: Path) -> None:
    """A table by year of each kind of user: nobody has said that these are headings, so it is asked."""
    first = OUTPUTS.replace(POSTI, f"Nidi\t\t\t\n{POSTI}")
    second = OUTPUTS.replace(POSTI, "Scuole dell'infanzia\t\t\t\nPosti\t80\t81\t82").replace("90", "91")
    found = read(tmp_path, lambda text: text.replace(OUTPUTS, f"{first}\n{second}"))
    rows = [row for row in only_map(found).indicators if row.table == "outputs"]
    told = [(row.group and row.group.printed, row.label.printed, row.figures[0].value) for row in rows]
    assert told == [
        ("Nidi", "Posti", 60), ("Nidi", "Domande", 90),
        ("Scuole dell'infanzia", "Posti", 80), ("Scuole dell'infanzia", "Domande", 91),
    ]  # fmt: skip
    asked = {one.label: one.asks for one in open_decisions(found) if one.section == "outputs"}
    assert set(asked) == {"Nidi", "Scuole dell'infanzia"}
    assert all("kind group, reads = 2" in text for text in asked.values())


def test_a_heading_of_one_printing_does_not_excuse_the_other(tmp_path: Path) -> None:
    other = OUTPUTS.replace(POSTI, "Nidi\t\t\t\nPosti\t80\t81\t82").replace("90", "91")
    assert "printed again with other figures" in fails(tmp_path, OUTPUTS, f"{OUTPUTS}\n{other}")


def test_a_label_above_another_table_holds_nothing_until_it_comes_again(tmp_path: Path) -> None:
    """A header that stands too early, above the criteria, and where it belongs."""
    segments = "Segmenti di utenza\tSegmenti di utenza\tDescrizione\n"
    criteria = "Criteri di segmentazione adottati\tCriterio\n"
    found = read(tmp_path, lambda text: text.replace(criteria, segments + criteria, 1))
    assert [one.name.printed for one in only_map(found).segments] == ["Bambini"]
    assert [one.text.printed for one in only_map(found).criteria] == ["Età", "Residenza"]


UNTOLD = [
    (POSTI, f"{POSTI}\t81", "under no year"),
    (POSTI, f"{POSTI}\tn.d.", "under no year"),
    (POSTI, f"{POSTI}\tdi cui metà", "under no year"),
    (YEARS, "\t31/12/2018\t31/12/2019\t31/12/2019", "twice in the header"),
    (YEARS, "\t31/12/2018\t\t31/12/2020", "under no year"),
    (YEARS, "\tfine 2018\tfine 2019\tfine 2020", "without a header of years"),
    (POSTI, f"{POSTI}\nAttività\t2018\t2019\t2020", "looks like a header of years"),
    (POSTI, f"{POSTI}\nAttività\tfine 2018\tfine 2019\tfine 2020", "looks like a header of years"),
    (POSTI, f"{POSTI}\nIndicatori di qualità\tQuantità\t\t", "header's word"),
    (POSTI, f"{POSTI}\n\tcomunali\t\t", "beside no label"),
    (OUTPUTS, f"{OUTPUTS}\n{OUTPUTS.replace('66', '67')}", "printed again with other figures"),
    (POSTI, '<tr><td>Posti</td><td colspan="2">60</td><td>66</td></tr>', "stands for 2 years"),
    (POSTI, '<tr><td>Posti</td><td>60</td><td colspan="2">66</td></tr>', "stands for 2 years"),
    (POSTI, '<tr><td>Posti</td><td rowspan="2">60</td><td>66</td><td>70</td></tr>', "stands for 2 rows"),
    (POSTI, '<tr><td rowspan="2">Posti</td><td>60</td><td>66</td><td>70</td></tr>', "stands for 2 rows"),
    (YEARS, '<tr><td></td><td colspan="2">2018</td><td>2019</td></tr>', "over 2 columns"),
    (POSTI, "<tr><td><table><tr><td>60</td></tr></table></td></tr>", "a table inside a table"),
    (POSTI, '<tr><td colspan="9999">Posti</td></tr>', "colspan"),
    (POSTI, '<tr><td rowspan="-1">Posti</td></tr>', "rowspan"),
]


@pytest.mark.parametrize(("old", "new", "said"), UNTOLD)
def test_figures_that_stand_nowhere(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in fails(tmp_path, old, new)


def test_an_html_table_on_one_line_with_cells_that_span(tmp_path: Path) -> None:
    rows = (
        '<table><tr><td rowspan="3">Strutture erogative</td><th>Strutture</th><th>Note</th></tr>'
        "<tr><td>Nido Girotondo</td><td>Via Roma 1</td></tr>"
        '<tr><td colspan="2">Nido Pinocchio</td></tr></table>'
    )
    printed = f"Strutture erogative\tStrutture\tNote\n{ROW}\n\tNido Pinocchio\t"
    found = read(tmp_path, lambda text: text.replace(printed, rows))
    assert len(found.lines) == document([RIVALTA], Layout()).count("\n") - 2
    names = [(s.name.printed, s.note.printed if s.note else None) for s in only_map(found).structures]
    assert names == [("Nido Girotondo", "Via Roma 1"), ("Nido Pinocchio", None)]


def test_a_remark_beyond_the_years_stays_one(tmp_path: Path) -> None:
    found = read(tmp_path, lambda text: text.replace(POSTI, f"{POSTI}\tDati della scuola"))
    remark = only_map(found).indicators[0].remark
    assert remark is not None
    assert remark.printed == "Dati della scuola"


def test_headers_that_span_columns_and_rows(tmp_path: Path) -> None:
    header = "Tipologia\tQuantità\t\t\n" + YEARS
    spanning = (
        '<table><tr><th rowspan="2">Tipologia</th><th colspan="3">Quantità</th></tr>\n'
        "<tr><th>2018</th><th>2019</th><th>2020</th></tr>"
    )
    found = read(tmp_path, lambda text: text.replace(header, spanning, 1).replace(POSTI, f"{POSTI}", 1))
    figures = only_map(found).indicators[0].figures
    assert [(f.year, f.raw) for f in figures] == [(2018, "60"), (2019, "66"), (2020, "70")]


@pytest.mark.parametrize(
    "label",
    ["Spesa (in migliaia di euro)", "Entrate (€/000)", "Costo, K€", "Importo (mln)", "Valore (x 1.000)"],
)
def test_a_row_in_thousands_publishes_no_figure_as_printed(tmp_path: Path, label: str) -> None:
    found = read(tmp_path, lambda text: text.replace("Posti\t", f"{label}\t"))
    row = only_map(found).indicators[0]
    assert [(f.raw, f.value, f.status) for f in row.figures] == [
        (raw, None, "open") for raw in ("60", "66", "70")
    ]


@pytest.mark.parametrize(
    "label", ["Posti ogni 1.000 abitanti", "Millesimi", "Domande del 2000", "Chilometri"]
)
def test_a_label_of_another_thing_leaves_its_figures(tmp_path: Path, label: str) -> None:
    found = read(tmp_path, lambda text: text.replace("Posti\t", f"{label}\t"))
    assert [figure.value for figure in only_map(found).indicators[0].figures] == [60, 66, 70]


@pytest.mark.parametrize(
    "heading", ["Posti\t60\t66\t70\nIndicatori di qualità", "Posti nei nidi\ncomunali\t60\t66\t70"]
)
def test_a_row_without_figures_is_open(tmp_path: Path, heading: str) -> None:
    """It may be a heading, a row that was not filled in, or the first line of a label: somebody must look."""
    found = read(tmp_path, lambda t: t.replace("Posti\t60\t66\t70", heading))
    [decision] = open_decisions(found)
    assert (decision.number, decision.section) == (1, "outputs")
    assert decision.printed in heading
    assert "has no figures" in decision.asks
