"""Charts beside each other are on one scale where they compare, each with its table; a citation of many."""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.web.portal.citation import CitedResource, cite
from mappe_servizi.web.portal.drawing import Picture, alone
from mappe_servizi.web.portal.multiples import COLUMNS, multiples, on_one_scale
from mappe_servizi.web.portal.series import SMALL, Chart, Point

HTML = {"accept": "text/html"}
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.lists(st.none() | st.decimals(-(10**6), 10**6, places=1), min_size=1, max_size=5)


def chart(name: str, values: list[Decimal | None]) -> Chart:
    points = [
        Point(str(year), value, "no figure" if value is None else str(value))
        for year, value in enumerate(values, 2018)
    ]
    return Chart(name, "people", points, str)


def axis(svg: str) -> list[str]:
    """The numbers of the axis."""
    found = re.findall(r'text-anchor="end"[^>]*>([^<]+)<', svg)
    return sorted(found, key=lambda number: float(number.replace(".", "").replace(",", ".")))


@given(st.lists(NUMBERS, min_size=2, max_size=6))
def test_panels_have_one_axis_that_reaches_every_number(series: list[list[Decimal | None]]) -> None:
    panels = on_one_scale([chart(str(n), values) for n, values in enumerate(series)])
    axes = [axis_of(panel) for panel in panels]
    assert all(one == axes[0] for one in axes)
    numbers = [value for values in series for value in values if value is not None]
    assert axes[0] == [] or (axes[0][0] <= min([*numbers, 0]) and axes[0][-1] >= max([*numbers, 0]))


def axis_of(panel: Chart) -> list[Decimal]:
    return sorted(Decimal(one) for one in re.findall(r'text-anchor="end"[^>]*>([^<]+)<', panel.drawn()))


def test_a_bar_is_as_high_as_its_number_against_those_of_other_panels() -> None:
    a, b = on_one_scale([chart("a", [Decimal(100)]), chart("b", [Decimal(25)])])
    high, low = (
        int(re.search(r'class="chart-bar"[^>]* height="(\d+)"', one.drawn())[1])  # type: ignore[index]
        for one in (a, b)
    )
    assert (high, low) == (a.size.height, a.size.height // 4)


def test_a_picture_names_each_panel_and_keeps_the_place_of_a_missing_year() -> None:
    names = [f"Town <{n}>" for n in range(5)]
    drawing = multiples("Loans", "per 1,000", [chart(name, [Decimal(3), None]) for name in names])
    svg = alone(drawing, Picture("Libraries", "", ["Source"]))
    root = ET.fromstring(svg)
    texts = [node.text for node in root.iter(f"{SVG}text")]
    assert [text for text in texts if text in names] == names
    assert texts.count("no figure") == 5
    assert texts.count("2019") == 5
    assert texts.count("per 1,000") == 1
    wide = drawing.panels[0].width
    assert int(root.get("width", "0")) >= COLUMNS * wide
    assert drawing.height > 2 * (SMALL.top + SMALL.height + SMALL.below), "five are two rows"


def test_a_reason_is_never_cut_within_a_word() -> None:
    panel = on_one_scale([chart("a", [None])])[0]
    long = Chart("a", "", [Point("2018", None, "popolazione non nota")], str, SMALL)
    assert ">no figure<" in panel.drawn()
    assert ">popolazione<" in long.drawn()
    assert ">non nota<" in long.drawn()


def test_the_charts_of_a_service_that_count_the_same_are_on_one_scale(client: httpx.Client) -> None:
    page = client.get("/page/public-service/c_d150/asili-nido", headers=HTML).text
    [users] = re.findall(r'<h3 id="users">.*?<table', page, re.DOTALL)
    drawn = re.findall(r'<svg class="chart series".*?</svg>', users, re.DOTALL)
    assert len(drawn) == 3  # infants: lines 818 to 820
    assert [axis(one) for one in drawn] == [["0", "50", "100", "150"]] * 3
    files = re.findall(r'<a class="chart-file" href="(/embed/[^"]+)"', users)
    assert [file.rpartition(".")[2].partition("?")[0] for file in files] == ["svg", "png"] * 3
    assert {client.get(file).status_code for file in files} == {200}
    [outputs] = re.findall(r'<h3 id="outputs">.*?<table', page, re.DOTALL)
    axes = [axis(one) for one in re.findall(r'<svg class="chart series".*?</svg>', outputs, re.DOTALL)]
    assert ["0", "10.000", "20.000", "30.000", "40.000"] in axes, "meals have a scale of their own"
    assert len({tuple(one) for one in axes}) > 1


def test_few_rows_that_count_the_same_are_drawn_beside_each_other(client: httpx.Client) -> None:
    page = client.get("/explore/users", params={"filter": "nido"}, headers=HTML).text
    drawn = re.findall(r'<svg class="chart series".*?</svg>', page, re.DOTALL)
    assert len(drawn) == 11  # the twelfth row counts buildings, and stands alone
    assert {tuple(axis(one)) for one in drawn} == {("0", "50", "100", "150")}
    assert all(">2020<" in one and "chart-gap" in one for one in drawn), "a year that is not printed"
    assert "Lattanti, Asili nido" in page
    every = client.get("/explore/users", headers=HTML).text
    assert "chart series" not in every


def test_a_shared_indicator_is_drawn_and_taken_away(client: httpx.Client) -> None:
    concept = "indicator-concept/registered-voters"
    page = client.get(f"/controlled-vocabulary/{concept}", params={"lang": "en"}, headers=HTML).text
    assert "chart series" in page
    for kind, media in (("svg", "image/svg+xml"), ("png", "image/png")):
        assert f'href="/embed/{concept}.{kind}?lang=en"' in page
        assert client.get(f"/embed/{concept}.{kind}?lang=en").headers["content-type"].startswith(media)
    assert re.search(rf'<meta property="og:image" content="[^"]*/embed/{concept}\.png\?lang=en">', page)
    frame = client.get(f"/embed/{concept}", params={"lang": "en"}, headers=HTML)
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    [address] = re.findall(r'<link rel="canonical" href="([^"]+)"', frame.text)
    assert httpx.URL(address).path == f"/controlled-vocabulary/{concept}"
    assert client.get(httpx.URL(address).raw_path.decode(), headers=HTML).status_code == 200


@pytest.mark.parametrize("name", ["none", "none.svg", "", "%3Cb%3E.png"])
def test_what_is_no_shared_indicator_has_no_chart(name: str, client: httpx.Client) -> None:
    assert client.get(f"/embed/indicator-concept/{name}").status_code in {400, 404}


def test_many_authors_are_cited_as_bibtex_has_them() -> None:
    facts = {"iri": "https://e.org/data/x", "base": "https://e.org/", "title": "Loans", "edition": "",
        "dated": "", "year": "2026", "licence": "CC BY 4.0", "language": "en"}  # fmt: skip
    two = cite(CitedResource(authors=["Comune di A & B", "Comune di C"], **facts))
    assert two.text.startswith("Comune di A & B, Comune di C, «Loans»")
    assert r"author = {{Comune di A \& B} and {Comune di C}}," in two.bibtex
    many = cite(CitedResource(authors=[f"T{n}" for n in range(230)], **facts))
    assert many.text.startswith("T0, T1, T2, T3, T4 and 225 others, «Loans»")
    assert "{T4} and others}," in many.bibtex
    alone_ = cite(CitedResource(authors=[], **facts))
    assert alone_.text.startswith("«Loans»")
    assert "author" not in alone_.bibtex
