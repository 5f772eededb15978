"""Somebody to write to: the contact and the report of an error, from the settings, on every page."""

import html
import re
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from mappe_servizi.releases import Release
from mappe_servizi.setting_checks import report_address
from served import BASE, serve

HTML = {"accept": "text/html"}
NIDI = f"{BASE}data/public-service/c_d150/asili-nido"
PAGES = ("/", "/services", "/about", "/search?q=nido", "/sparql", "/page/public-service/c_d150/asili-nido")
PAGES += ("/quality/c_d150", "/quality/c_d150/asili-nido", "/no-such-page")


def report(client: httpx.Client, path: str) -> str:
    text = client.get(path, headers=HTML).text
    found = re.search(r'<a href="([^"]*)">Segnala un errore in questa pagina</a>', text)
    assert found, path
    return html.unescape(found[1])


def test_without_an_address_every_page_leads_to_what_to_do(client: httpx.Client) -> None:
    for path in PAGES:
        assert report(client, path).split("?")[0] == ["/about#contact"][0]
    about = client.get("/about", headers=HTML).text
    assert 'id="contact"' in about
    assert "non ha indicato un indirizzo" in about
    assert "mailto:" not in about
    assert "Riprogettazione Mappe dei Servizi" in about
    assert 'href="https://www.comune.cremona.it/"' in about


def test_by_mail_a_report_says_what_it_is_about(release: Release) -> None:
    with (
        serve("--release", release.path, "--contact-email", "dati@comune.example.it") as site,
        site.client() as client,
    ):
        for path in PAGES:
            assert report(client, path).startswith("mailto:dati@comune.example.it?subject=")
        asked = urlsplit(report(client, "/page/public-service/c_d150/asili-nido"))
        said = parse_qs(asked.query)
        assert said["subject"] == ["Errore nella pagina: Asili nido"]
        assert NIDI in said["body"][0]
        assert re.search(r"righe del documento \d+", said["body"][0])
        assert len(asked.query) < 2000
        assert "dati@comune.example.it" in client.get("/about", headers=HTML).text


def test_a_tracker_gets_title_and_text(release: Release) -> None:
    tracker = "https://tracker.example.org/new?title={title}&body={text}"
    with serve("--release", release.path, "--report-url", tracker) as site, site.client() as client:
        asked = urlsplit(report(client, "/page/public-service/c_d150/asili-nido"))
    assert asked.netloc == "tracker.example.org"
    assert parse_qs(asked.query)["title"] == ["Errore nella pagina: Asili nido"]
    assert NIDI in unquote(asked.query)


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://e.org/{who}", "e.org", "https://e.org/ x"])
def test_an_address_that_no_page_can_link_to_is_refused(value: str) -> None:
    assert report_address(value)


def test_an_officer_sees_what_to_check_in_one_map(client: httpx.Client) -> None:
    every = client.get("/api/quality.json", params={"limit": 1000}).json()
    rows = every["rows"] if isinstance(every, dict) and "rows" in every else every
    assert rows
    page = client.get("/quality/c_d150/anagrafe", headers=HTML).text
    assert "<h1>Anagrafe</h1>" in page
    assert "Da controllare" in page
    whole = client.get("/quality/c_d150", headers=HTML).text
    for slug in re.findall(r'href="/quality/c_d150/([^"?]+)', whole):
        text = client.get(f"/quality/c_d150/{slug}", headers=HTML).text
        assert text.count('class="finding finding-') >= 1, slug
    assert client.get("/quality/c_d150/no-such", headers=HTML).status_code == 404
    assert client.get('/quality/c_d150/a"b', headers=HTML).status_code == 404
