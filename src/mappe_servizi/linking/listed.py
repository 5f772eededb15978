"""A row of a list of organisations. It is known by its list and its id: ids of two lists are two spaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation as a list has it.

    Attributes:
        id: unique in its list.
        town, province: of its seat, as the list gives them, "" where it gives none.
        near: the town on whose map it stands, where its own town is not given.
        identifiers: checked values by scheme (see ``mappe_servizi.linking.identifiers``).
        iri: what it is called in RDF.
        line: where it stands in the file, 0 for unknown.
    """

    id: str
    name: str
    town: str = ""
    province: str = ""
    near: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)
    iri: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class OrganizationList:
    """A list with its name.

    Attributes:
        unique: the user says that no organisation stands in it twice.
        told: what the reader noticed, for the user.
    """

    name: str
    rows: Sequence[Listed]
    unique: bool = False
    told: Sequence[str] = ()

    def decided_id(self, row: Listed) -> str:
        """What a decision calls a row: its id, and its list where the id says nothing outside it.

        >>> numbered, named = Listed("12", "Alfa", iri="urn:uuid:0"), Listed("urn:x:1", "Beta", iri="urn:x:1")
        >>> found = OrganizationList("elenco.csv", [numbered, named])
        >>> found.decided_id(numbered), found.decided_id(named)
        ('elenco.csv#id=12', 'urn:x:1')
        """
        if row.id == row.iri or row.id.startswith(f"{self.name}#row="):
            return row.id
        return f"{self.name}#id={row.id}"
