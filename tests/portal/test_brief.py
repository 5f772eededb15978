"""A municipality on a page: ten statements, with the lines that say so."""

import re

import httpx
import pytest

HTML = {"accept": "text/html"}
WORDS = {
    "it": ("da 64.681 nel 2018 a 18.153 nel 2020 (−71,9%)", "riga 2849", "In breve: Comune di Cremona"),
    "en": ("from 64,681 in 2018 to 18,153 in 2020 (−71.9%)", "line 2849", "In brief: Comune di Cremona"),
}


@pytest.mark.parametrize("language", WORDS)
def test_it_says_ten_things(client: httpx.Client, language: str) -> None:
    page = client.get(f"/brief/c_d150?lang={language}", headers=HTML).text
    [said] = re.findall(r'<ol class="brief">(.*?)</ol>', page, re.DOTALL)
    each = said.split("<li>")[1:]
    assert len(each) == 10
    assert len({re.findall(r'href="([^"?]*)', one)[0] for one in each}) == 10, "one a service"
    assert all('<span lang="it">' in one for one in each), "what is quoted is Italian"
    text = re.sub("<[^>]*>", "", page)
    for words in WORDS[language]:
        assert words in text


def test_it_is_chosen_from_what_the_interface_says(client: httpx.Client) -> None:
    """The graph and the table of figures say the same."""
    page = client.get("/brief/c_d150?lang=en", headers=HTML).text
    [every] = re.findall(r"Possible statements: ([0-9,]+)", page)
    told = client.get("/api/insights?municipality=c_d150").json()
    assert int(every.replace(",", "")) == told["total"]
    assert 'href="/api/insights?municipality=c_d150"' in page
    sentences = [re.sub("^[^:]*: ", "", one["en"]) for one in told["rows"]]
    text = re.sub("<[^>]*>", "", page)
    assert sum(one in text for one in sentences) >= 10


def test_a_municipality_leads_to_it(client: httpx.Client) -> None:
    assert 'href="/brief/c_d150' in client.get("/page/municipality/c_d150", headers=HTML).text
    for nobody in ("c_x999", "%22", "a b"):
        assert client.get(f"/brief/{nobody}", headers=HTML).status_code == 404
