"""HTML: the templates and what all of them know."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.formats import HTML
from mappe_servizi.settings import Settings
from mappe_servizi.web.api.highlight import KINDS
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.negotiation import LANGUAGES
from mappe_servizi.web.portal.assets import Assets
from mappe_servizi.web.portal.contact import ContactPoint
from mappe_servizi.web.portal.page import Frame, Page, anchor
from mappe_servizi.web.portal.texts import SITE_NAME, head_title, number, translate, with_part
from mappe_servizi.web.served.snapshot import Snapshot

TEMPLATES = Path(__file__).with_name("templates")
CONSTANT = re.compile(r'\b(_|asset)\("([^"{}]*)"\)')
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
    """The templates in one language.

    What they say by themselves, ``_("...")``, is put into words when they are loaded, not once more for
    each page: a page has a hundred of these.
    """

    def __init__(self, constants: Mapping[str, Callable[[str], str]]) -> None:
        super().__init__(TEMPLATES)
        self.constants = constants

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, with its constants."""
        source, path, fresh = super().get_source(environment, template)
        return CONSTANT.sub(lambda m: repr(self.constants[m[1]](m[2])), source), path, fresh


class Compiled(BytecodeCache):
    """The code of the templates in one language, for the visitors who chose it and those who did not."""

    def __init__(self) -> None:
        self.codes: dict[str, CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code that was made for others."""
        bucket.code = self.codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code for others."""
        self.codes[bucket.key] = bucket.code


class PageRenderer:
    """Renders pages."""

    def __init__(self, settings: Settings) -> None:
        self.max_age, self.prefix = settings.max_age, settings.path_prefix
        self.public_url = settings.public_url
        self.assets = Assets(settings.assets)
        self.contact = ContactPoint.of(settings)
        compiled = {language: Compiled() for language in LANGUAGES}
        self.environments = {
            (language, explicit): self._environment(language, compiled[language], explicit=explicit)
            for language in LANGUAGES
            for explicit in (False, True)
        }

    def _environment(self, language: str, compiled: Compiled, *, explicit: bool) -> Environment:
        """The templates, and what every one of them has, for visitors of a language.

        Args:
            language: of the pages.
            compiled: the templates in it.
            explicit: whether the address names it, so that links keep it.
        """
        kept = language if explicit else ""
        words = partial(translate, language=language)
        environment = Environment(
            loader=Templates({"_": words, "asset": self._asset}),
            bytecode_cache=compiled,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        # What a page asks a hundred times is a filter: to call a function, a template looks at it each time.
        environment.filters.update(
            anchor=anchor,
            here=partial(in_language, language=kept),
            of_site=lambda title: head_title(title, SITE_NAME),
            with_part=with_part,
        )
        environment.globals.update(
            _=words,
            asset=self._asset,
            contact=self.contact,
            explicit=explicit,
            href=partial(self._href, language=kept),
            kinds_of_hits=KINDS_OF_HITS[language],
            language=language,
            number=partial(number, language=language),
            site_name=SITE_NAME,
        )
        return environment

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

    def root(self, snapshot: Snapshot) -> str:
        """Where everybody reaches this server: crawlers leave out what names another host."""
        return (self.public_url or snapshot.iris.base).rstrip("/")

    def page(self, request: Request, page: Page, language: str, tag: str | None = None) -> Response:
        """A page; without a tag it is not to be kept."""
        root = self.root(exchange_of(request.scope).snapshot)
        address = PageAddress(self.prefix, request, root, paged=page.paged)
        report = self.contact.report(address.path, page, language)
        report = report or address.kept(f"{self.prefix}/about#contact", language)
        frame = address.frame(language, report)
        template = self.environments[language, address.explicit].get_template(page.template)
        response = Response(template.render(named(frame) | named(page)), media_type=HTML.media)
        response.headers["content-language"] = language
        if page.noindex:
            response.headers["x-robots-tag"] = "noindex, nofollow"
        elif page.reuse_of is not None:
            response.headers["link"] = f'<{frame.canonical}>; rel="canonical"'
        exchange = exchange_of(request.scope)
        response.raw_headers.extend(caching(tag, self.max_age, exchange.snapshot.modified))
        return response


def named(of: Page | Frame) -> dict[str, Any]:
    """What a template reads, by name."""
    return {field.name: getattr(of, field.name) for field in fields(of)}


class PageAddress:
    """The address that a page answers, as its links are made of it.

    Attributes:
        explicit: whether it names a language.
        part: of a long list, "" for the first.
    """

    def __init__(self, prefix: str, request: Request, root: str, *, paged: bool) -> None:
        below = request.scope["raw_path"].decode("ascii", "replace")
        self.prefix, self.path, self.whole = prefix, prefix + below, root + below
        self.query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        part = dict(self.query).get("page", "") if paged else ""
        self.part = "" if part == "1" else part
        self.explicit = any(name == "lang" and value in LANGUAGES for name, value in self.query)
        self.snapshot = exchange_of(request.scope).snapshot
        kind, _, rest = request.scope["path"][1:].partition("/")
        self.iri = f"{self.snapshot.iris.base}data/{rest}" if kind == "page" else ""

    def frame(self, language: str, report: str) -> Frame:
        """What the frame of the site says of it."""
        standing, release = self.snapshot.standing, self.snapshot.release
        rights = self.snapshot.rights(self.iri) if self.iri else standing.whole
        return Frame(
            path=self.path,
            standing=standing,
            rights=rights,
            licences=[
                (one.short, one.page_it if language == "it" else one.page_en) for one in rights.licences
            ],
            canonical=self.canonical(language),
            alternates={**{one: self.canonical(one) for one in LANGUAGES}, "x-default": self.canonical("")},
            feed=f"{self.prefix}/feed" if release is not None and release.number is not None else "",
            report=report,
            of_list=self.of_list(language),
            in_language=lambda wished: self.with_query(lang=wished),
            with_query=self.with_query,
        )

    def of_list(self, language: str) -> str:
        """Which page of a long list it is, in words; "" for the first."""
        return f"{translate('Pagina', language).lower()} {self.part}" if self.part else ""

    def kept(self, link: str, language: str) -> str:
        """A link that keeps the language that the visitor chose."""
        return in_language(link, language) if self.explicit else link

    def canonical(self, language: str) -> str:
        """The one address of what this page shows, in a language or ("") in whichever a visitor wants.

        Orders, filters and editions are views of the same; a further page of it is not.
        """
        said = {"page": self.part, "lang": language}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{self.whole}?{query}" if query else self.whole

    def with_query(self, **changes: object) -> str:
        """This page with some parameters of its address changed, or (None) left out."""
        kept = [(name, value) for name, value in self.query if name not in changes]
        query = urlencode([*kept, *((n, str(v)) for n, v in changes.items() if v is not None)])
        return f"{self.path}?{query}" if query else self.path
