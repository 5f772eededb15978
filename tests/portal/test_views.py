"""What a page shows is what its links give, in every format: the same rows in the same order."""

import csv
import html
import io
import re
from collections.abc import Iterator

import httpx
import openpyxl
import pytest

DATA = "https://w3id.org/mappe-servizi/data"
HTML = {"accept": "text/html"}
NIDI = "/page/public-service/c_d150/asili-nido"
VIEWS = {
    "/explore/users?filter=bibliotec": ("indicator", r'<td><a href="(/page/user-indicator/[^"]*)">'),
    "/explore/users?filter=minori&sort=2020": ("indicator", r'<td><a href="(/page/user-indicator/[^"]*)">'),
    "/explore/personnel?sort=staff": ("service", r'<th scope="row"><a href="(/page/[^"]*)">'),
    "/providers": ("provider", r'<th scope="row"><a href="(/page/organization/[^"]*)">'),
    "/providers?filter=cooperativa": ("provider", r'<th scope="row"><a href="(/page/organization/[^"]*)">'),
    "/search?q=mensa&kind=public-service": ("iri", r'<li><a href="(/page/public-service/[^"]*)"'),
}
"""Pages with a choice: the column that names what a row is about, and where the page links to that."""


def taken(client: httpx.Client, page: str) -> Iterator[list[dict[str, str]]]:
    """The rows of each file that a page offers, as texts."""
    links = re.findall(r'<a class="download" download href="([^"]*)"', page)
    assert len(links) >= 3
    for link in map(html.unescape, links):
        answer = client.get(link)
        assert answer.status_code == 200, link
        if "json" in answer.headers["content-type"]:
            document = answer.json()
            yield [
                {name: str(value) for name, value in row.items()}
                for row in document.get("rows", document.get("hits"))
            ]
        elif "csv" in answer.headers["content-type"]:
            yield [{n: v for n, v in row.items() if v} for row in csv.DictReader(io.StringIO(answer.text))]
        else:
            names, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(
                values_only=True
            )
            yield [{n: str(v) for n, v in zip(names, row, strict=True) if v is not None} for row in rows]


@pytest.mark.parametrize("address", VIEWS)
def test_a_page_gives_exactly_the_rows_that_it_shows(client: httpx.Client, address: str) -> None:
    column, link = VIEWS[address]
    page = client.get(address, headers=HTML).text
    shown = [
        f"https://w3id.org/mappe-servizi/data/{at.removeprefix('/page/')}" for at in re.findall(link, page)
    ]
    assert shown
    files = list(taken(client, page))
    for rows in files:
        assert [row[column] for row in rows] == shown
    if "search" not in address:  # whose JSON is the interface's own
        assert files[0] == files[1] == files[2]


def test_figures_of_a_page_are_to_be_had_in_every_format(client: httpx.Client) -> None:
    for address in (NIDI, "/page/user-indicator/c_d150/biblioteche/adulti", "/quality/c_d150/disabilita"):
        found = list(taken(client, client.get(address, headers=HTML).text))
        for number in range(0, len(found), 3):
            counts = {len(rows) for rows in found[number : number + 3]}
            assert len(counts) == 1
            assert counts != {0}


def test_personnel_is_compared_like_with_like(client: httpx.Client) -> None:
    """The firm's people are within the first number of one row, and beside that of another."""
    rows = client.get("/explore/personnel?sort=staff&format=json").json()["rows"]
    compared = {row["raw"]: row.get("compared") for row in rows}
    assert compared["157 (di cui 30 ditta esterna)"] == 127
    assert compared["1 + 2 esterni"] == 1
    numbers = [row["compared"] for row in rows if "compared" in row]
    assert numbers == sorted(numbers, reverse=True)


def test_a_workbook_takes_no_text_for_a_formula(client: httpx.Client) -> None:
    first = client.get("/api/services.xlsx?limit=3")
    assert first.content == client.get("/api/services.xlsx?limit=3").content
    sheet = openpyxl.load_workbook(io.BytesIO(first.content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "inlineStr"}
    assert [cell.value for cell in sheet[1]] == next(
        csv.reader([client.get("/api/services.csv").text.split("\n")[0]])
    )


def test_a_figure_tells_its_change_and_where_to_report_it(client: httpx.Client) -> None:
    adults = "/page/measurement/c_d150/2020/biblioteche/users-adulti/2020?lang=en"
    page = client.get(adults, headers=HTML).text
    card = re.findall(r'<section class="figure-card".*?</section>', page, re.DOTALL)[0]
    text = re.sub(r"\s+", " ", re.sub("<[^>]*>", "", card))
    for said in ("11,888", "−4,041 (−25.4%) against 2019", "No quality note", "Report an error", "Adulti"):
        assert said in text
    doubted = client.get("/api/quality.json?rule=magnitude-jump").json()["rows"][0]
    same = {name: doubted[name] for name in ("number", "year", "table", "label")}
    [one] = client.get("/api/observations.json", params=same).json()["rows"]
    page = client.get(f"/page{one['observation'].removeprefix(DATA)}?lang=en", headers=HTML).text
    assert "figure-change" not in page, "nothing is said of a figure that a finding doubts"
    assert 'href="#quality-notes"' in page
