"""What the pages say, against the release; and that nothing from the data can act in them."""

import csv
import io
import json
import re
import shutil
import tomllib
from pathlib import Path

import httpx
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from helpers import ROOT
from hostile_data import PATHS, attacks
from mappe_servizi.releases import Release
from mappe_servizi.releases.directory import MANIFEST, SIZES
from mappe_servizi.web.portal.texts import TABLE, english
from served import BASE, serve, write_release

WEB = ROOT / "src" / "mappe_servizi" / "web"
NIDI = "/page/public-service/c_d150/asili-nido"
HTML = {"accept": "text/html"}


def test_every_text_of_the_pages_has_its_english() -> None:
    used = set()
    for path in (WEB / "portal" / "templates").glob("*.html"):
        used |= set(re.findall(r'\b_\("([^"]*)"\)', path.read_text(encoding="utf-8")))
    for path in WEB.rglob("*.py"):
        used |= set(re.findall(r'\btranslate\("([^"]*)"\)', path.read_text(encoding="utf-8")))
    assert len(used) > 150
    assert used <= set(english())
    assert tomllib.loads(TABLE.read_text(encoding="utf-8")) == english()


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_service_shows_every_figure_of_its_map(client: httpx.Client, language: str) -> None:
    page = client.get(NIDI, params={"lang": language}, headers=HTML).text
    rows = csv.DictReader(
        io.StringIO(client.get("/api/observations.csv", params={"number": "10", "limit": "10000"}).text)
    )
    shown = set(re.findall(r'href="(/page/measurement/[^"?]*)', page))
    assert shown == {r["observation"].replace(f"{BASE}data/", "/page/") for r in rows}


