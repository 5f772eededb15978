"""Two providers of our own that are one: the registry says so, and the old IRI redirects. Never a link."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from mappe_servizi.bases import rebase
from mappe_servizi.errors import MappeError
from mappe_servizi.model.identifiers import Registry, slugify
from mappe_servizi.model.outputs.declared import STORE, TABLE
from mappe_servizi.model.tables.knowledge import MUNICIPALITIES
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.model.tables.providers import ALIASES, REGISTRY
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.review.writing import append_rows, locked, replace_file
from mappe_servizi.settings import Settings

FACTS = """
PREFIX covapit: <https://w3id.org/italia/onto/COV/>
PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name ?form ?acronym ?seat ?quality {
  ?it rdfs:label ?name . FILTER(LANG(?name) = "it")
  OPTIONAL { ?it covapit:hasLegalStatus ?form }
  OPTIONAL { ?it covapit:orgAcronym ?acronym }
  OPTIONAL { ?it mds:seat/rdfs:label ?seat }
  OPTIONAL { ?it mds:organizationQuality ?quality }
} ORDER BY ?quality
"""
REGISTERED = "registered:"


@dataclass(frozen=True, slots=True)
class Why:
    """What a reviewer says of a decision."""

    reason: str
    evidence: str


class Merging:
    """Merges providers of a release in an instance's registry.

    Args:
        release: a build's directory: what is known of the providers, and how they are printed.
    """

    def __init__(self, settings: Settings, release: Path) -> None:
        self._settings, self._release = settings, release
        self._directory = settings.data / "providers"
        self._space = f"{settings.base_uri}data/organization/"
        self._now: dict[str, str] = {}

    def is_own(self, id_: str) -> bool:
        """Whether an id is the IRI of a provider of ours."""
        return id_.startswith(self._space)

    def merge(self, left: str, right: str, why: Why) -> str:
        """Make two one; returns the slug that they have in the registry.

        Raises:
            MappeError: both are in the registry already, or a table cannot be used.
        """
        with locked(self._directory):
            local = [iri for iri in map(self._current, (left, right)) if "/" in self._path(iri)]
            slugs = {
                self._path(iri) for iri in map(self._current, (left, right)) if "/" not in self._path(iri)
            }
            if len(slugs) == 2:
                raise MappeError(
                    f"{' and '.join(sorted(slugs))} are two rows of registry.csv: take one out, give its "
                    "aliases to the other, and build again"
                )
            slug = slugs.pop() if slugs else self._register(local[0], why)
            for iri in dict.fromkeys(local):
                self._alias(iri, slug, why)
                self._redirect(iri, slug)
                self._now[iri] = f"{self._space}{slug}"
            return slug

    def _current(self, iri: str) -> str:
        while iri in self._now:
            iri = self._now[iri]
        return iri

    def _path(self, iri: str) -> str:
        return iri.removeprefix(self._space)

    def _registry(self) -> ProviderRegistry:
        return ProviderRegistry.load(self._directory, self._settings.knowledge / MUNICIPALITIES.file)

    def _register(self, iri: str, why: Why) -> str:
        """Write a row of registry.csv for a municipality's own provider."""
        store = Store.read_only(str(self._release / STORE.folder))
        query = rebase(FACTS.replace("?it ", f"<{iri}> "), self._settings.base_uri)
        found = store.query(query)
        assert isinstance(found, QuerySolutions)
        rows = [{v.value: row[v].value for v in found.variables if row[v] is not None} for row in found]
        if not rows:
            raise MappeError(f"the release has no {iri}")
        facts, registry = rows[0], self._registry()
        slug, number = slugify(facts["name"]), 1
        while slug in registry.providers:
            number += 1
            slug = f"{slugify(facts['name'], 56)}-{number}"
        seat = facts.get("seat", "")
        row = [
            slug, facts["name"], facts.get("acronym", ""), facts.get("form", "").rsplit("/", 1)[-1],
            "|".join(dict.fromkeys(r["quality"] for r in rows if "quality" in r)),
            seat if seat in registry.towns else "", "", "certain", why.reason, why.evidence,
        ]  # fmt: skip
        append_rows(self._directory / REGISTRY.file, [row])
        return slug

    def _alias(self, iri: str, slug: str, why: Why) -> None:
        """Write the rows of aliases.csv: each name that the municipality prints for it."""
        ipa = self._path(iri).partition("/")[0]
        registry, rows = self._registry(), list[Sequence[str]]()
        for printed, lines in self._printed(iri).items():
            known = registry.decided(ipa, printed)
            if known is not None and known.provider != slug:
                raise MappeError(f"{ALIASES.file} says that {printed!r} of {ipa} is {known.provider}")
            if known is None:
                evidence = f"lines {' '.join(lines)}; {why.evidence}" if lines else why.evidence
                rows.append([ipa, printed, slug, "certain", why.reason, evidence])
        append_rows(self._directory / ALIASES.file, rows)

    def _printed(self, iri: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with TABLE.at(self._release, table="engagements").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["provider"] == iri and row["sourceLine"] not in found.setdefault(row["mention"], []):
                    found[row["mention"]].append(row["sourceLine"])
        if not found:
            raise MappeError(f"the release does not say how {iri} is printed: write {ALIASES.file} by hand")
        return found

    def _redirect(self, iri: str, slug: str) -> None:
        """Say in the municipality's registry of IRIs that this one is the registry's now."""
        ipa, _, own = self._path(iri).partition("/")
        path = self._settings.data / "municipalities" / ipa / IDENTIFIERS.file
        Registry.load(path)  # what cannot be read is not written over
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        kind, its_slug, status = (rows[0].index(name) for name in ("kind", "slug", "status"))
        for row in rows[1:]:
            if (row[kind], row[its_slug]) == ("organization", own):
                row[status] = f"{REGISTERED}{slug}"
        replace_file(path, rows)
