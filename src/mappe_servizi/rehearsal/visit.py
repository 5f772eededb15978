"""What every harvester of a rehearsal is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import TURTLE
from mappe_servizi.model.outputs.declared import CATALOGUE, DUMP
from mappe_servizi.rdf.namespaces import DCAT
from mappe_servizi.rehearsal.entrance import HarvestedAnswer, Visitor
from mappe_servizi.rehearsal.triples import Node, Triples, read
from mappe_servizi.settings import Settings


@dataclass
class Visit:
    """The release to be harvested, and with what.

    Attributes:
        visitor: asks for IRIs.
        settings: where others' programs, shapes and knowledge are.
        place: a directory for files; it goes when the rehearsal ends.
        repository: what the national catalogue would clone, None for the ontology's own folder.
        rules: further SHACL files, or directories of them, that the catalogue must conform to.
        sample: how many of our IRIs are asked at most.
    """

    visitor: Visitor
    settings: Settings
    place: Path
    repository: str | None = None
    rules: Sequence[Path] = ()
    sample: int = 0
    _answers: dict[str, HarvestedAnswer] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """What our IRIs begin with."""
        return self.visitor.base

    def document(self, name: str) -> HarvestedAnswer:
        """A document of the release, by its name below the base; fetched once."""
        if name not in self._answers:
            self._answers[name] = self.visitor.get(self.base + name)
        return self._answers[name]

    @cached_property
    def catalogue(self) -> Triples:
        """The catalogue.

        Raises:
            MappeError: there is none, so there is nothing to harvest.
        """
        answer = self.document(CATALOGUE.paths[0])
        if not answer.ok:
            raise MappeError(f"the catalogue cannot be fetched: {answer.said} at {answer.address}")
        try:
            return Triples(read(answer.body, TURTLE.media, answer.address))
        except ValueError as error:
            raise MappeError(f"the catalogue cannot be read: {error}") from error

    @cached_property
    def datasets(self) -> list[Node]:
        """The data sets that the catalogue has."""
        found = {
            o for c in self.catalogue.of(DCAT["Catalog"]) for o in self.catalogue.objects(c, DCAT["dataset"])
        }
        return sorted((o for o in found if isinstance(o, NamedNode)), key=str)

    @cached_property
    def dump(self) -> Path | None:
        """The whole dump as a file, None where it cannot be had."""
        path = self.place / DUMP.name
        with path.open("wb") as file:
            answer = self.visitor.get(self.base + DUMP.path, into=file)
        return path if answer.ok else None