def test_a_figure_quotes_its_line(client: httpx.Client) -> None:
    page = client.get("/page/measurement/c_d150/2020/asili-nido/users-lattanti/2018", headers=HTML).text
    document = (
        (ROOT / "data/municipalities/c_d150/editions/2020/document.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    line = int(re.search(r"riga (\d+)", page)[1])  # type: ignore[index]
    quoted = re.search(r'<pre tabindex="0">([^<]*)</pre>', page)[1]  # type: ignore[index]
    assert document[line - 1].split()[0] in quoted
    assert "Lattanti" in quoted


def test_the_quality_page_has_every_finding(client: httpx.Client) -> None:
    page = client.get("/quality/c_d150", headers=HTML).text
    findings = list(csv.DictReader(io.StringIO(client.get("/csv/quality.csv").text)))
    shown = set(re.findall(r'href="/page/(finding/[^"?]*)', page))
    assert {r["finding"].removeprefix(f"{BASE}data/") for r in findings} <= shown
    assert client.get("/quality/nowhere", headers=HTML).status_code == 404


def test_pages_have_schema_org(client: httpx.Client) -> None:
    page = client.get(NIDI, headers=HTML).text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert data["@type"] == "GovernmentService"
    assert data["name"] == "Asili nido"
    assert data["provider"]["name"] == "Comune di Cremona"


def test_robots_and_sitemap_leave_persons_out(client: httpx.Client) -> None:
    def listed(place: str) -> list[str]:
        answer = client.get(place.removeprefix(BASE.rstrip("/")))
        assert answer.status_code == 200
        return re.findall(r"<loc>([^<]*)</loc>", answer.text)

    sitemaps = listed("/sitemap.xml")
    assert sitemaps == [f"{BASE}sitemap/site.xml", f"{BASE}sitemap/c_d150.xml"]
    site, town = map(listed, sitemaps)
    services = client.get("/api/services", params={"limit": 100}).json()["rows"]
    pages = {r["service"].replace("/data/", "/page/") for r in services}
    assert {f"{page}?lang={language}" for page in pages for language in ("it", "en")} <= set(town)
    assert f"{BASE}page/municipality/c_d150?lang=it" in site
    assert f"{BASE}quality/c_d150?lang=en" in town
    assert client.get("/sitemap/c_x999.xml").status_code == 404
    places = [*site, *town]
    assert len(places) == len(set(places)) > 1000
    assert not any("/person/" in place for place in places)
    assert "Disallow: /page/person/" in client.get("/robots.txt").text
    for place in places[8:800:80]:
        assert client.get(place.removeprefix(BASE.rstrip("/")), headers=HTML).status_code == 200
    person = client.get("/page/public-service/c_d150/asili-nido", headers=HTML).text
    link = re.search(r'href="(/page/person/[^"?]*)', person)[1]  # type: ignore[index]
    answer = client.get(link, headers=HTML)
    assert "noindex" in answer.headers["x-robots-tag"]
    assert '<meta name="robots" content="noindex' in answer.text


def test_the_description_of_the_api_is_openapi(client: httpx.Client) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert [str(error) for error in OpenAPIV30SpecValidator(document).iter_errors()] == []
    services = document["paths"]["/api/services"]["get"]
    assert {p["name"]: p.get("example") for p in services["parameters"]}["municipality"] == "c_d150"
    rows = services["responses"]["200"]["content"]["application/json"]["example"]["rows"]
    assert rows[0].items() <= client.get("/api/services", params={"limit": 1}).json()["rows"][0].items()
    broken = document | {"info": {}}
    assert list(OpenAPIV30SpecValidator(broken).iter_errors())


def test_every_operation_answers_in_every_format_and_pages_end(client: httpx.Client) -> None:
    document = client.get("/api/openapi.json").json()
    operations = {path: methods for path, methods in document["paths"].items() if path.startswith("/api/")}
    assert len(operations) >= 16
    for path, methods in operations.items():
        for media in methods["get"]["responses"]["200"]["content"]:
            parameters = {
                p["name"]: p["schema"]["default"]
                for p in methods["get"]["parameters"]
                if "default" in p["schema"]
            }
            answer = client.get(path, params=parameters | {"limit": 5}, headers={"accept": media})
            assert answer.status_code == 200, (path, answer.text[:300])
            assert answer.headers["content-type"].startswith(media)
    whole = client.get("/api/services", params={"limit": 10_000}).json()["rows"]
    paged, place = [], "/api/services?limit=10"
    while place:
        answer = client.get(place).json()
        paged += answer["rows"]
        place = answer["links"].get("next", "")
    assert paged == whole
    assert len(whole) == 73
    assert client.get("/api/services?limit=10&page=9").status_code == 404


def test_each_column_filters(client: httpx.Client) -> None:
    for table in ("observations", "services", "segments", "quality"):
        first = client.get(f"/api/{table}", params={"limit": 1}).json()["rows"][0]
        for column, value in first.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            answer = client.get(f"/api/{table}", params={column: text, "limit": 10_000})
            assert answer.status_code == 200, (table, column, answer.text)
            assert first in answer.json()["rows"], (table, column)


@pytest.mark.parametrize("value", ['x" } UNION { ?s ?p ?o', "\\", "'''", "}#", "\u202eabc"])
def test_a_parameter_is_a_value_and_never_text(client: httpx.Client, value: str) -> None:
    answer = client.get("/api/observations", params={"label": value})
    assert answer.status_code == 200
    assert answer.json()["rows"] == []


@pytest.mark.parametrize("query", ["number=ten", "nothing=1", "limit=0", "limit=99999", "page=x"])
def test_wrong_parameters_are_said(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/observations?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_texts_of_the_data_cannot_act(tmp_path: Path) -> None:
    write_release(tmp_path / "current", attacks())
    with serve("--release", tmp_path / "current") as served, served.client(headers=HTML) as client:
        for path in PATHS:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
            assert 'href="javascript:' not in answer.text
            assert 'onload="alert' not in answer.text
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
        # A text that turns the direction of writing is kept to itself.
        assert "<bdi>" in client.get("/page/public-service/x_1/evil").text


def test_behind_a_proxy_every_link_has_the_prefix(tmp_path: Path) -> None:
    write_release(tmp_path / "current", attacks())
    with serve("--release", tmp_path / "current", "--path-prefix", "/mappe") as served:
        client = served.client(headers=HTML)
        page = client.get("/page/public-service/x_1/evil").text
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        assert len(links) > 20
        assert [link for link in links if not link.startswith("/mappe/")] == []
        assert client.get("/data/public-service/x_1/evil").headers["location"].startswith("/mappe/page/")
        client.close()


def test_a_prepared_page_is_the_same_page(release: Release, client: httpx.Client) -> None:
    with (
        serve("--release", release.path, "--cache-memory", "0") as other,
        other.client(headers=HTML) as asked,
    ):
        for path in (NIDI, "/page/public-service/c_d150/ciclo-rifiuti"):
            assert client.get(path, headers=HTML).text == asked.get(path, headers=HTML).text


def test_who_publishes_their_own_data_is_not_called_unofficial(
    tmp_path: Path, release: Release, client: httpx.Client
) -> None:
    assert "Elaborazione non ufficiale" in client.get("/about", headers=HTML).text
    own = tmp_path / "own"
    shutil.copytree(release.path, own)
    facts = json.loads((own / MANIFEST).read_bytes())
    assert facts["publisher"] == "mappe-servizi"
    (own / MANIFEST).chmod(0o644)
    (own / MANIFEST).write_text(json.dumps(facts | {"publisher": "c_d150"}))
    (own / SIZES).unlink()  # they were of the manifest as it was
    with serve("--release", own) as server, server.client() as visitor:
        page = visitor.get("/about", headers=HTML).text
    assert "non ufficiale" not in page
    assert "Dati aperti del comune" in page


def test_totals_and_parts_name_each_other_once(client: httpx.Client) -> None:
    pairs = """PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
        SELECT ?part ?whole { ?part mds:breakdownOf|^mds:totalOf ?whole } ORDER BY ?part ?whole LIMIT 5"""
    rows = client.get("/sparql", params={"query": pairs, "format": "json"}).json()["results"]["bindings"]
    assert len(rows) == 5
    for row in rows:
        part, whole = (row[name]["value"].replace(f"{BASE}data/", "/page/") for name in ("part", "whole"))
        for page, said, other in ((part, "compresa in:", whole), (whole, "comprende:", part)):
            note = re.search(r'<p class="note">Questa riga.*?</p>', client.get(page, headers=HTML).text)
            assert note
            assert note[0].count(f'href="{other}"') == 1
            before = note[0].partition(f'href="{other}"')[0]
            assert before.rfind(said) > before.rfind("compresa" if said == "comprende:" else "comprende")


def test_crawlers_are_sent_to_the_public_address(release: Release) -> None:
    public = "https://dati.example.it/m/"
    with serve("--release", release.path, "--public-url", public) as own, own.client() as visitor:
        assert f"Sitemap: {public}sitemap.xml" in visitor.get("/robots.txt").text
        for path in ("/sitemap.xml", "/sitemap/site.xml", "/sitemap/c_d150.xml"):
            places = re.findall("<loc>([^<]*)</loc>", visitor.get(path).text)
            assert places
            assert all(place.startswith(public) for place in places)


def test_a_place_shows_what_is_counted_there(client: httpx.Client) -> None:
    museum = client.get("/page/place/c_d150/museo-archeologico", headers=HTML).text
    shown = re.findall(r'<td class="numeric" data-label="(\d+)"><a [^>]*>([\d.]+)</a>', museum)
    assert ("2018", "3.411") in shown  # lines 2848 and after: schools, and all visitors
    assert ("2020", "2.957") in shown
    assert "/page/segment/c_d150/" in museum


def test_a_total_shows_its_parts_on_one_scale(client: httpx.Client) -> None:
    page = client.get("/page/user-indicator/c_d150/anziani/totale", headers=HTML).text
    [picture] = re.findall(r'<svg class="chart stacked".*?</svg>', page, re.DOTALL)
    widths = [float(one) for one in re.findall(r'<rect class="part" [^>]*width="([\d.]+)"', picture)]
    years = [widths[at : at + 10] for at in range(0, len(widths), 10)]  # ten parts: lines 1506 to 1516
    totals = [sum(one) + len(one) for one in years]  # a pixel between two
    assert [round(total / max(totals), 2) for total in totals] == [0.99, 1, 0.96]  # 1473, 1486, 1421
    assert "1.421" in picture
    doubted = "/page/user-indicator/c_d150/disabilita/totale"  # a finding says that its parts do not add up
    assert "chart stacked" not in client.get(doubted, headers=HTML).text
