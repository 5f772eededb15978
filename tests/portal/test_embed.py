"""A chart is taken away: as SVG, as PNG, in a frame; with its title, unit, source and licence; and cited."""

import itertools
import re
import sys
import xml.etree.ElementTree as ET
from decimal import Decimal
from html import unescape
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.insights import Composition, TableFigure
from mappe_servizi.web.portal import pictures
from mappe_servizi.web.portal.assets import Assets
from mappe_servizi.web.portal.drawing import Picture, alone, on_page
from mappe_servizi.web.portal.series import Chart, Point, ticks
from mappe_servizi.web.portal.stacked import Stacked, StackedYear

AMBIENTE = "user-indicator/c_d150/ambiente/attivita-produttive"
ANZIANI = "user-indicator/c_d150/anziani/totale"
"""A total of ten parts: lines 1506 to 1516."""
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.decimals(-(10**9), 10**9, places=2)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_chart_as_svg_says_what_it_is(client: httpx.Client) -> None:
    answer = client.get(f"/embed/{AMBIENTE}.svg", params={"lang": "it"})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    found = texts(answer.text)
    assert found[:2] == ["Attività produttive", "Ambiente, Comune di Cremona"]
    assert {"Imprese", "2018", "78", "2019", "76", "2020"} <= set(found)
    said = " ".join(found)
    assert "nessun dato nel documento" in said  # the year that the document does not print
    assert "Licenza: CC BY 4.0" in said
    assert "Elaborazione non ufficiale" in said
    assert f"https://w3id.org/mappe-servizi/data/{AMBIENTE}" in found
    english = " ".join(texts(client.get(f"/embed/{AMBIENTE}.svg", params={"lang": "en"}).text))
    assert "Businesses" in english
    assert "no data in the document" in english


