"""Real reverse proxies with TLS on loopback, by the files that operators are given."""

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

import httpx
import pytest

from mappe_servizi.rehearsal.entrance import free_port


def program(name: str) -> str:
    """Where a program of the system is."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {name} (scripts/ci-packages.txt)")
        pytest.skip(f"{name} is not here")
    return found


def make_certificate(place: Path, host: str) -> tuple[Path, Path]:
    """A certificate that a host has signed for itself, and its key."""
    key, certificate = place / "key.pem", place / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", certificate, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


@contextmanager
def running(*command: str, ready: int) -> Iterator[None]:
    """A proxy, from when its port answers."""
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


@contextmanager
def nginx(text: str, host: str, certificate: tuple[Path, Path], place: Path) -> Iterator[tuple[int, int]]:
    """nginx with a server block as it is written, but for ports that anybody may take, and the certificate.

    Yields:
        Its ports, the plain one first.
    """
    found, plain, secure = program("nginx"), free_port(), free_port()
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        (f"/etc/ssl/certs/{host}.pem", str(certificate[0])),
        (f"/etc/ssl/private/{host}.key", str(certificate[1])),
    ):
        assert old in text
        text = text.replace(old, new)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    places = "".join(f"{kind}_temp_path {place}/{kind};" for kind in ("client_body", "proxy", "fastcgi"))
    places += f"uwsgi_temp_path {place}/u; scgi_temp_path {place}/s; access_log off;"
    file = place / "nginx-whole.conf"
    head = f"daemon off; master_process off; pid {place}/pid; error_log stderr; events {{}}"
    file.write_text(f"{head}\nhttp {{ {places}\n{text}\n}}\n", encoding="utf-8")
    with running(found, "-p", str(place), "-c", str(file), "-e", "stderr", ready=plain):
        yield plain, secure


def client_of(host: str, certificate: Path) -> httpx.Client:
    """A client that believes that certificate, and calls the machine by the host's name."""
    context = ssl.create_default_context(cafile=str(certificate))
    return httpx.Client(verify=context, headers={"host": host}, timeout=30)
