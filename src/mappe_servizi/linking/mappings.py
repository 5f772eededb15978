"""Links as mappings: what is published of decisions and identifiers. Pure, and knows no RDF.

A mapping is of one of ours and something of others. It follows SSSOM (a simple standard for
sharing ontological mappings): subject, predicate, object, how it was found.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.linking.decisions import Decision
from mappe_servizi.model.identifiers import slugify

Status = Literal["accepted", "rejected", "proposed"]
Predicate = Literal["sameAs", "linkedTo", "seeAlso", "identifier"]
Justification = Literal["ManualMappingCuration", "LexicalSimilarityThresholdMatching", "CompositeMatching"]
STATUS: Mapping[str, Status] = {"accept": "accepted", "reject": "rejected", "unsure": "proposed"}
ABOUT_PLACES = ("http://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/")
"""An item of a municipality there is about the place, not about the body: see also, never the same."""


@dataclass(frozen=True, slots=True)
class LinkMapping:
    """One of ours and something of others.

    Attributes:
        subject, subject_label: the IRI and name of ours.
        predicate: what they are to each other, or would be: a rejected or proposed one states nothing.
        object_, object_label: the other's IRI, and its name or value where that is known.
        confidence: the probability by the model, None where a person or an identifier decided.
        comment: reason and evidence.
    """

    subject: str
    subject_label: str
    predicate: Predicate
    object_: str
    object_label: str
    status: Status
    justification: Justification
    confidence: float | None = None
    comment: str = ""
    day: date | None = None

    @property
    def slug(self) -> str:
        """A name that stays: of the subject's, and a digest of the pair."""
        digest = hashlib.sha256(f"{self.subject}\n{self.object_}".encode()).hexdigest()[:10]
        own = re.split(r"[/#:]", self.subject.rstrip("/"))[-1]
        return f"{slugify(own, 48)}-{digest}"


def of_decisions(  # noqa: PLR0913, PLR0917 - what is known of both sides
    decisions: Iterable[Decision],
    names: Mapping[str, str],
    known: Iterable[str],
    base: str,
    path: Path,
    away: tuple[str, ...] = (),
) -> tuple[list[LinkMapping], int]:
    """The mappings that decisions make.

    Args:
        names: the organisations and municipalities of the release: IRI and name.
        known: IRIs of our own that need not stand in the release: the whole registry.
        base: what the IRIs of our own data begin with.
        path: of the decisions, for errors.
        away: what IRIs of our own begin with that cannot be known now.

    Returns:
        The mappings, and how many decisions are about nothing of ours, or about rows without an IRI.

    Raises:
        InputErrors: an IRI of ours is of nothing, two are ours, or something of others is two of ours.
    """
    known, errors = set(known), list[InputError]()
    found: list[LinkMapping] = []
    elsewhere = 0
    for decision in decisions:
        ours = [iri for iri in (decision.left, decision.right) if iri.startswith(base)]
        if missing := [iri for iri in ours if not (iri in names or iri in known or iri.startswith(away))]:
            errors.append(InputError(f"there is no {missing[0]}", file=path, line=decision.line))
        elif len(ours) == 2:
            if decision.verdict == "accept":
                said = f"{ours[0]} and {ours[1]} are both our own: {MERGE}"
                errors.append(InputError(said, file=path, line=decision.line))
        elif ours and ours[0] in names and _is_iri(other := _other(decision, ours[0])):
            found.append(_of_decision(decision, ours[0], names[ours[0]], other))
        else:
            elsewhere += 1
    errors += _of_two(decisions, base, path)
    if errors:
        raise InputErrors(sorted(errors, key=lambda e: e.line or 0))
    return found, elsewhere


MERGE = (
    "they are one in the registry, not by a link (`mappe review --links` writes registry.csv and aliases.csv)"
)


def _other(decision: Decision, own: str) -> str:
    return decision.right if decision.left == own else decision.left


def _is_iri(text: str) -> bool:
    return bool(urlsplit(text).scheme) and not any(c in text for c in ' <>"{}|^`\\')


def _of_decision(decision: Decision, own: str, name: str, other: str) -> LinkMapping:
    predicate: Predicate = "sameAs" if decision.certainty == "certain" else "linkedTo"
    if "/municipality/" in own and other.startswith(ABOUT_PLACES):
        predicate = "seeAlso"
    comment = f"{decision.reason} [{decision.evidence}]"
    status = STATUS[decision.verdict]
    return LinkMapping(
        own, name, predicate, other, "", status, "ManualMappingCuration", None, comment, decision.decided
    )


def _of_two(decisions: Iterable[Decision], base: str, path: Path) -> Iterable[InputError]:
    """Something of others that is accepted for two of ours."""
    whose: dict[str, tuple[str, int]] = {}
    for decision in decisions:
        ours = [iri for iri in (decision.left, decision.right) if iri.startswith(base)]
        if decision.verdict != "accept" or len(ours) != 1:
            continue
        other = _other(decision, ours[0])
        own, line = whose.setdefault(other, (ours[0], decision.line))
        if own != ours[0]:
            said = f"{other} is accepted for {ours[0]}, and for {own} on line {line}: it is one organisation"
            yield InputError(said, file=path, line=decision.line)


def in_order(mappings: Iterable[LinkMapping]) -> Sequence[LinkMapping]:
    """Mappings by subject, predicate and object."""
    return sorted(mappings, key=lambda m: (m.subject, m.predicate, m.object_))
