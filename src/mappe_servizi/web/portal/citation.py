"""How to cite a resource: in words, and as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.web.portal.texts import NAMED, several, translate

MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
DOCUMENT = "Mappe dei servizi"
"""What the documents are called; a title is not translated."""
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}  # fmt: skip
"""What LaTeX takes for something else."""
_SPECIAL = str.maketrans(SPECIAL)


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation in words and as an entry of BibTeX."""

    text: str
    bibtex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedResource:
    """What a citation tells.

    Attributes:
        iri: of the resource, below ``base``.
        authors: who hold the rights.
        language: of the words.
        edition: of the document, as readers say it.
        dated: since when the data are as they are, in words, "" where nobody knows, as with the rest;
            ``year`` is that year.
        licence: its short name.
    """

    iri: str
    base: str
    title: str
    authors: Sequence[str]
    edition: str
    dated: str
    year: str
    licence: str
    language: str


def cite(of: CitedResource) -> Citation:
    """The citation of a resource."""
    title = of.title
    for author in of.authors:
        title = title.removesuffix(f", {author}")
    work = ", ".join(filter(None, (DOCUMENT, of.edition)))
    said = [several(of.authors, of.language), f"«{title}»", work, of.dated, of.licence, of.iri]
    fields = {
        "author": " and ".join(_authors(of.authors)),
        "title": title.translate(_SPECIAL),
        "howpublished": work.translate(_SPECIAL),
        "year": of.year,
        "note": ", ".join(filter(None, (of.dated, of.licence))).translate(_SPECIAL),
        "url": of.iri,
    }
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    local = of.iri.removeprefix(of.base).removeprefix(DEFAULT_BASE).removeprefix("data/")
    key = re.sub(r"[^A-Za-z0-9]+", "-", local).strip("-")
    return Citation(", ".join(filter(None, said)), f"@misc{{mappe-{key},\n{rows}}}")


def _authors(names: Sequence[str]) -> Iterator[str]:
    """As BibTeX has several: each whole in braces, of many the first ones and "others"."""
    yield from (f"{{{name.translate(_SPECIAL)}}}" for name in names[:NAMED])
    if len(names) > NAMED:
        yield "others"


def edition_of(iri: str, base: str, editions: Iterable[str]) -> str:
    """The edition in a resource's IRI, else the newest of its municipality; "" where there is none.

    >>> edition_of("b/data/area/c_x/nidi", "b/", ["c_x-2019", "c_x-2020", "c_y-2021"])
    '2020'
    >>> edition_of("b/data/personnel/c_x/2019/nidi/a", "b/", ["c_x-2019", "c_x-2020"])
    '2019'
    """
    steps = iri.removeprefix(f"{base}data/").split("/")
    known = [year for ipa, _, year in (one.rpartition("-") for one in editions) if ipa in steps[1:2]]
    return steps[2] if steps[2:3] and steps[2] in known else max(known, default="")


def in_words(day: str, language: str) -> str:
    """A date, ISO 8601, as people write it.

    >>> in_words("2026-11-22", "it"), in_words("2026-11-22", "en")
    ('22 novembre 2026', '22 November 2026')
    """
    read = date.fromisoformat(day)
    return f"{read.day} {translate(MONTHS[read.month - 1], language)} {read.year}"
