"""Visitors: one counts children, one follows providers, one asks questions, one writes about it."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.places import NIDI
from served import Served


def test_how_many_children_attend_the_nurseries(page: Page, site: Served) -> None:
    page.goto("/")
    page.get_by_role("combobox", name=re.compile("Cerca un servizio")).fill("asili nid")
    page.get_by_role("option", name="Asili nido", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asili nido")
    table = page.locator("table.figures").first
    expect(table.locator("caption")).to_have_text("Utenti per anno")
    row = table.locator("tbody tr", has=page.get_by_role("rowheader", name=re.compile("^Lattanti")))
    shown = row.locator("td.numeric").first.inner_text()
    link = page.locator("a.download").first.get_attribute("href")
    assert link is not None
    rows = list(csv.DictReader(io.StringIO(httpx.get(site.url + link).text)))
    lattanti = [r for r in rows if r["label"] == "Lattanti"]
    assert lattanti[0]["value"] == shown
    assert {r["table"] for r in rows} == {"users"}
    row.locator("td.numeric a").first.click()
    expect(page.locator(".big-figure")).to_contain_text(shown)
    expect(page.locator(".quote pre").first).to_contain_text("Lattanti")


def test_who_delivers_home_care_and_by_which_instrument(page: Page, site: Served) -> None:
    page.goto("/")
    page.get_by_role("link", name="Chi li svolge").click()
    expect(page.locator("svg.flows-wide")).to_be_visible()
    page.get_by_role("link", name="Servizi", exact=True).click()
    page.get_by_role("link", name="Anziani", exact=True).first.click()
    provisions = page.locator("table", has=page.locator("#provisions-caption"))
    care = provisions.locator("tbody tr", has_text=re.compile("domiciliare|SAD|ADI", re.IGNORECASE)).first
    expect(care).to_be_visible()
    instrument = care.locator("td").last.inner_text()
    assert re.search("co-progettazione|accreditamento|appalto|convenzione", instrument, re.IGNORECASE)
    care.get_by_role("link").first.click()
    expect(page.locator(".kicker")).to_contain_text("Soggetto che svolge")
    expect(page.get_by_role("heading", name="Che cosa svolge")).to_be_visible()


def test_take_a_query_from_the_gallery_change_it_and_share_it(page: Page, site: Served) -> None:
    page.goto("/sparql")
    page.locator(".gallery a[data-query=management-forms]").click()
    editor = page.locator(".CodeMirror")
    expect(editor).to_contain_text("managementForm")
    page.evaluate("""() => { const e = document.querySelector('.CodeMirror').CodeMirror;
        e.setValue(e.getValue() + '\\nLIMIT 2'); }""")
    page.locator(".yasqe_queryButton").click()
    expect(page.locator(".yasr .yasr_response_chip")).to_contain_text("2 results")
    page.get_by_role("button", name="Copia il collegamento").click()
    shared = page.locator("#share-link a").get_attribute("href")
    assert shared is not None
    other = page.context.new_page()
    other.goto(shared)
    expect(other.locator(".CodeMirror")).to_contain_text("LIMIT 2")
    other.close()
    page.locator("#download-format").select_option("csv")
    with page.expect_response(lambda r: "format=csv" in r.url) as answer, page.expect_download() as download:
        page.get_by_role("button", name="Scarica", exact=True).click()
    assert answer.value.ok
    assert download.value.path()


def test_a_journalist_shows_a_chart_in_her_page_and_cites_it(page: Page, site: Served) -> None:
    page.goto("/page/user-indicator/c_d150/ambiente/attivita-produttive")
    page.get_by_text("Usa questo grafico").click()
    paste = page.locator(".chart-offers pre").inner_text()
    cited = page.locator(".cite").inner_text()
    assert "Comune di Cremona, «Attività produttive, Ambiente», Mappe dei servizi, edizione 2020" in cited
    with newspaper(f"<!doctype html><h1>Ambiente</h1>{paste}") as address:
        hers = page.context.new_page()
        hers.goto(address)
        frame = hers.frame_locator("iframe")
        expect(frame.get_by_role("img", name="Attività produttive")).to_be_visible()
        expect(frame.get_by_text("Licenza: CC BY 4.0")).to_be_visible()
        inside = hers.frames[1].evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert inside, "the frame is too low for what it shows"
        hers.close()


@contextmanager
def newspaper(text: str) -> Iterator[str]:
    """A site of somebody else's, with one page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


