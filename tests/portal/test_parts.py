"""A part of a service's page leads there, and stands there under its name; its RDF is its own."""

import re

import httpx
import pytest

NIDI = "/page/public-service/c_d150/asili-nido"
PARTS = (
    "element/c_d150/2020/asili-nido/coordinamento-pedagogico",
    "criterion/c_d150/2020/asili-nido/tempo-di-frequenza",
    "provision/c_d150/2020/asili-nido/nido-sacchi",
    "provision/c_d150/2020/ambiente/ats-colonie-feline-collaborazione",
)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_leads_to_its_place(client: httpx.Client, part: str) -> None:
    html = {"accept": "text/html"}
    concept, *_, service, slug = part.split("/")
    answer = client.get(f"/page/{part}?lang=en", headers=html)
    place = f"/page/public-service/c_d150/{service}?lang=en#{concept}-{slug}"
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert f'id="{concept}-{slug}"' in client.get(place, headers=html).text
    everything = client.get(f"/page/{part}?view=all", headers=html)
    assert everything.status_code == 200
    assert everything.headers["x-robots-tag"].startswith("noindex")
    assert client.get(f"/doc/{part}.ttl").status_code == 200


def test_each_part_of_a_page_stands_there_once(client: httpx.Client) -> None:
    page = client.get(NIDI, headers={"accept": "text/html"}).text
    names = re.findall(r'id="([^"]*)"', page)
    assert len(names) == len(set(names))
    assert len([name for name in names if name.startswith(("element-", "criterion-", "provision-"))]) > 20


def test_no_part_leads_nowhere(client: httpx.Client) -> None:
    for nobody in ("element/c_d150/2020/asili-nido/nowhere", "element/x", "element/c_d150/2020/a%22b/c"):
        assert client.get(f"/page/{nobody}", headers={"accept": "text/html"}).status_code == 404
