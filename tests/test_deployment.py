"""What deploy/ has for operators, run as it is: proxies with TLS, units of systemd, alerts, the update."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from helpers import ROOT
from mappe_servizi.rehearsal.entrance import free_port
from served import BASE, Served, serve, write_release

DEPLOY = ROOT / "deploy"
HOST = "mappe.example.org"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
CITY = f"{BASE}data/public-service/c_d150/città"
FORMS = {"": ("location / {", "handle {"), "/mappe": ("location /mappe/ {", "handle /mappe/* {")}
"""What the files have for an instance at the root, and what their comments say for one below a path."""


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {name} (scripts/ci-packages.txt)")
        pytest.skip(f"{name} is not here")
    return found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("tls")
    key, certificate = place / "key.pem", place / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", certificate, "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.fixture(scope="module", params=sorted(FORMS), ids=["root", "prefix"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    lines = [f'<{CITY}> {LABEL} "Città"@it .', f'<{BASE}data/municipality/c_d150> {LABEL} "Cremona"@it .']
    link = tmp_path_factory.mktemp("proxied") / "current"
    write_release(link, "".join(f"{line}\n" for line in lines).encode())
    given = ("--path-prefix", request.param, "--trusted-proxies", "127.0.0.1")
    with serve("--release", link, *given) as served:
        served.prefix = request.param  # type: ignore[attr-defined]
        yield served


@contextmanager
def running(*command: str, ready: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        try:
            for _ in range(200):
                try:
                    httpx.get(f"http://127.0.0.1:{ready}/", timeout=5)
                    break
                except httpx.TransportError:
                    assert child.poll() is None, child.stdout and child.stdout.read()
                    time.sleep(0.05)
            yield
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(20)


def assert_proxied(server: Served, plain: int, secure: int, certificate: Path) -> None:
    """HTTP goes to HTTPS; what is asked comes to the server as it was asked, and the client's address too."""
    prefix: str = server.prefix  # type: ignore[attr-defined]
    context = ssl.create_default_context(cafile=str(certificate))
    extra = {"sni_hostname": HOST}
    with httpx.Client(verify=context, headers={"host": HOST}, timeout=30) as client:
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


def test_nginx(server: Served, certificate: tuple[Path, Path], tmp_path: Path) -> None:
    nginx, plain, secure = program("nginx"), free_port(), free_port()
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    root, below = FORMS[""][0], FORMS[server.prefix][0]  # type: ignore[attr-defined]
    assert text.count(f"    {root}") == 1
    assert below in text
    for old, new in (
        (f"    {root}", f"    {below}"),
        ("127.0.0.1:8000", f"127.0.0.1:{server.port}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("/etc/ssl/certs/mappe.example.org.pem", f"{certificate[0]}"),
        ("/etc/ssl/private/mappe.example.org.key", f"{certificate[1]}"),
    ):
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    places = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi"))
    places += f"uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s; access_log off;"
    file = tmp_path / "nginx.conf"
    head = f"daemon off; master_process off; pid {tmp_path}/pid; error_log stderr; events {{}}"
    file.write_text(f"{head}\nhttp {{ {places}\n{text}\n}}\n", encoding="utf-8")
    with running(nginx, "-p", str(tmp_path), "-c", str(file), "-e", "stderr", ready=plain):
        assert_proxied(server, plain, secure, certificate[0])


def test_caddy(server: Served, certificate: tuple[Path, Path], tmp_path: Path) -> None:
    caddy, plain, secure = program("caddy"), free_port(), free_port()
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    root, below = FORMS[""][1], FORMS[server.prefix][1]  # type: ignore[attr-defined]
    assert text.count(f"\t{root}\n") == 1
    assert below in text
    tls = f"tls {certificate[0]} {certificate[1]}"
    for old, new in (
        (f"\t{root}\n", f"\t{tls}\n\t{below}\n"),
        ("127.0.0.1:8000", f"127.0.0.1:{server.port}"),
    ):
        assert old in text
        text = text.replace(old, new)
    options = f"admin off\nhttp_port {plain}\nhttps_port {secure}\nstorage file_system {tmp_path}"
    file = tmp_path / "Caddyfile"
    file.write_text(f"{{\n{options}\n}}\n{text}", encoding="utf-8")
    with running(caddy, "run", "--config", str(file), "--adapter", "caddyfile", ready=plain):
        assert_proxied(server, plain, secure, certificate[0])


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