# The links of the gallery that something else covers.
COVERED = """() => [...document.querySelectorAll('.gallery a')].filter((link) => {
  link.scrollIntoView({ behavior: 'instant', block: 'center' });
  const { left, top, width, height } = link.getClientRects()[0];
  return !link.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}).map((link) => link.textContent)"""


@pytest.mark.parametrize("width", [1280, 320])
def test_a_wide_result_stays_in_its_box(page: Page, site: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/sparql")
    for query in ("partners-in-groupings", "services-through-cooperatives"):  # five columns each
        with page.expect_navigation():
            page.locator(f".gallery a[data-query={query}]").click()
        page.locator(".yasqe_queryButton").click()
        expect(page.locator(".yasr .grip-handle")).to_have_count(6)  # the rows' numbers are a column too
        header = page.locator(".yasr_header").bounding_box()
        row = page.locator(".yasr tbody tr").first.bounding_box()
        assert header is not None
        assert row is not None
        assert 0 < row["y"] - (header["y"] + header["height"]) < 100
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(COVERED) == []
    box = page.locator(".yasr .dt-layout-table")
    inner = box.evaluate(
        "(e) => { e.scrollLeft = e.scrollWidth; return [e.scrollLeft, e.scrollWidth - e.clientWidth]; }"
    )
    assert inner[0] == inner[1]  # what is wider than the box can be scrolled to


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("it", ["Tabella", "Risposta", "Vista semplice", "Abbrevia", "Filtra i risultati"]),
        ("en", ["Table", "Response", "Simple view", "Ellipse", "Filter query results"]),
    ],
)
def test_results_speak_the_language_of_the_page(
    page: Page, site: Served, language: str, said: list[str]
) -> None:
    page.goto(f"/sparql?lang={language}")
    page.evaluate(
        "document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT (\"Table\" AS ?Table) {}')"
    )
    page.locator(".yasqe_queryButton").click()
    header = page.locator(".yasr_header")
    for text in said[:-1]:
        expect(header.get_by_text(text, exact=True)).to_be_visible()
    expect(header.get_by_placeholder(said[-1], exact=True)).to_be_visible()
    header.get_by_label(said[2]).check()  # which writes the controls again
    expect(header.get_by_label(said[2])).to_be_checked()
    expect(header.get_by_text(said[3], exact=True)).to_be_visible()
    for data in (page.locator(".yasr th").last, page.locator(".yasr td").last):
        expect(data).to_have_text("Table")


def test_a_refused_query_is_told_as_text(context: BrowserContext, site: Served) -> None:
    page = context.new_page()  # its console tells of the refusal
    problem = '{"title": "A <b>title</b>", "status": 400, "detail": "A <i>detail</i>"}'
    for answer in (problem, None):
        page.goto("/sparql")
        if answer:
            page.route(
                "**/sparql",
                lambda route: route.fulfill(
                    status=400, content_type="application/problem+json", body=problem
                ),
                times=1,
            )
        page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT x')")
        page.locator(".yasqe_queryButton").click()
        shown = page.locator(".yasr .problem")
        expect(shown.locator("strong")).to_have_text("A <b>title</b>" if answer else re.compile("not SPARQL"))
        expect(shown.locator("p")).to_have_text(
            "A <i>detail</i>" if answer else re.compile("^line 1, column 8: ")
        )
        expect(page.locator(".yasr_results")).not_to_contain_text("{")


