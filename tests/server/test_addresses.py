"""Addresses with and without a slash at their end, asked under a host name that is not ours."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from mappe_servizi.setting_checks import OWN_NAMES
from mappe_servizi.settings import Settings
from mappe_servizi.web.app import create_app
from served import Served, serve

HOST = {"host": "evil.example"}
SAMPLES = {"path": "public-service/c_d150/asili-nido", "name": "services", "suffix": "ttl", "number": "1"}
SAMPLES |= {"stream": "data", "ipa": "c_d150", "what": "type", "service": "asili-nido"}
NAMES = ["/data", "/page", "/onto", "/controlled-vocabulary", "/doc", "/api", "/release/1", "/dump", "/csv"]


def every_address() -> list[str]:
    """Every route, its parameters filled in."""
    inner = create_app(Settings()).app
    assert isinstance(inner, Starlette)
    found = {re.sub(r"\{(\w+)(:\w+)?\}", lambda m: SAMPLES[m[1]], route.path) for route in inner.routes}
    return sorted(found | set(NAMES))


@pytest.mark.parametrize("address", every_address())
def test_no_form_of_an_address_is_answered_with_the_host_of_the_request(
    client: httpx.Client, address: str
) -> None:
    targets = {}
    for form in {address, address.rstrip("/") or "/", address.rstrip("/") + "/"}:
        answer = client.get(form, params={"a": "b c/é"}, headers=HOST | {"accept": "text/html"})
        assert "evil.example" not in f"{answer.headers}{answer.text}"
        assert answer.status_code != 307
        if answer.status_code == 308:
            targets[form] = answer.headers["location"]
    for form, target in targets.items():
        place, _, query = target.partition("?")
        assert place in {form + "/", form.rstrip("/")}
        assert query == "a=b+c%2F%C3%A9"
    assert len(targets) <= 1, "each form leads to the other"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("/api", "/api/"),
        ("/services/", "/services"),
        ("/services//", "/services"),
        ("/api/observations/?service=a%26b&limit=1", "/api/observations?service=a%26b&limit=1"),
        ("/catalogue/", "/catalogue"),
        ("/dump?lang=en", "/dump/?lang=en"),
        ("/release/1", "/release/1/"),
    ],
)
def test_the_other_form_is_named_with_its_query(client: httpx.Client, asked: str, answered: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = client.request(method, asked, headers=HOST)
        assert answer.status_code == 308
        assert answer.headers["location"] == answered


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example", "/nothing/", "/services%2F", "/%0d%0aX:y/"]
)
def test_what_is_answered_in_neither_form_is_not_found(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{client.base_url}{path}", headers=HOST)
    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.fixture(scope="module")
def prefixed(small: Path) -> Iterator[Served]:
    """A server behind a proxy that publishes it under /mappe."""
    with serve("--release", small, "--path-prefix", "/mappe") as served:
        yield served


@pytest.mark.parametrize(
    "path",
    ["/", "/page/public-service/c_d150/citt%25C3%25A0", "/data/municipality/c_d150", "/about?lang=en",
     "/sparql?query=ASK{}", "/dump", "/nothing"],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_a_proxy_may_take_the_prefix_away_or_pass_it(prefixed: Served, path: str, accept: str) -> None:
    with prefixed.client(headers={"accept": accept}) as client:
        # The second time each is answered from what is kept.
        answers = [client.get(start + path) for start in ("", "/mappe", "", "/mappe")]
    first = answers[0]
    assert "/mappe/mappe" not in f"{first.text}{first.headers}"
    assert first.headers.get("location", "/mappe/").startswith("/mappe/")
    for other in answers[1:]:
        assert (other.status_code, other.text) == (first.status_code, first.text)
        assert other.headers.get("location") == first.headers.get("location")
    if path == "/about?lang=en" and accept == "text/html":
        assert first.status_code == 200


def test_the_prefix_itself_is_the_start_page_s(prefixed: Served) -> None:
    with prefixed.client() as client:
        assert client.get("/mappe?lang=en").headers["location"] == "/mappe/?lang=en"
        assert client.get("/mappette/").status_code == 404
        assert client.get("/mappe/mappe/about").status_code == 404


@pytest.mark.parametrize("path", ["/nothing", "/sparql?query=nonsense", "/mappe/page/x/y"])
def test_types_of_problems_are_below_the_prefix(prefixed: Served, path: str) -> None:
    with prefixed.client() as client:
        problem = client.get(path).json()
        assert problem["type"].startswith("/mappe/problems#")


def test_the_server_s_own_names_are_known_to_the_settings() -> None:
    inner = create_app(Settings()).app
    assert isinstance(inner, Starlette)
    names = {route.path.split("/")[1] for route in inner.routes}
    assert {name for name in names if name and "." not in name} == OWN_NAMES
    assert Settings(path_prefix="/data/x").problems("serve")
    assert not Settings(path_prefix="/dati/data").problems("serve")
