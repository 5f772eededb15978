"""``/api/insights`` on the real release: a statement is what its own figures say, none of them doubted."""

import html
import re
from collections import Counter

import httpx
import pytest
from pyoxigraph import NamedNode, Store

from mappe_servizi.releases import Release
from rdf import BASE
from served import Served


@pytest.fixture(scope="module")
def told(site: Served) -> list[dict]:  # type: ignore[type-arg]
    answer = httpx.get(f"{site.url}/api/insights", params={"municipality": "c_d150"})
    assert answer.status_code == 200, answer.text
    found: list[dict] = answer.json()["rows"]  # type: ignore[type-arg]
    assert answer.json()["total"] == len(found)
    return found


def test_every_kind_is_told(told: list[dict]) -> None:  # type: ignore[type-arg]
    counts = Counter(one["kind"] for one in told)
    assert counts["change"] > 500
    assert counts["share"] > 50
    assert counts["rank"] > 100


def test_each_is_what_its_figures_say(told: list[dict], release: Release) -> None:  # type: ignore[type-arg]
    store = Store.read_only(str(release.store))
    quality, rests_on = NamedNode(f"{BASE}graph/quality"), NamedNode(f"{BASE}onto/MDS/restsOn")
    doubted = {quad.object.value for quad in store.quads_for_pattern(None, rests_on, None, quality)}  # type: ignore[union-attr]
    assert len(doubted) > 20
    for one in told:
        figures = one["figures"]
        assert len({figure["unit"] for figure in figures}) == 1
        assert not doubted & {figure["observation"] for figure in figures}, one
        assert all(figure["source"] and figure["sourceLine"] for figure in figures)
        first, last = figures[0]["value"], figures[-1]["value"]
        if one["kind"] == "change":
            assert one["value"] == pytest.approx(last - first)
        elif one["kind"] == "share":
            assert one["value"] == pytest.approx(100 * last / first)
        else:
            assert one["value"] == 1 + sum(figure["value"] > last for figure in figures)
            assert one["among"] == len(figures)


def test_its_query_gives_its_figures(told: list[dict], client: httpx.Client) -> None:  # type: ignore[type-arg]
    for one in told[::80]:
        found = client.get(one["query"]).json()["rows"]
        assert {f["observation"] for f in one["figures"]} <= {f["observation"] for f in found}, one["query"]


def test_what_the_document_prints_is_said(told: list[dict]) -> None:  # type: ignore[type-arg]
    said = {one["it"] for one in told}
    assert "Civico Cimitero: «Salme Cremate», da 1.442 nel 2018 a 3.170 nel 2020 (+119,8%)." in said


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 200, "Salme Cremate"),
        ("?service=asili-nido", 200, "Lattanti"),
        ("?municipality=c_d150&kind=x", 400, "kind must be one of"),
        ("?municipality=c_d150&page=900", 404, "there is no page 900"),
        ("?municipality=c_d150&colour=red", 400, "colour"),
        ("?municipality=c_d150%22%20%7D%20UNION", 200, ""),
        ("?municipality=C_D150&service=asili-nido&kind=rank", 200, "Lattanti"),
    ],
)
def test_what_is_asked(client: httpx.Client, query: str, status: int, said: str) -> None:
    answer = client.get(f"/api/insights{query}")
    assert (answer.status_code, said in answer.text) == (status, True), answer.text[:300]


@pytest.mark.parametrize("language", ["it", "en"])
def test_pages_say_what_the_interface_says(
    told: list[dict],  # type: ignore[type-arg]
    client: httpx.Client,
    language: str,
) -> None:
    cemetery = "/page/public-service/c_d150/civico-cimitero"
    indicator = next(one["indicator"] for one in told if "«Salme Cremate», da 1.442" in one["it"])
    row = f"/page/{indicator.removeprefix(f'{BASE}data/')}"
    sentences = {one[language].partition(": ")[2] for one in told if one["title"] == "Civico Cimitero"}
    for path, most in ((cemetery, 5), (row, 3)):
        page = client.get(f"{path}?lang={language}", headers={"accept": "text/html"}).text
        [listed] = re.findall(r'<ul class="said">(.*?)</ul>', page, re.DOTALL)
        found = [
            html.unescape(re.sub("<small>.*?</small>|<[^>]*>", "", one)).strip()
            for one in listed.split("<li>")[1:]
        ]
        assert 0 < len(found) <= most
        assert set(found) <= sentences


def test_comparisons_are_sorted_by_change(told: list[dict], client: httpx.Client) -> None:  # type: ignore[type-arg]
    for order, sign in (("growth", -1), ("decline", 1)):
        rows = client.get(f"/explore/users?sort={order}&format=json").json()["rows"]
        changes = [row["changePercent"] for row in rows if "changePercent" in row]
        assert len(changes) > 100
        assert changes == sorted(changes, key=lambda change: sign * change)
    percents = {one["indicator"]: one["percent"] for one in told if one["kind"] == "change"}
    for row in rows:
        if "changePercent" in row and row["indicator"] in percents:
            assert row["changePercent"] == pytest.approx(percents[row["indicator"]], abs=0.051)