def test_the_editor_completes_terms_and_prefixes(page: Page, site: Served) -> None:
    page.goto("/sparql")
    editor = page.locator(".CodeMirror")
    expect(editor).to_be_visible()
    for typed, offered in (
        ("SELECT * { ?s mds:hasUserS", "mds:hasUserSegment"),
        ("SELECT * { ?s a mds:MunicipalSer", "mds:MunicipalService"),
        ("PREFIX mds", "mds: <https://w3id.org/mappe-servizi/onto/MDS/>"),
    ):
        page.evaluate("() => document.querySelector('.CodeMirror').CodeMirror.setValue('')")
        editor.click()
        page.keyboard.insert_text(typed)
        page.keyboard.press("Control+Space")
        expect(page.locator(".CodeMirror-hints li", has_text=offered).first).to_be_visible()
        page.keyboard.press("Enter")
        expect(editor).to_contain_text(offered)


def test_the_language_that_a_visitor_chose_stays(page: Page, site: Served) -> None:
    page.goto(NIDI)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Data quality").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.get_by_role("heading", level=1).inner_text() == "Data quality"


def test_tables_sort(page: Page, site: Served) -> None:
    page.goto("/explore/users?filter=nido")
    header = page.locator("table.figures thead th", has_text="2019")
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    cells = page.locator("table.figures tbody tr td.numeric:nth-child(5)").all_inner_texts()
    numbers = [float(c.replace(".", "").replace(",", ".")) for c in cells if re.fullmatch(r"[\d.,]+", c)]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("path", ["/explore/users", "/page/public-service/c_d150/asili-nido"])
def test_a_phone_shows_the_newest_year_without_scrolling_sideways(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(path)
    outside = page.evaluate(
        """(width) => [...document.querySelectorAll('.figures td[data-label]')].filter((cell) => {
          const { left, right } = cell.getBoundingClientRect();
          return left < 0 || right > width;
        }).length""",
        width,
    )
    newest = max(
        page.evaluate("[...document.querySelectorAll('.figures td')].map(c => c.dataset.label ?? '')")
    )
    assert outside == 0
    label = page.locator(f".figures td[data-label='{newest}']").first
    assert newest in label.evaluate("(cell) => getComputedStyle(cell, '::before').content")


def test_the_contents_of_a_page_stay_in_sight_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(reduced_motion="reduce")  # else it is still scrolling
    page.goto("/page/public-service/c_d150/asili-nido#howmuch")
    box = page.locator(".page-toc").bounding_box()
    heading = page.locator("#howmuch").bounding_box()
    assert box is not None
    assert heading is not None
    assert 0 <= box["y"] < 10
    assert heading["y"] >= box["y"] + box["height"] - 1


def test_a_long_page_is_short_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(NIDI)
    assert page.evaluate("document.documentElement.scrollHeight") < 10.5 * 740
    facts = page.locator(".facts > div").all_inner_texts()
    assert facts[0].startswith("Semidivezzi (2019)")
    assert any(text.startswith("Dove") for text in facts)
    assert page.evaluate("document.querySelector('.facts').getBoundingClientRect().bottom") < 2 * 740
    page.emulate_media(reduced_motion="reduce")  # else it is still scrolling
    page.goto(f"{NIDI}#element-coordinamento-pedagogico")
    assert (
        0
        <= page.locator("#element-coordinamento-pedagogico").evaluate("e => e.getBoundingClientRect().y")
        < 740
    )


@pytest.mark.parametrize(("width", "shown"), [(320, "narrow"), (1280, "wide")])
def test_the_picture_of_providers_is_read_and_followed(page: Page, width: int, shown: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/providers?lang=en")
    picture = page.locator(f"svg.flows-{shown}")
    expect(picture).to_be_visible()
    expect(page.locator("svg.flows:visible")).to_have_count(1)
    box = picture.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    size = picture.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize) * e.clientWidth / e.viewBox.baseVal.width"
    )
    assert size >= 9
    link = picture.get_by_role("link").first
    name, _, number = (link.locator("title").text_content() or "").rpartition(": ")
    assert int(number) > 0
    link.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
