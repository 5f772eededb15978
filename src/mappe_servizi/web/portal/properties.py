"""The properties that a resource's page shows, and which of them need no telling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mappe_servizi.web.portal.terms import Wider
from mappe_servizi.web.portal.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A value of a property, or a resource that links here.

    Attributes:
        text: what a reader sees: the label, or the literal, or the IRI.
        iri: "" for a literal.
        link: where it leads: a page of this server, or elsewhere; "" for none.
        language: of the text, "" where it has none.
        datatype: the local name of a literal's datatype, "" for text.
        owner: the service that it belongs to, where others on the page are called the same.
    """

    text: str
    iri: str = ""
    link: str = ""
    language: str = ""
    datatype: str = ""
    owner: LocalizedText | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Property:
    """A property with its values; of an incoming one the values are the subjects."""

    name: PropertyValue
    values: tuple[PropertyValue, ...]


def above(iri: str, wider: Wider) -> set[str]:
    """The terms more general than one, without those that are equal to it.

    >>> above("e:a", {"e:a": {"e:a", "e:b", "e:c"}, "e:b": {"e:a"}})
    {'e:c'}
    """
    return {other for other in wider.get(iri, set()) - {iri} if iri not in wider.get(other, ())}


def without_repeats(properties: Sequence[Property], wider: Wider) -> list[Property]:
    """The properties without those that only repeat all values of a more specific one.

    >>> one, other = PropertyValue("one", "e:1"), PropertyValue("other", "e:2")
    >>> part = Property(PropertyValue("has part", "e:part"), (one, other))
    >>> room = Property(PropertyValue("has room", "e:room"), (other, one))
    >>> [p.name.text for p in without_repeats([part, room], {"e:room": {"e:part"}})]
    ['has room']
    """
    said = {(general, frozenset(p.values)) for p in properties for general in above(p.name.iri, wider)}
    return [p for p in properties if (p.name.iri, frozenset(p.values)) not in said]


def main_types(
    types: Sequence[PropertyValue], wider: Wider, ours: str, labelled: set[str]
) -> list[PropertyValue]:
    """The most specific types: those of our ontology, else those that have a label.

    Args:
        types: all types of a resource.
        wider: the more general terms of each term.
        ours: what the IRIs of our ontology begin with.
        labelled: the IRIs of the types that have a label.

    >>> agent, person = PropertyValue("Agent", "e:Agent"), PropertyValue("Person", "e:Person")
    >>> main_types([agent, person], {"e:Person": {"e:Agent"}}, "o:", {"e:Agent", "e:Person"})[0].text
    'Person'
    """
    chosen = [t for t in types if t.iri.startswith(ours)] or [t for t in types if t.iri in labelled]
    general = {iri for t in chosen for iri in above(t.iri, wider)}
    return [t for t in chosen if t.iri not in general]
