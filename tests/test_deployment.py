"""What deploy/ has for operators, run as it is: proxies with TLS, units of systemd, alerts, the update."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from helpers import ROOT
from mappe_servizi import deployment as files
from mappe_servizi.deployment import FILES, write_deployment
from mappe_servizi.errors import MappeError
from mappe_servizi.rehearsal.entrance import free_port
from mappe_servizi.settings import Settings
from proxies import client_of, make_certificate, nginx, program, running
from served import BASE, Served, serve, write_release

DEPLOY = ROOT / "deploy"
HOST = "dati.comune.example.it"
EXAMPLES = (files.HOST, files.ADDRESS, files.PROGRAM, files.INSTANCE, *files.BELOW_A_PATH)
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
CITY = f"{BASE}data/public-service/c_d150/città"
PREFIXES = {"root": "", "prefix": "/mappe"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"), HOST)


@pytest.fixture(scope="module", params=PREFIXES.values(), ids=PREFIXES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    lines = [f'<{CITY}> {LABEL} "Città"@it .', f'<{BASE}data/municipality/c_d150> {LABEL} "Cremona"@it .']
    link = tmp_path_factory.mktemp("proxied") / "current"
    write_release(link, "".join(f"{line}\n" for line in lines).encode())
    given = ("--path-prefix", request.param, "--trusted-proxies", "127.0.0.1")
    with serve("--release", link, *given) as served:
        served.prefix = request.param  # type: ignore[attr-defined]
        yield served


def assert_proxied(server: Served, plain: int, secure: int, certificate: Path) -> None:
    """HTTP goes to HTTPS; what is asked comes to the server as it was asked, and the client's address too."""
    prefix: str = server.prefix  # type: ignore[attr-defined]
    extra = {"sni_hostname": HOST}
    with client_of(HOST, certificate) as client:
        sent = client.get(f"http://127.0.0.1:{plain}{prefix}/x?y=%C3%A0")
        assert sent.status_code in {301, 308}
        target = urlsplit(sent.headers["location"])
        assert (target.scheme, target.hostname, target.path) == ("https", HOST, f"{prefix}/x")
        assert target.query == "y=%C3%A0"

        def get(path: str, **headers: str) -> httpx.Response:
            address = f"https://127.0.0.1:{secure}{prefix}{path}"
            return client.get(address, headers=headers, extensions=extra)

        found = get("/data/public-service/c_d150/citt%C3%A0", accept="text/turtle")
        assert found.status_code == 303
        assert found.headers["location"] == f"{prefix}/doc/public-service/c_d150/citt%C3%A0.ttl"
        assert get("/doc/public-service/c_d150/citt%C3%A0.ttl").status_code == 200
        page = get("/page/public-service/c_d150/citt%C3%A0", accept="text/html")
        assert page.status_code == 200
        for link in re.findall(r'href="(/[^"]*)"', page.text):
            assert link.startswith(f"{prefix}/"), link
        query = {"query": "ASK { ?s ?p ?o }"}
        asked = client.post(f"https://127.0.0.1:{secure}{prefix}/sparql", data=query, extensions=extra)
        assert asked.json()["boolean"] is True
        if prefix:
            outside = client.get(f"https://127.0.0.1:{secure}/about", extensions=extra)
            assert "mappe" not in outside.text.lower()


@pytest.fixture
def deployment(server: Served, tmp_path: Path) -> Path:
    """What an instance's operator is given."""
    given = Settings(base_uri=f"https://{HOST}/", port=server.port, path_prefix=server.prefix)  # type: ignore[attr-defined]
    write_deployment(given, Path("/opt/bin/mappe"), Path("/srv/instance"), tmp_path)
    return tmp_path


def test_nginx(server: Served, certificate: tuple[Path, Path], deployment: Path) -> None:
    text = (deployment / "nginx.conf").read_text(encoding="utf-8")
    with nginx(text, HOST, certificate, deployment) as (plain, secure):
        assert_proxied(server, plain, secure, certificate[0])


def test_caddy(server: Served, certificate: tuple[Path, Path], deployment: Path) -> None:
    caddy, plain, secure = program("caddy"), free_port(), free_port()
    tls = f"tls {certificate[0]} {certificate[1]}"
    text = (deployment / "Caddyfile").read_text(encoding="utf-8")
    site = f"{HOST} {{\n"
    assert text.count(site) == 1
    text = text.replace(site, f"{site}\t{tls}\n")
    options = f"admin off\nhttp_port {plain}\nhttps_port {secure}\nstorage file_system {deployment}"
    file = deployment / "Caddyfile"
    file.write_text(f"{{\n{options}\n}}\n{text}", encoding="utf-8")
    with running(caddy, "run", "--config", str(file), "--adapter", "caddyfile", ready=plain):
        assert_proxied(server, plain, secure, certificate[0])


def test_the_files_have_the_instance_s_own_places(deployment: Path, server: Served) -> None:
    texts = {name: (deployment / name).read_text(encoding="utf-8") for name in FILES}
    whole = "".join((DEPLOY / name).read_text(encoding="utf-8") for name in FILES)
    assert [example for example in EXAMPLES if example not in whole] == []
    assert not re.search("|".join((files.HOST, files.PROGRAM, files.INSTANCE)), "".join(texts.values()))
    assert "ExecStart=/opt/bin/mappe serve" in texts["systemd/mappe-servizi.service"]
    assert "WorkingDirectory=/srv/instance\n" in texts["systemd/mappe-servizi-update.service"]
    with pytest.raises(MappeError, match=r"left as they are: .*nginx\.conf"):
        write_deployment(Settings(), Path("/opt/bin/mappe"), Path("/srv/instance"), deployment)


def test_the_alerts_are_about_what_is_measured(server: Served) -> None:
    """Of a server that has answered pages."""
    prefix: str = server.prefix  # type: ignore[attr-defined]
    metrics = httpx.get(f"{server.url}{prefix}/metrics").text
    rules = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text(encoding="utf-8"))
    expressions = " ".join(rule["expr"] for group in rules["groups"] for rule in group["rules"])
    for name in set(re.findall(r"\bmappe_\w+", expressions)):
        assert re.search(rf"^{name}[ {{]", metrics, re.MULTILINE), name
    for route in re.findall(r'route="(\w+)"', expressions):
        assert f'route="{route}"' in metrics


def test_the_alerts_are_read_by_prometheus() -> None:
    checked = subprocess.run(
        [program("promtool"), "check", "rules", DEPLOY / "prometheus-alerts.yml"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_the_units_are_read_by_systemd(tmp_path: Path) -> None:
    units = []
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/opt/mappe-servizi/bin/mappe", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("User=mappe", "User=root"), encoding="utf-8")
        units.append(tmp_path / path.name)
    verified = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", *units],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    told = [line for line in verified.stderr.splitlines() if "mappe-servizi" in line]
    assert not told
    assert {path.name for path in units} == {
        "mappe-servizi.service", "mappe-servizi-update.service", "mappe-servizi-update.timer",
    }  # fmt: skip


def test_compose_is_yaml_that_runs_every_service_without_rights() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services.keys() == {"server", "mappe", "update"}
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    container = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "MAPPE_PORT" in container.partition("HEALTHCHECK")[2]
    assert re.search(r"^USER \d+$", container, re.MULTILINE)
