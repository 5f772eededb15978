"""The assets that ``web/`` builds: their addresses, which have their contents' hash, and their bytes."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.formats import format_of
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.problems import not_found

FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """The assets of one directory, read once: they are few and small."""

    def __init__(self, directory: Path) -> None:
        manifest = directory / "manifest.json"
        self.names: dict[str, str] = json.loads(manifest.read_text()) if manifest.exists() else {}
        self._directory = directory
        self._bytes = {name: (directory / name).read_bytes() for name in self.names.values()}

    def path(self, name: str) -> str:
        """The address of an asset below the server's prefix; "" for one that was not built."""
        hashed = self.names.get(name)
        return f"/assets/{hashed}" if hashed else ""

    def file(self, name: str) -> Path | None:
        """Where an asset stands; None for one that was not built."""
        hashed = self.names.get(name)
        return self._directory / hashed if hashed else None

    async def asset(self, request: Request) -> Response:
        """``/assets/{name}``."""
        exchange = exchange_of(request.scope)
        exchange.route = "assets"
        name = request.path_params["name"]
        if name not in self._bytes:
            raise not_found(f"there is no asset {name}")
        headers = {"cache-control": FOREVER, "etag": f'"{name}"'}
        return Response(self._bytes[name], headers=headers, media_type=format_of(name).content_type)
