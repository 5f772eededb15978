"""HTML: the templates and what all of them know."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.formats import HTML
from mappe_servizi.settings import Settings
from mappe_servizi.web.api.highlight import KINDS
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.negotiation import LANGUAGES
from mappe_servizi.web.portal.assets import Assets
from mappe_servizi.web.portal.contact import Contact
from mappe_servizi.web.portal.texts import number, translate

TEMPLATES = Path(__file__).with_name("templates")
CONSTANT = re.compile(r'\b(_|href|asset)\("([^"{}]*)"\)')
KINDS_OF_HITS = {
    language: json.dumps({kind: translate(called, language) for kind, called in KINDS.items()})
    for language in LANGUAGES
}
"""What the kinds of suggestions are called, for the script that shows them."""
PAUSE = 4
"""How much longer no template is compiled after one than that took: visitors go first."""


def in_language(link: str, language: str) -> str:
    """A link of this server that keeps a language; "" is none.

    >>> in_language("/about#who", "en"), in_language("/search?q=a", "en"), in_language("/about", "")
    ('/about?lang=en#who', '/search?q=a&lang=en', '/about')
    """
    if not language or not link.startswith("/") or link.startswith("//"):
        return link
    stem, mark, fragment = link.partition("#")
    return f"{stem}{'&' if '?' in stem else '?'}lang={language}{mark}{fragment}"


class Templates(FileSystemLoader):
    """The templates for visitors of one language, chosen by themselves or not.

    What they say and link to by themselves, ``_("...")``, is put into words when they are
    loaded, not once more for each page: a page has a hundred of these.
    """

    def __init__(self, constants: Mapping[str, Callable[[str], str]]) -> None:
        super().__init__(TEMPLATES)
        self.constants = constants

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, with its constants."""
        source, path, fresh = super().get_source(environment, template)
        return CONSTANT.sub(lambda m: repr(self.constants[m[1]](m[2])), source), path, fresh


class PageRenderer:
    """Renders pages."""

    def __init__(self, settings: Settings) -> None:
        self.max_age, self.prefix = settings.max_age, settings.path_prefix
        self.assets = Assets(settings.assets)
        self.contact = Contact.of(settings)
        self.environments = {
            (language, explicit): Environment(
                loader=Templates(
                    {
                        "_": partial(translate, language=language),
                        "href": partial(self._href, language=language if explicit else ""),
                        "asset": self._asset,
                    }
                ),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                auto_reload=False,
            )
            for language in LANGUAGES
            for explicit in (False, True)
        }

    async def load(self) -> None:
        """Have the templates at hand before they are wanted: one takes as long to compile as ten pages."""
        for environment in self.environments.values():
            for name in environment.list_templates():
                started = time.perf_counter()
                environment.get_template(name)
                await asyncio.sleep(PAUSE * (time.perf_counter() - started))

    def _href(self, path: str, language: str) -> str:
        return in_language(self.prefix + path, language)

    def _asset(self, name: str) -> str:
        path = self.assets.path(name)
        return self.prefix + path if path else ""

    def page(  # noqa: PLR0913, PLR0917  # all that a page is made of
        self,
        request: Request,
        template: str,
        language: str,
        shown: Mapping[str, Any],
        tag: str | None = None,
        headers: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        """A page; without a tag it is not to be kept."""
        common = PageDefaults(request, language, self.prefix, self._asset)
        environment = self.environments[language, common.explicit]
        report = self.contact.report(common.path, shown, language)
        told = {"contact": self.contact, "report": report or common.here(f"{self.prefix}/about#contact")}
        text = environment.get_template(template).render(common.shown() | told | dict(shown))
        response = Response(text, status, dict(headers or {}), HTML.media)
        response.headers["content-language"] = language
        exchange = exchange_of(request.scope)
        response.raw_headers.extend(caching(tag, self.max_age, exchange.snapshot.modified))
        return response


class PageDefaults:
    """What every template knows."""

    def __init__(self, request: Request, language: str, prefix: str, asset: Callable[[str], str]) -> None:
        self.language, self.prefix, self.asset = language, prefix, asset
        self.path = prefix + request.scope["raw_path"].decode("ascii", "replace")
        self.query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        self.explicit = any(name == "lang" and value in LANGUAGES for name, value in self.query)
        exchange = exchange_of(request.scope)
        snapshot = exchange.snapshot
        self.base, self.standing = snapshot.iris.base, snapshot.standing
        kind, _, rest = request.scope["path"][1:].partition("/")
        self.rights = snapshot.rights(f"{self.base}data/{rest}") if kind == "page" else self.standing.whole

    def shown(self) -> dict[str, Any]:
        """The names and what they stand for."""
        return {
            "language": self.language,
            "path": self.path,
            "base": self.base,
            "standing": self.standing,
            "official": self.rights.official,
            "licences": [
                (one.short, one.page_it if self.language == "it" else one.page_en)
                for one in self.rights.licences
            ],
            "site_name": "Mappe dei servizi",
            "_": lambda text: translate(text, self.language),
            "number": lambda value: number(value, self.language),
            "asset": self.asset,
            "href": lambda path: self.here(self.prefix + path),
            "here": self.here,
            "in_language": self.in_language,
            "explicit": self.explicit,
            "with_query": self.with_query,
            "kinds_of_hits": KINDS_OF_HITS[self.language],
        }

    def here(self, link: str) -> str:
        """A link that keeps the language that the visitor chose.

        One that leads elsewhere stays as it is.
        """
        return in_language(link, self.language) if self.explicit else link

    def in_language(self, language: str) -> str:
        """This page in a language."""
        return self.with_query(lang=language)

    def with_query(self, **changes: object) -> str:
        """This page with some parameters of its address changed, or (None) left out."""
        kept = [(name, value) for name, value in self.query if name not in changes]
        query = urlencode([*kept, *((n, str(v)) for n, v in changes.items() if v is not None)])
        return f"{self.path}?{query}" if query else self.path
