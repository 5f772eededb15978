"""The page and the JSON of a search on the real release."""

import re

import httpx
import pytest

from served import BASE

HTML = {"accept": "text/html"}
NIDI = "/page/public-service/c_d150/asili-nido"


def test_hits_name_their_service(client: httpx.Client) -> None:
    hits = client.get("/search", params={"q": "nido estivo"}).json()["hits"]
    owner = next(hit["owner"] for hit in hits if hit["label"] == "Nido estivo")
    assert owner == {
        "iri": f"{BASE}data/public-service/c_d150/asili-nido",
        "label": "Asili nido",
        "page": NIDI,
    }
    page = client.get("/search", params={"q": "nido estivo", "lang": "it"}, headers=HTML).text
    assert f'Servizio: <a href="{NIDI}?lang=it">Asili nido</a>' in page
    pasti = client.get("/search", params={"q": "pasti erogati anno"}).json()["hits"]
    assert "n-pasti" not in "".join(hit["text"] for hit in pasti)


def test_english_pages_have_the_english_names(client: httpx.Client) -> None:
    english = client.get("/search", params={"q": "bambini", "lang": "en"}).json()["hits"]
    italian = client.get("/search", params={"q": "bambini", "lang": "it"}).json()["hits"]
    assert {hit["iri"]: hit["label"] for hit in english}.keys() == {hit["iri"] for hit in italian}
    page = client.get("/search", params={"q": "children", "lang": "en"}, headers=HTML).text
    assert "<mark>Children</mark> aged 0 to 3" in page
    assert not re.search(r'<span class="badge[^>]*>(onto|dataset|criterion)<', page)


@pytest.mark.parametrize(
    ("language", "said"), [("it", "meno parole"), ("en", "the documents are in Italian")]
)
def test_without_hits_the_page_says_what_to_do(client: httpx.Client, language: str, said: str) -> None:
    page = client.get("/search", params={"q": "qzqzqz", "lang": language}, headers=HTML).text
    assert said in page
    for path in (f"/services?lang={language}", f"/?lang={language}#audiences", f"/providers?lang={language}"):
        assert f'href="{path}"' in page
    assert said not in client.get("/search", params={"q": "nido", "lang": language}, headers=HTML).text


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_kind_is_named(client: httpx.Client, language: str) -> None:
    for kind in ("onto", "dataset", "criterion", "municipality"):
        page = client.get(
            "/search", params={"q": "servizi cremona anagrafici", "kind": kind, "lang": language}
        )
        assert page.status_code == 200
        shown = client.get(page.url, headers=HTML).text
        assert f">{kind}<" not in shown
