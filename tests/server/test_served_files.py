"""Every file that a build's SHA256SUMS names is served under that name, as it is."""

import hashlib

from mappe_servizi.releases import Release
from served import serve


def test_every_file_with_a_checksum_is_served(release: Release) -> None:
    named = [
        line.split("  ", 1) for line in (release.path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    ]
    assert len(named) > 50
    with (
        serve("--release", release.path) as served,
        served.client(headers={"accept-encoding": "identity"}) as client,
    ):
        for checksum, name in named:
            answer = client.get(f"/{name}")
            assert answer.status_code == 200, name
            assert hashlib.sha256(answer.content).hexdigest() == checksum, name
            assert answer.headers["content-type"] != "application/octet-stream", name
