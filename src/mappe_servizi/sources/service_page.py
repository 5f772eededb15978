"""The page of a service on a site of the national model: its paragraphs, each with what the page says it is.

Themes of several content managers print it. They tell parts by ``data-element``, by headings, or by both, and
say some of it again as schema.org JSON-LD, which is often invalid: then what the page shows is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin

from mappe_servizi.formats import JSON_LD
from mappe_servizi.sources.block import Unfit, plain
from mappe_servizi.sources.html import BLOCKS, UNSEEN
from mappe_servizi.sources.markup import clean

MAX_DEPTH: Final = 300
"""Elements inside each other; pages of the model have some thirty."""
MAX_VALUES: Final = 500
"""Texts of a page's JSON-LD."""
TITLE: Final = "h1"
"""The element that a page's own heading is told as, where the page says nothing else of it."""
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_ASIDE = frozenset(("nav", "footer", "aside", "form", "dialog", "select"))
_HEADING = re.compile(r"h[1-6]")
_LOCATION = re.compile(r"location(?:\.href)?\s*=\s*['\"]([^'\"]{1,2000})")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]{3,2000}")
_COMMA = re.compile(r",(\s*[}\]])")
_MARK = re.compile(r"data-element\s*=\s*[\"']?service-title\b|\bGovernmentService\b", re.I)
_OF_SERVICE = frozenset(("serviceType", "serviceOperator", "availableChannel"))


