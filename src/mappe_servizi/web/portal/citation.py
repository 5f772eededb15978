"""How to cite a resource: in words, and as BibTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mappe_servizi.web.portal.context import PageContext

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


def cite(context: PageContext, iri: str, title: str) -> Citation:
    """The citation of a resource: author, title, document and edition, date, licence, IRI."""
    rights = context.snapshot.rights(iri)
    author = ", ".join(holder.name for holder in rights.holders)
    title = title.removesuffix(f", {author}")
    work = DOCUMENT
    if edition := edition_of(context, iri):
        work = f"{work}, {context.translate('edizione')} {edition}"
    said = [author, f"«{title}»", work, context.edition, rights.names, iri]
    fields = {
        "author": f"{{{author.translate(_SPECIAL)}}}" if author else "",
        "title": title.translate(_SPECIAL),
        "howpublished": work.translate(_SPECIAL),
        "year": _published(context)[:4],
        "note": ", ".join(filter(None, (context.edition, rights.names))).translate(_SPECIAL),
        "url": iri,
    }
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9]+", "-", iri.removeprefix(context.base).removeprefix("data/")).strip("-")
    return Citation(", ".join(filter(None, said)), f"@misc{{mappe-{key},\n{rows}}}")


def edition_of(context: PageContext, iri: str) -> str:
    """The edition in a resource's IRI, else the newest of its municipality; "" where there is none."""
    release = context.snapshot.release
    steps = iri.removeprefix(f"{context.base}data/").split("/")
    of = (one.rpartition("-") for one in (release.editions if release is not None else ()))
    editions = [year for ipa, _, year in of if ipa in steps[1:2]]
    return steps[2] if steps[2:3] and steps[2] in editions else max(editions, default="")


def in_words(day: str, context: PageContext) -> str:
    """A date, ISO 8601, as people write it: "22 novembre 2026"."""
    read = date.fromisoformat(day)
    return f"{read.day} {context.translate(MONTHS[read.month - 1])} {read.year}"


def _published(context: PageContext) -> str:
    release = context.snapshot.release
    return release.modified if release is not None else ""
