"""Lists of organisations: a build's providers, a table, or RDF in any of the usual forms."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from mappe_servizi.errors import InputError
from mappe_servizi.linking.identifiers import checked, shared_domains
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.towns import Towns
from mappe_servizi.model.outputs.declared import TABLE
from mappe_servizi.model.tables.linking import SCHEMES
from mappe_servizi.pipeline.link.columns import Columns
from mappe_servizi.pipeline.link.tables import SUFFIXES, Cells, read_cells
from mappe_servizi.rdf.files import read_rdf

MAX_NAME = 400
"""Characters of a name that are kept."""
HEADER_WITHIN = 30
"""The header is looked for in so many first rows: real lists have titles above it."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""What an id that is meant to be an IRI begins with."""
_QUERY = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?id (SAMPLE(?name_) AS ?name) (SAMPLE(?town_) AS ?town) WHERE {
  ?id ?named ?name_ .
  VALUES ?named {
    <https://w3id.org/italia/onto/COV/legalName> <http://xmlns.com/foaf/0.1/name>
    <http://www.w3.org/2004/02/skos/core#prefLabel> rdfs:label <http://schema.org/name> <https://schema.org/name>
  }
  VALUES ?class {
    <https://w3id.org/italia/onto/COV/Organization> <http://www.w3.org/ns/org#Organization>
    <http://www.w3.org/ns/org#FormalOrganization> <http://xmlns.com/foaf/0.1/Organization>
    <http://schema.org/Organization> <https://schema.org/Organization>
  }
  ?id a ?class .
  OPTIONAL { ?id <https://w3id.org/mappe-servizi/onto/MDS/seat>/rdfs:label ?town_ }
  FILTER(isIRI(?id))
} GROUP BY ?id ORDER BY ?id
"""


@dataclass(frozen=True, slots=True)
class Lists:
    """What lists are read by."""

    columns: Columns
    towns: Towns
    shared: frozenset[str] = frozenset()

    @classmethod
    def load(cls, directory: Path, towns: Towns, given: dict[str, str] | None = None) -> Lists:
        """Read the tables about lists.

        Raises:
            InputError: one cannot be used.
        """
        return cls(Columns.load(directory, given), towns, shared_domains(directory))

    def read(self, path: Path, *, unique: bool = False) -> OrganizationList:
        """The organisations of a list.

        Args:
            path: a build's directory; a CSV, XLSX or Parquet file with a column for the name (and
                perhaps town, identifiers, ...); or an RDF file.
            unique: the user says that none stands in it twice.

        Raises:
            InputError: it cannot be read, has no column for the name, or names nothing.
        """
        told = _Told()
        if path.is_dir():
            rows = self._table(TABLE.at(path, table="providers"), told)
        elif path.suffix.lower() in SUFFIXES:
            rows = self._table(path, told)
        else:
            rows = _read_rdf(path)
        rows = _distinct(path, rows, told)
        if not rows:
            raise InputError("names no organisation", file=path)
        if minted := sum(not is_iri(row.id) for row in rows):
            told.once(f"{minted} of {len(rows)} rows have no IRI of their own and get one (urn:uuid:...)")
        rows = [row if row.iri else replace(row, iri=_iri(path.name, row.id)) for row in rows]
        return OrganizationList(path.name, rows, unique, told.said())

    def _table(self, path: Path, told: _Told) -> list[Listed]:
        rows = read_cells(path)
        places, width = self._header(path, rows)
        found = []
        for line, cells in rows:
            if any(cells[width:]):
                told.row("more cells than the header, and are left out", line)
            elif any(cells):
                found.append(self._listed(path, line, cells, places, told))
        return [row for row in found if row is not None]

    def _header(self, path: Path, rows: Iterable[tuple[int, Cells]]) -> tuple[dict[str, int], int]:
        """The places of the columns, and how many the table has."""
        seen: list[str] = []
        for n, (line, cells) in enumerate(rows):
            if places := self.columns.find(cells):
                missing = [f"{r}={h}" for r, h in self.columns.given.items() if r not in places]
                if missing:
                    said = (
                        f"there is no column {', '.join(missing)}; there are {', '.join(filter(None, cells))}"
                    )
                    raise InputError(said, file=path, line=line)
                return places, len(cells)
            seen = seen or [cell for cell in cells if cell]
            if n >= HEADER_WITHIN:
                break
        wanted = self.columns.given.get("name")
        usual = (
            f"headed {wanted!r}"
            if wanted
            else f"for the name ({', '.join(self.columns.usual['name'][:6])}, ...)"
        )
        said = f"there is no column {usual}; say which one is, as --columns name=HEADER"
        if seen:
            said += f"; there are {', '.join(seen)[:300]}"
        raise InputError(said, file=path, line=1)

    def _listed(
        self, path: Path, line: int, cells: Cells, places: dict[str, int], told: _Told
    ) -> Listed | None:
        def cell(role: str) -> str:
            at = places.get(role)
            return " ".join(cells[at].split()) if at is not None and at < len(cells) else ""

        name = cell("name")[:MAX_NAME]
        if not name:
            told.row("no name, and are left out", line)
            return None
        identifiers = {}
        for scheme in SCHEMES:
            if printed := cell(scheme):
                if value := checked(scheme, printed, self.shared):
                    identifiers[scheme] = value
                elif scheme in ("taxcode", "vat"):
                    told.row(f"a {scheme} that is not valid, and is not used", line)
        near = self.towns.by_ipa.get(cell("map"), "")
        town = "" if cell("town") in self.towns.by_ipa else cell("town")
        id_ = cell("id") or _row_id(path, line)
        if _SCHEME.match(id_) and not is_iri(id_):
            raise InputError(f"{id_!r} is not an IRI", file=path, line=line)
        return Listed(id_, name, town, cell("province"), near, identifiers, "", line)


@dataclass
class _Told:
    """What was noticed, each kind once, with how many rows and the first line."""

    rows: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def row(self, what: str, line: int) -> None:
        self.rows[what] += 1
        self.first.setdefault(what, line)

    def once(self, text: str) -> None:
        self.lines.append(text)

    def said(self) -> list[str]:
        counted = [f"{n} rows have {what} (first: line {self.first[what]})" for what, n in self.rows.items()]
        return [*counted, *self.lines]


def is_iri(text: str) -> bool:
    """Whether an id can be a subject in RDF as it is.

    >>> is_iri("https://e.org/a"), is_iri("12:3"), is_iri("http://e.org/<a>")
    (True, False, False)
    """
    if not _SCHEME.match(text):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _row_id(path: Path, line: int) -> str:
    """What a row without an id of its own is called."""
    return f"{path.name.replace(':', '_')}#row={line}"


def _iri(list_: str, id_: str) -> str:
    """The id where it is an IRI, else one that is the same whenever the list is read."""
    return id_ if is_iri(id_) else uuid.uuid5(uuid.NAMESPACE_URL, f"{list_}\n{id_}").urn


def named_apart(left: OrganizationList, right: OrganizationList) -> tuple[OrganizationList, OrganizationList]:
    """Two lists whose names tell them apart."""
    if left.name != right.name:
        return left, right
    return replace(left, name=f"left/{left.name}"), replace(right, name=f"right/{right.name}")


def _read_rdf(path: Path) -> list[Listed]:
    if RdfFormat.from_extension(path.suffix.lower().lstrip(".")) is None and path.suffix.lower() != ".owl":
        raise InputError(
            f"is neither a build, a table ({', '.join(SUFFIXES)}) nor RDF of a known form", file=path
        )
    data, kind = read_rdf(path)
    store = Store()
    try:
        store.bulk_load(data, kind, base_iri=path.absolute().as_uri())
    except SyntaxError as error:
        raise InputError(f"not {kind.name}: {error.msg}", file=path, line=error.lineno) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", file=path) from None
    rows = []
    for solution in store.query(_QUERY, use_default_graph_as_union=True):  # type: ignore[union-attr]
        subject, name, town = solution["id"], solution["name"], solution["town"]
        if isinstance(subject, NamedNode) and name is not None:
            rows.append(Listed(subject.value, name.value, town.value if town is not None else ""))
    return rows


def _distinct(path: Path, rows: Sequence[Listed], told: _Told) -> list[Listed]:
    """One row an identifier: a provider of several municipalities is one."""
    found: dict[str, Listed] = {}
    for row in rows:
        if row.id in found and row.name != found[row.id].name:
            told.row("an id that an earlier row has with another name, and go by their line", row.line)
            row = replace(row, id=_row_id(path, row.line))  # noqa: PLW2901 - what is meant from here on
        found.setdefault(row.id, row)
    return [found[key] for key in sorted(found)]
