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

from mappe_servizi.web.portal import pictures
from mappe_servizi.web.portal.assets import Assets
from mappe_servizi.web.portal.series import Chart, Picture, Point, alone, on_page, ticks

AMBIENTE = "user-indicator/c_d150/ambiente/attivita-produttive"
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
    assert "n.d." in texts(alone(chart, Picture("", [])))


def test_only_the_chart_may_be_framed(client: httpx.Client) -> None:
    page = client.get(f"/embed/{AMBIENTE}", headers={"accept": "text/html"})
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    own = client.get(f"/page/{AMBIENTE}", headers={"accept": "text/html"})
    assert "frame-ancestors 'none'" in own.headers["content-security-policy"]
    assert own.headers["x-frame-options"] == "DENY"


def test_the_page_offers_it(client: httpx.Client) -> None:
    page = client.get(f"/page/{AMBIENTE}", params={"lang": "en"}, headers={"accept": "text/html"}).text
    links = re.findall(r'<a class="download" href="([^"]+)" type="image/[^"]+">', page)
    assert [link.rsplit(".", 1)[1] for link in links] == ["svg?lang=en", "png?lang=en"]
    for link in links:
        assert client.get(link).status_code == 200
    paste = unescape(unescape(re.search(r"<pre tabindex=\"0\" data-copy>(&lt;iframe .*?)</pre>", page)[1]))  # type: ignore[index]
    address = re.search(r'src="([^"]+)"', paste)[1]  # type: ignore[index]
    assert httpx.URL(address).path == f"/embed/{AMBIENTE}"
    image = re.search(r'<meta property="og:image" content="([^"]+)">', page)[1]  # type: ignore[index]
    assert httpx.URL(image).path == f"/embed/{AMBIENTE}.png"


@pytest.mark.parametrize(
    "path",
    [
        "user-indicator/c_d150/ambiente/nothing",
        "user-indicator/c_d150/ambiente/nothing.png",
        "public-service/c_d150/ambiente.svg",
        "user-indicator",
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
    for svg in (alone(chart, Picture(evil, [evil])), str(on_page(chart, "a"))):
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
