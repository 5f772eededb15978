"""What whoever wants a service pays, has to be, bring, do or keep to, in the EU's terms (CPSV-AP 3.2).

Of a form the rows of conditions.csv say it; the page of a service on a municipal site says it itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.names import unique
from mappe_servizi.model.service_map import ServiceCondition
from mappe_servizi.model.tables import read_file
from mappe_servizi.model.tables.edition import CONDITIONS, ConditionRow
from mappe_servizi.model.wording import Wording
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import CPSV, CV, DCT

_CONDITIONS: Final = {
    "cost": (CV["Cost"], CV["hasCost"]),
    "requirement": (CV["Requirement"], CV["holdsRequirement"]),
    "evidence": (CV["Evidence"], CPSV["hasInput"]),
    "standard": (DCT["Standard"], DCT["conformsTo"]),
    "times": (CV["Requirement"], CV["holdsRequirement"]),
    "procedure": (CPSV["Rule"], CPSV["follows"]),
}
_CALLED: Final = {
    "cost": "Costi",
    "requirement": "Requisiti",
    "times": "Tempi e scadenze",
    "procedure": "Come fare",
    "evidence": "Cosa serve",
}
"""What a long text is called, with the title of its service, in the words of the national model."""
_KINDS: Final = {"times": "period", "requirement": "other"}
LONGEST_NAME: Final = 120
OF_ALL: Final = {"standard"}
"""What is said of services for the public and internal ones."""


def add_conditions(edition: Edition) -> None:
    """Those of all services; of an internal one the standards that it keeps, and nothing else.

    Raises:
        InputError, InputErrors: a cell of conditions.csv cannot be used.
    """
    decided = _decided(edition)
    maps = {one.number: one.conditions for one in edition.document.maps}
    for number in edition.entries:
        public = edition.classifications[number].kind == "public"
        rows = decided.get(edition.service_slug(number), ())
        for row in rows:
            if public or row.kind in OF_ALL:
                _add_condition(edition, number, row)
        if public:
            lines = {row.line for row in rows}
            _add_read(edition, number, [c for c in maps.get(number, ()) if lines.isdisjoint(c.text.lines)])


def _decided(edition: Edition) -> dict[str, list[ConditionRow]]:
    """What sheets print of costs, requirements, documents and standards, by service."""
    path = edition.document.municipality.edition_folder / CONDITIONS.file
    found: dict[str, list[ConditionRow]] = defaultdict(list)
    services = {edition.service_slug(number) for number in edition.entries}
    wrong = []
    for one in read_file(CONDITIONS, path):
        if one.row.service not in services:
            said = f"{one.row.service!r} is no service of this edition"
            wrong.append(InputError(said, file=path, line=one.line))
        if one.row.line > len(edition.document.lines):
            said = f"line {one.row.line} is none of the {len(edition.document.lines)} of the document"
            wrong.append(InputError(said, file=path, line=one.line))
        found[one.row.service].append(one.row)
    gathered(wrong)
    return found


def _add_read(edition: Edition, number: int, found: Sequence[ServiceCondition]) -> None:
    """What the page of a service prints."""
    b, labels = edition.builder, unique([f"{one.kind}: {one.text.printed}" for one in found])
    for one, label in zip(found, labels, strict=True):
        concept = "cost" if one.kind == "cost" else "requirement"
        slug, (class_, predicate) = edition.slug(concept, label, number), _CONDITIONS[one.kind]
        subject = b.resource(edition.stated(concept, number, slug), _name(edition, number, one), class_)
        b.add(edition.service(number), predicate, subject)
        _identify(edition, number, subject, slug)
        b.add(subject, DCT["description"], it(one.text.value))
        if one.kind == "cost":
            _add_cost(edition, subject, one.text.value)
        else:
            b.add(subject, DCT["title"], it(_name(edition, number, one)))
        if kind := _KINDS.get(one.kind):
            b.add(subject, DCT["type"], edition.concept("requirement-kind", kind))
        b.printed(subject, one.text)
        b.derived(subject, one.text.lines, one.text.corrections)


def _name(edition: Edition, number: int, one: ServiceCondition) -> str:
    """A short text is its own name."""
    text = one.text.value
    return (
        text if len(text) <= LONGEST_NAME else f"{_CALLED[one.kind]}: {edition.entries[number].title.value}"
    )


def _identify(edition: Edition, number: int, subject: NamedNode, slug: str) -> None:
    path = (edition.ipa, str(edition.year), edition.service_slug(number), slug)
    edition.builder.add(subject, DCT["identifier"], Literal("/".join(path)))


def _add_cost(edition: Edition, subject: NamedNode, text: str) -> None:
    """Whose it is, and that it is none where the text says so: a rule's reading, which stands as proposed."""
    edition.builder.add(subject, CV["isDefinedBy"], edition.municipality)
    if is_free(text, edition.wording):
        edition.builder.add(subject, edition.mds["costKind"], edition.concept("cost-kind", "free"))
        edition.propose(subject)


def is_free(text: str, wording: Wording) -> bool:
    """Whether a text about the cost of a service says that it has none, and nothing else.

    >>> wording = Wording({"free-of-charge": ["^gratuito"], "exception": ["bollo"]})
    >>> [is_free(text, wording) for text in ("Gratuito.", "Gratuito, bollo a parte", "Gratuito a 3 anni")]
    [True, False, False]
    """
    more = re.search(r"[0-9]", text) or re.search(wording["exception"], text)
    return not more and re.search(wording["free-of-charge"], text) is not None


def _add_condition(edition: Edition, number: int, row: ConditionRow) -> None:
    b, (class_, predicate) = edition.builder, _CONDITIONS[row.kind]
    concept = "cost" if row.kind == "cost" else "requirement"
    subject = edition.stated(concept, number, row.slug)
    b.resource(subject, row.text, class_)
    b.add(edition.service(number), predicate, subject)
    _identify(edition, number, subject, row.slug)
    if row.kind == "cost":
        b.add(subject, DCT["description"], it(row.text))
        b.add(subject, CV["isDefinedBy"], edition.municipality)
        b.add(subject, edition.mds["costKind"], edition.concept("cost-kind", row.code))
    else:
        b.add(subject, DCT["title"], it(row.text))
    if row.kind == "requirement":
        b.add(subject, DCT["type"], edition.concept("requirement-kind", row.code))
    b.derived(subject, (row.line,))