def test_a_chart_as_png_is_the_same_at_twice_the_size(client: httpx.Client) -> None:
    svg = ET.fromstring(client.get(f"/embed/{AMBIENTE}.svg").text)
    answer = client.get(f"/embed/{AMBIENTE}.png")
    assert (answer.headers["content-type"], answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(answer.content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (2 * int(svg.get("width", "0")), 2 * int(svg.get("height", "0")))
    again = client.get(f"/embed/{AMBIENTE}.png", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_year_that_prints_words_shows_them() -> None:
    chart = Chart("Ore", "ore", [Point("2018", Decimal(3), "3"), Point("2019", None, "n.d.")], str)
    assert "n.d." in texts(alone(chart, Picture("", "", [])))


def test_the_parts_of_a_total_are_a_picture_too(client: httpx.Client) -> None:
    answer = client.get(f"/embed/{ANZIANI}/parts.svg", params={"lang": "it"})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    found = texts(answer.text)
    assert found[:2] == ["Totale", "Di che cosa è fatta. Anziani, Comune di Cremona"]
    assert "Utenti" in found or "Persone" in found, "the unit"
    assert {"2018", "1.473", "2019", "1.486", "2020", "1.421"} <= set(found)
    parts = [one for one in found if re.match(r"\d+\. ", one)]
    assert [one.partition(". ")[0] for one in parts] == [str(number) for number in range(1, 11)]
    said = " ".join(found)
    assert "Licenza: CC BY 4.0" in said
    assert f"https://w3id.org/mappe-servizi/data/{ANZIANI}" in found
    english = texts(client.get(f"/embed/{ANZIANI}/parts.svg", params={"lang": "en"}).text)
    assert english[1] == "What it is made of. Anziani, Comune di Cremona"
    png = client.get(f"/embed/{ANZIANI}/parts.png", params={"lang": "it"})
    assert (png.headers["content-type"], png.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    drawn = ET.fromstring(answer.text)
    width, height = (int.from_bytes(png.content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (2 * int(drawn.get("width", "0")), 2 * int(drawn.get("height", "0")))
    frame = client.get(f"/embed/{ANZIANI}/parts", headers={"accept": "text/html"})
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert all(one in frame.text for one in ("1.421", *parts))
    assert client.get(f"/embed/{AMBIENTE}/parts.svg").status_code == 404, "it is no total"


def test_who_works_in_which_areas_is_a_picture_too(client: httpx.Client) -> None:
    page = client.get("/providers", params={"lang": "en"}, headers={"accept": "text/html"}).text
    links = re.findall(r'<a class="download" href="([^"]+)" type="image/[^"]+">', page)
    assert links == ["/embed/providers.svg?lang=en", "/embed/providers.png?lang=en"]
    svg, png = map(client.get, links)
    assert (svg.status_code, png.content[:8]) == (200, b"\x89PNG\r\n\x1a\n")
    found = texts(svg.text)
    assert "Who works in which areas" in found
    assert "AEM Cremona spa " in found
    assert "Licence: CC BY 4.0" in " ".join(found)
    assert "<a " not in svg.text, "a file leads nowhere"
    shown = re.search(r'<svg class="flows flows-wide".*?</svg>', page, re.DOTALL)
    assert shown
    bands = re.findall(r'<path d="([^"]+)"', shown[0])
    assert bands == re.findall(r'<path d="([^"]+)"', svg.text)
    assert len(bands) > 10
    frame = client.get("/embed/providers", params={"lang": "en"}, headers={"accept": "text/html"})
    assert frame.text.count('<svg class="chart flows ') == 2, "wide, and for a narrow frame"
    assert "frame-ancestors *" in frame.headers["content-security-policy"]


def test_a_year_of_a_total_whose_parts_are_not_known_says_why() -> None:
    facts = dict.fromkeys(TableFigure.__annotations__, "")
    facts |= {"indicator": "all", "year": 2018, "value": 10.0, "total_of": ("men", "women"), "source_line": 1}
    total = TableFigure(**facts)  # type: ignore[arg-type]
    men, women = (
        TableFigure(**{**facts, "indicator": name, "value": value})  # type: ignore[arg-type]
        for name, value in (("men", 6.0), ("women", 3.0))
    )
    years = [StackedYear("2018", Composition(total, (men, women))), StackedYear("2019", None, "no parts")]
    drawing = Stacked("All", "people", years, [("men", "Men"), ("women", "Women")], str)
    svg = alone(drawing, Picture("", "", []))
    assert {"2018", "2019", "no parts", "people", "10.0", "1. Men", "2. Women"} <= set(texts(svg))
    assert drawing.said == "2018: 1 = 6.0, 2 = 3.0; 2019: no parts"
    widths = [float(one) for one in re.findall(r'<rect class="part" [^>]*width="([\d.]+)"', svg)]
    assert [round(width + 1) for width in widths] == [192, 96]  # of 320 for all


def test_only_the_chart_may_be_framed(client: httpx.Client) -> None:
    page = client.get(f"/embed/{AMBIENTE}", headers={"accept": "text/html"})
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    own = client.get(f"/page/{AMBIENTE}", headers={"accept": "text/html"})
    assert "frame-ancestors 'none'" in own.headers["content-security-policy"]
    assert own.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(("path", "charts"), [(AMBIENTE, [""]), (ANZIANI, ["", "/parts"])])
def test_the_page_offers_each_of_its_charts(path: str, charts: list[str], client: httpx.Client) -> None:
    page = client.get(f"/page/{path}", params={"lang": "en"}, headers={"accept": "text/html"}).text
    assert page.count('<svg class="chart ') == len(charts)
    links = re.findall(r'<a class="download" href="([^"]+)" type="image/[^"]+">', page)
    assert links == [f"/embed/{path}{chart}.{kind}?lang=en" for chart in charts for kind in ("svg", "png")]
    for link in links:
        assert client.get(link).status_code == 200
    pasted = [unescape(unescape(one)) for one in re.findall(r"data-copy>(&lt;iframe .*?)</pre>", page)]
    frames = [httpx.URL(re.search(r'src="([^"]+)"', one)[1]) for one in pasted]  # type: ignore[index]
    assert [frame.path for frame in frames] == [f"/embed/{path}{chart}" for chart in charts]


def test_the_page_is_shown_by_its_chart(client: httpx.Client) -> None:
    page = client.get(f"/page/{AMBIENTE}", params={"lang": "en"}, headers={"accept": "text/html"}).text
    image = re.search(r'<meta property="og:image" content="([^"]+)">', page)[1]  # type: ignore[index]
    assert httpx.URL(image).path == f"/embed/{AMBIENTE}.png"


@pytest.mark.parametrize(
    "path",
    [
        "user-indicator/c_d150/ambiente/nothing",
        "user-indicator/c_d150/ambiente/nothing.png",
        "public-service/c_d150/ambiente.svg",
        "user-indicator",
        f"{ANZIANI}/parts/parts",
        "parts.svg",
        ".svg",
        "",
        "user-indicator/%22%3E%3Cscript%3E.svg",
        "user-indicator/..%2f..%2fmanifest.json",
    ],
)
def test_what_has_no_chart_is_not_found(path: str, client: httpx.Client) -> None:
    answer = client.get(f"/embed/{path}")
    assert answer.status_code in {400, 404}
    assert "<script>" not in answer.text


def test_names_of_the_data_are_no_markup() -> None:
    evil = '"><script>alert(1)</script>&'
    chart = Chart(evil, evil, [Point(evil, Decimal(1), evil), Point("2", None, evil)], str)
    for svg in (alone(chart, Picture(evil, evil, [evil])), str(on_page(chart, "a"))):
        root = ET.fromstring(svg)
        assert not [node for node in root.iter() if node.tag.endswith("script")]
        assert evil in "".join(root.itertext())


@given(NUMBERS, NUMBERS, st.booleans())
def test_an_axis_reaches_every_number_in_few_even_steps(a: Decimal, b: Decimal, whole: bool) -> None:
    found = ticks(min(a, b), max(a, b), whole=whole)
    assert found[0] <= min(a, b, Decimal(0))
    assert found[-1] >= max(a, b, Decimal(0))
    assert Decimal(0) in found
    assert len(found) <= 7
    assert len({after - before for before, after in itertools.pairwise(found)}) <= 1


def test_without_what_draws_png_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(pictures.NotInstalled, match=re.escape("mappe-servizi[pictures]")):
        pictures.png("<svg/>", Assets(tmp_path))


def test_a_resource_is_cited_with_author_edition_date_and_licence(client: httpx.Client) -> None:
    page = client.get("/page/public-service/c_d150/asili-nido", params={"lang": "it"}).text
    cited = unescape(re.search(r'<p class="cite" translate="no">(.*?)</p>', page)[1])  # type: ignore[index]
    iri = "https://w3id.org/mappe-servizi/data/public-service/c_d150/asili-nido"
    assert re.fullmatch(
        rf"Comune di Cremona, «Asili nido», Mappe dei servizi, edizione 2020, "
        rf"dati del \d+ [a-z]+ 20\d\d, CC BY 4\.0, {iri}",
        cited,
    )
    bibtex = unescape(re.search(r"<summary>BibTeX</summary><pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1])  # type: ignore[index]
    entry = dict(re.findall(r"^  (\w+) = \{(.*)\},$", bibtex, re.MULTILINE))
    assert bibtex.startswith("@misc{mappe-public-service-c-d150-asili-nido,\n")
    assert entry["author"] == "{Comune di Cremona}"
    assert (entry["title"], entry["url"]) == ("Asili nido", iri)
    assert "edizione 2020" in entry["howpublished"]
    assert bibtex.count("{") == bibtex.count("}")
