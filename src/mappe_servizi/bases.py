"""What our IRIs begin with: knowledge has one base whoever publishes it, data the instance's."""

from __future__ import annotations

import re

DEFAULT_BASE = "https://w3id.org/mappe-servizi/"
"""The base of knowledge, whoever publishes it, and of the data of the instance that owns it."""

KNOWLEDGE_PATHS = ("onto/", "controlled-vocabulary/", "shapes/", "schema/")
OWN_VOCABULARY = "controlled-vocabulary/service-area-"
"""The vocabularies that are a municipality's own: its areas."""
_REBASED = re.compile(rf"{re.escape(DEFAULT_BASE)}(?!(?!{OWN_VOCABULARY})(?:{'|'.join(KNOWLEDGE_PATHS)}))")


def is_knowledge(rest: str) -> bool:
    """Whether what stands below the base is knowledge, which has one base whoever publishes it.

    The ontology and the vocabularies are, so that towns compare; a municipality's own areas are its data.

    >>> is_knowledge("onto/MDS/UserSegment"), is_knowledge("data/area/c_d150/servizi-sociali")
    (True, False)
    >>> is_knowledge("controlled-vocabulary/service-area-c_d150")
    False
    """
    return rest.startswith(KNOWLEDGE_PATHS) and not rest.startswith(OWN_VOCABULARY)


def iri_below(base: str, rest: str) -> str:
    """The IRI of what stands below the base: knowledge has its own.

    >>> iri_below("https://dati.example.it/", "onto/MDS/UserSegment")
    'https://w3id.org/mappe-servizi/onto/MDS/UserSegment'
    """
    return (DEFAULT_BASE if is_knowledge(rest) else base) + rest


def rest_of(base: str, iri: str) -> str | None:
    """What stands below the base in an IRI of ours, None for another's.

    >>> rest_of("https://e.org/", "https://w3id.org/mappe-servizi/onto/MDS")
    'onto/MDS'
    >>> rest_of("https://e.org/", "https://w3id.org/mappe-servizi/data/x") is None
    True
    """
    for own in (base, DEFAULT_BASE):
        if iri.startswith(own) and iri_below(base, rest := iri[len(own) :]) == iri:
            return rest
    return None


def rebase(text: str, base: str) -> str:
    """A committed file's text (shapes, query) under the configured base; knowledge stays where it is.

    >>> rebase("<https://w3id.org/mappe-servizi/data/x>", "https://dati.example.it/")
    '<https://dati.example.it/data/x>'
    >>> rebase("<https://w3id.org/mappe-servizi/onto/MDS/>", "https://dati.example.it/")
    '<https://w3id.org/mappe-servizi/onto/MDS/>'
    """
    return text if base == DEFAULT_BASE else _REBASED.sub(base, text)
