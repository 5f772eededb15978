"""What pages are made of: what every one has, what frames it, and what they name, quote and offer.

A page is a frozen dataclass in the module that makes it; its template reads the fields by their names, and
those of its ``Frame``. Nothing else reaches a template but what its environment has for a language
(``renderer.py``); tests/portal/test_templates.py holds the names of templates and fields together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from markupsafe import Markup

from mappe_servizi.rights import Rights, Standing
from mappe_servizi.web.portal.texts import LocalizedText

PARTS: Final = frozenset({"element", "criterion", "provision"})
"""What is shown as part of a service's page, by the concepts of the IRIs:
``data/{concept}/{ipa}/{edition}/{service}/{slug}``."""


def anchor(iri: str) -> str:
    """Where a part stands on its service's page; "" for what is no part of one.

    >>> anchor("https://e.org/data/element/c_d150/2020/asili-nido/central-1")
    'element-central-1'
    >>> anchor("https://e.org/data/public-service/c_d150/asili-nido")
    ''
    """
    concept, *rest = iri.rpartition("/data/")[2].split("/")
    return f"{concept}-{rest[-1]}" if concept in PARTS and len(rest) == 4 else ""


@dataclass(frozen=True, slots=True)
class Ref:
    """Something a page names: its text, and where it leads."""

    text: LocalizedText
    href: str = ""
    iri: str = ""

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to a page."""

    text: LocalizedText | str
    href: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Consecutive lines of the document, or a place in one that has no lines."""

    text: LocalizedText
    first: int
    last: int
    document: LocalizedText
    place: str = ""


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A thing in a list, with what is said of it and what it goes with."""

    ref: Ref
    description: LocalizedText
    notes: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """A format to have a thing in."""

    name: str
    href: str
    media: str


@dataclass(frozen=True, slots=True)
class Reuse:
    """What the part about reusing a resource's data says.

    Attributes:
        iri: of the resource.
        local: where this server has it.
        all: the page of all its properties.
        sparql: a query for it; ``try_it`` is the editor with that.
    """

    iri: str
    local: str
    all: str
    formats: Sequence[Download]
    citation: str
    bibtex: str
    sparql: str
    try_it: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the frame of the site shows of every page.

    Attributes:
        template: the file that shows it.
        paged: whether ``page`` in its address is a part of a long list; elsewhere it says nothing.
        head_title: its title among those of all pages, where the title by itself is not told apart there.
        section: the address of the part of the site that it belongs to.
        heading: what it is called, where that is a text of the data.
        breadcrumb: the way to it, and at its end ``crumb_title`` where that is not the heading, or the title.
        description: for search engines and for those who share it; the page's lead where it is "".
        image: the whole address of a picture for the same.
        reuse_of: the resource that it is about.
        json_ld: the same for search engines; ``metatag`` as the national model of municipal sites has it.
        noindex: whether search engines are asked to leave it out.
        quotes: what of the document its facts were read from.
    """

    template: ClassVar[str]
    paged: ClassVar[bool] = False
    title: str = ""
    head_title: str = ""
    heading: LocalizedText = LocalizedText("")
    section: str = ""
    image: str = ""
    breadcrumb: Sequence[Crumb] = ()
    crumb_title: LocalizedText | str = ""
    description: str = ""
    reuse_of: Reuse | None = None
    json_ld: Markup | None = None
    metatag: Markup | None = None
    noindex: bool = False
    quotes: Sequence[Quote] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What the site's frame knows of the request that a page answers.

    Attributes:
        path: of the address, as it was asked.
        standing: who publishes the data that are served.
        rights: in whose right, under which licences, what the page is about.
        licences: the names of these licences, and where each is to be read.
        canonical: this page's address in its language, as the sitemap has it.
        alternates: the same in each language, by its code, and that which chooses itself ("x-default").
        feed: where the feed of the releases is, "" where there is none.
        report: where an error of the page is reported.
        of_list: which page of a long list it is, in words; "" for the first.
        in_language: this page's address in a language.
        with_query: this page's address with some parameters changed, or (None) left out.
    """

    path: str
    standing: Standing
    rights: Rights
    licences: Sequence[tuple[str, str]]
    canonical: str
    alternates: Mapping[str, str]
    feed: str
    report: str
    of_list: str
    in_language: Callable[[str], str]
    with_query: Callable[..., str]