@dataclass(frozen=True, slots=True)
class Printed:
    """A paragraph of a page; its fields are those of ``PagePart``."""

    text: str
    element: str = ""
    headings: tuple[str, ...] = ()
    key: str = ""
    link: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is open, with what its parents say of it, too."""

    tag: str
    element: str = ""
    skipped: bool = False
    item: bool = False
    link: str = ""


@dataclass(slots=True)
class _Heading:
    level: int
    text: str
    element: str


@dataclass(slots=True)
class _Text:
    """The paragraph that is being read."""

    words: list[str] = field(default_factory=list)
    link: str = ""


def is_service_page(text: str) -> bool:
    """Whether a page says that it is a service's.

    >>> is_service_page('<h1 data-element="service-title">Nidi</h1>')
    True
    """
    return bool(_MARK.search(text))


def read_page(text: str) -> tuple[list[Printed], str]:
    """The paragraphs of a page, what its JSON-LD says last; and what is wrong with that, "" for nothing.

    Raises:
        Unfit: its elements are nested as no page's are.
    """
    reader = _PageReader(whole="<main" not in text.casefold())
    reader.feed(text)
    reader.close()
    said = [_said(script) for script in reader.scripts]
    wrong = next((why for _, why in said if why), "")
    return [*reader.paragraphs(), *(one for found, _ in said for one in found)], wrong


class _PageReader(HTMLParser):
    def __init__(self, *, whole: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self._found: list[Printed] = []
        self._base = ""
        self._stack = [_Open("", skipped=not whole)]
        self._headings: list[_Heading] = []
        self._heading: _Heading | None = None
        self._text = _Text()
        self._script = False

    def paragraphs(self) -> list[Printed]:
        """What was read, its links made absolute by what the page says of its own address."""
        return [
            Printed(one.text, one.element, one.headings, one.key, _absolute(self._base, one.link), one.item)
            for one in self._found
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._void(tag, told)
            return
        self._implied_end(tag)
        own = told.get("data-element", "").strip()
        if tag in BLOCKS or tag in {"button", "tr", "td", "th", "table"} or own:
            self._flush()
        if tag == "script":
            self._script = told.get("type", "").strip().casefold() == JSON_LD.media
            self.scripts += [""] * self._script
        if len(self._stack) > MAX_DEPTH:
            raise Unfit(f"its elements are nested more than {MAX_DEPTH} deep: no page of a service")
        above = self._stack[-1]
        skipped = above.skipped or tag in _ASIDE or tag in UNSEEN or own == "page-index"
        if tag == "main" or (own.startswith("service-") and tag not in UNSEEN):
            skipped = False
        item = tag == "li" or (above.item and tag not in {"ul", "ol"})
        link = _link(told) or above.link
        self._stack.append(_Open(tag, own or above.element, skipped, item, link))
        if _HEADING.fullmatch(tag):
            self._heading = _Heading(int(tag[1]), "", own)

    def _void(self, tag: str, told: dict[str, str]) -> None:
        if tag in {"br", "hr"}:
            self._flush()
        address = told.get("href", "")
        if (tag == "link" and told.get("rel", "").casefold() == "canonical") or tag == "base":
            self._base = self._base or address
        elif tag == "meta" and told.get("property") == "og:url":
            self._base = self._base or told.get("content", "")

    def _implied_end(self, tag: str) -> None:
        """What HTML lets writers leave open ends here."""
        open_ = self._stack[-1].tag
        if (open_ == "p" and tag in BLOCKS) or (open_ == tag and tag in {"li", "option", "td", "th", "tr"}):
            self.handle_endtag(open_)

    def handle_endtag(self, tag: str) -> None:
        at = next((i for i in range(len(self._stack) - 1, 0, -1) if self._stack[i].tag == tag), 0)
        if not at:
            return
        labelled = self._stack[at].element != self._stack[at - 1].element
        if tag in BLOCKS or tag in {"button", "tr", "td", "th", "table"} or labelled:
            self._flush()
        del self._stack[at:]
        if _HEADING.fullmatch(tag) and self._heading:
            self._end_heading(self._heading)
        if tag == "script":
            self._script = False

    def _end_heading(self, heading: _Heading) -> None:
        """What stands below it belongs to it, but where an element says what it is."""
        self._heading = None
        inside = self._stack[-1].element
        if heading.text and heading.level > 1 and not self._stack[-1].skipped and not inside:
            self._headings = [above for above in self._headings if above.level < heading.level]
            self._headings.append(heading)

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[-1] += data
        elif not self._stack[-1].skipped:
            self._text.words.append(data)
            if data.strip():
                self._text.link = self._text.link or self._stack[-1].link

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        """A paragraph ends."""
        read, self._text = self._text, _Text()
        text = plain(["".join(read.words)]).text
        if not text:
            return
        top, heading = self._stack[-1], self._heading
        if heading is not None:
            heading.text = f"{heading.text} {text}".strip()
        below = self._headings if heading is None else [h for h in self._headings if h.level < heading.level]
        element = top.element or (below[-1].element if below else "")
        if heading is not None and heading.level == 1:
            element = element or TITLE
        if element or below:
            headings = tuple(one.text for one in below)
            self._found.append(Printed(text, element, headings, "", read.link, top.item))


def _link(told: dict[str, str]) -> str:
    """The address that an element leads to."""
    found = _LOCATION.search(told.get("onclick", ""))
    return (told.get("href") or (found[1] if found else "")).strip()


def _absolute(base: str, link: str) -> str:
    """A web address that a link leads to, "" for what is none.

    >>> _absolute("https://www.comune.example.it/servizi/nido/", "/prenota")
    'https://www.comune.example.it/prenota'
    """
    try:
        found = urljoin(base, link) if link else ""
    except ValueError:
        return ""
    return found if _ADDRESS.fullmatch(found) else ""


def _said(script: str) -> tuple[list[Printed], str]:
    """What JSON-LD says of a service, and why it cannot be read, where it is about one."""
    try:
        value = json.loads(_COMMA.sub(r"\1", script), strict=False)
    except (ValueError, RecursionError) as error:
        if not any(word in script for word in _OF_SERVICE):
            return [], ""
        return [], f"its JSON-LD is invalid ({str(error)[:80]}): only what the page shows was read"
    found = []
    for service in _services(value):
        for key, text in _texts(service):
            if cleaned := clean(text[:20_000]).text:
                found.append(Printed(cleaned, key=key))
            if len(found) >= MAX_VALUES:
                return found, ""
    return found, ""


def _services(value: Any) -> Iterator[dict[str, Any]]:
    """The objects that say that they are a service of a government, on whatever level near the top."""
    tops = value if isinstance(value, list) else [value]
    for top in tops:
        graph = top.get("@graph") if isinstance(top, dict) else None
        for one in graph if isinstance(graph, list) else [top]:
            if not isinstance(one, dict):
                continue
            if "GovernmentService" in str(one.get("@type", ""))[:200] or _OF_SERVICE & one.keys():
                yield one


def _texts(service: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Its texts with the keys that lead to them, in their order."""
    stack: list[tuple[str, Any]] = [("", service)]
    while stack:
        place, value = stack.pop()
        if isinstance(value, dict):
            inner = [(f"{place}.{key}".lstrip("."), one) for key, one in value.items() if key[:1] != "@"]
            stack += reversed(inner)
        elif isinstance(value, list):
            stack += [(place, one) for one in reversed(value)]
        elif isinstance(value, str) and len(place) < MAX_DEPTH:
            yield place, value
