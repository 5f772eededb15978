"""How to cite a resource: in words, and as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mappe_servizi.web.portal.texts import translate

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
        author: who holds the rights; "" where nobody is named, as with the rest.
        edition: of the document, as readers say it.
        dated: since when the data are as they are, in words; ``year`` is that year.
        licence: its short name.
    """

    iri: str
    base: str
    title: str
    author: str
    edition: str
    dated: str
    year: str
    licence: str


def cite(of: CitedResource) -> Citation:
    """The citation of a resource."""
    title = of.title.removesuffix(f", {of.author}")
    work = ", ".join(filter(None, (DOCUMENT, of.edition)))
    said = [of.author, f"«{title}»", work, of.dated, of.licence, of.iri]
    fields = {
        "author": f"{{{of.author.translate(_SPECIAL)}}}" if of.author else "",
        "title": title.translate(_SPECIAL),
        "howpublished": work.translate(_SPECIAL),
        "year": of.year,
        "note": ", ".join(filter(None, (of.dated, of.licence))).translate(_SPECIAL),
        "url": of.iri,
    }
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9]+", "-", of.iri.removeprefix(of.base).removeprefix("data/")).strip("-")
    return Citation(", ".join(filter(None, said)), f"@misc{{mappe-{key},\n{rows}}}")


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
