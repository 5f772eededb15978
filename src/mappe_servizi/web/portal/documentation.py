"""``/docs/``: the documentation's site, where an instance has it, read once when the server starts."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mappe_servizi.formats import HTML, format_of
from mappe_servizi.settings import Settings
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.http.security import pages_running

LEFT_OUT = frozenset({".gz", ".map"})
"""Endings of files that no reader asks for."""
SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Documentation:
    """The files of a site, by their path below ``/docs/``; a folder is its index.html."""

    def __init__(self, settings: Settings) -> None:
        self._prefix, directory = settings.path_prefix, settings.documentation
        self._files = dict(_read(directory)) if directory else {}
        scripts = {script for body, _ in self._files.values() for script in SCRIPT.findall(body)}
        self._policy = pages_running(sorted(map(_hash, scripts)))

    async def file(self, request: Request) -> Response:
        """``/docs/{path}``.

        Raises:
            Problem: there is no such page, or no site (404).
        """
        exchange_of(request.scope).route = "docs"
        path: str = request.path_params["path"]
        found = self._files.get(f"{path}index.html" if path.endswith("/") or not path else path)
        if found is None and f"{path}/index.html" in self._files:
            return RedirectResponse(f"{self._prefix}/docs/{path}/", 308)
        if found is None:
            what = f"there is no page {path!r} in the documentation"
            raise not_found(what if self._files else "this instance has no documentation")
        body, media = found
        tag = hashlib.sha256(body).hexdigest()[:32]
        headers = {"etag": f'"{tag}"', "cache-control": "max-age=300"}
        if media.startswith(HTML.media):
            headers["content-security-policy"] = self._policy
        return Response(body, headers=headers, media_type=media)


def _read(directory: Path) -> Iterator[tuple[str, tuple[bytes, str]]]:
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix not in LEFT_OUT:
            name = path.relative_to(directory).as_posix()
            yield name, (path.read_bytes(), format_of(name).content_type)


def _hash(script: bytes) -> str:
    return b64encode(hashlib.sha256(script).digest()).decode()
