"""HTML: the templates and what all of them know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.server.conditional import caching

LANGUAGES = ("it", "en")
TEMPLATES = Path(__file__).with_name("templates")


class Views:
    """Renders pages."""

    def __init__(self, max_age: int) -> None:
        self.max_age = max_age
        self.environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(  # noqa: PLR0913, PLR0917  # all that a page is made of
        self,
        request: Request,
        template: str,
        language: str,
        context: Mapping[str, Any],
        tag: str | None = None,
        headers: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        """A page; without a tag it is not to be kept."""
        text = self.environment.get_template(template).render(
            language=language, path=request.scope["path"], **context
        )
        response = Response(text, status, dict(headers or {}), "text/html")
        response.headers["content-language"] = language
        response.raw_headers.extend(caching(tag, self.max_age))
        return response
