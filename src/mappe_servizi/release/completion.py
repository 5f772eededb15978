"""The end of a build and of a release: what can only be written once everything else stands.

The catalogue tells the size and checksum of every file, so it comes after them; the whole dump
contains the catalogue, so it comes after that; and the catalogue that harvesters fetch, which
tells the whole dump's checksum too, comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Triple, parse, serialize

from mappe_servizi.graph import catalogue
from mappe_servizi.graph.builder import Part
from mappe_servizi.graph.catalogue import Contact, Covered, File, Inputs, Numbered
from mappe_servizi.graph.namespaces import prefixes
from mappe_servizi.jsonld import write_jsonld
from mappe_servizi.release import packages
from mappe_servizi.release.catalogue_pages import pages
from mappe_servizi.release.dump import canonical_lines, merge, quad_lines, write_lines, write_turtle
from mappe_servizi.release.formats import compress, write_formats
from mappe_servizi.release.manifest import describe_files
from mappe_servizi.release.network import FILE as NETWORK
from mappe_servizi.release.network import TABLE as NETWORK_TABLE
from mappe_servizi.release.network import write_graphml
from mappe_servizi.rights import Standing
from mappe_servizi.settings import Settings
from mappe_servizi.validation import Report, read_shape_file, validate

DATA = ".data.nq"
"""The quads of everything but the catalogue, sorted; removed again."""
CATALOGUE = ".catalogue.nq"
SUMS = "SHA256SUMS"
SHAPES = "catalogue.ttl"
VOCABULARIES = "dump/vocabularies.ttl"


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of it.

    Attributes:
        sha256: of the whole dump.
        triples: how many the catalogue has.
        report: what the shapes say of the catalogue.
    """

    sha256: str
    triples: int
    report: Report


def pack_tables(directory: Path, facts: Mapping[str, Any], settings: Settings) -> None:
    """Write the tables' other packages below ``tables/``, the data package's description, and the network.

    All of them, and the tables' own descriptions, tell licence and publisher.
    """
    target = directory / "tables"
    target.mkdir(exist_ok=True)
    standing = Standing.read(facts)
    about = about_the_data(facts, settings)
    packages.state_rights(directory / "csv", standing)
    network = directory / "dump" / NETWORK
    network.unlink(missing_ok=True)  # it may be a build's, too
    write_graphml(directory / "csv" / NETWORK_TABLE, network, packages.in_one_line(about))
    tables = packages.read_tables(directory / "csv")
    for table in tables:
        packages.write_parquet(table, target)
    created = datetime.combine(date.fromisoformat(facts["modified"] or "1980-01-01"), datetime.min.time())
    packages.write_workbook(tables, target / packages.WORKBOOK, about, created)
    files = describe_files(directory, (f"csv/{table.name}.csv" for table in tables))
    text = packages.data_package(tables, files, _package(about, standing))
    (directory / packages.PACKAGE).unlink(missing_ok=True)
    (directory / packages.PACKAGE).write_text(text, encoding="utf-8")
    archived = {p.relative_to(directory).as_posix(): p for p in sorted((directory / "csv").iterdir())}
    archived[packages.PACKAGE] = directory / packages.PACKAGE
    packages.write_archive(target / packages.ARCHIVE, archived)


def about_the_data(facts: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    """What the workbook's first sheet says of the data, by label."""
    standing = Standing.read(facts)
    covered = [Covered.read(f, standing) for f in facts["municipalities"]]
    titles = catalogue.read_configuration(settings.knowledge, settings.data).catalogue
    whole = standing.whole
    licences = [
        f"{f'{c.name}: ' if len(whole.licences) > 1 else ''}{one.short}, {one.iri}"
        for c in covered
        for one in c.rights.licences
    ]
    return {
        "Titolo": titles.title["it"].replace("Catalogo delle mappe", "Mappe"),
        "Title": titles.title["en"].replace("Catalogue of municipal", "Municipal"),
        "Descrizione": f"{titles.description['it']} {whole.statement['it']}",
        "Description": f"{titles.description['en']} {whole.statement['en']}",
        "Comuni ed edizioni": "; ".join(f"{c.name} ({c.ipa}), {c.edition}" for c in covered),
        "Titolare dei diritti": "; ".join(holder.name for holder in whole.holders),
        "Licenza / Licence": "; ".join(dict.fromkeys(licences)),
        "Base della licenza": "; ".join(whole.bases),
        "Pubblicato da": standing.publisher.name if standing.publisher else "",
        "Data dei dati": facts["modified"] or "",
        "Indirizzo": settings.base_uri,
    }


def _package(about: Mapping[str, str], standing: Standing) -> dict[str, Any]:
    publisher = [{"title": standing.publisher.name, "role": "publisher"}] if standing.publisher else []
    licences = [{"name": one.spdx, "path": one.iri, "title": one.short} for one in standing.whole.licences]
    return {
        "name": "mappe-servizi",
        "title": about["Titolo"],
        "description": about["Descrizione"],
        "homepage": about["Indirizzo"],
        **({"licenses": licences} if licences else {}),
        "contributors": publisher,
        "keywords": ["mappa dei servizi", "servizi pubblici", "comuni"],
    }


def complete(
    directory: Path,
    settings: Settings,
    facts: Mapping[str, Any],
    numbered: Numbered | None = None,
    further: Iterable[Triple] = (),
) -> Completed:
    """Write catalogue, whole dump and checksums into a directory that has everything else.

    Args:
        directory: with the dumps of the parts, the tables, and ``DATA``.
        settings: who publishes it; the catalogue's texts and shapes.
        facts: the manifest's: municipalities and date.
        numbered: the release that it becomes.
        further: what else the catalogue's graph says, of releases and what they withdrew.

    Raises:
        MappeError: the catalogue's texts or shapes cannot be used.
    """
    inputs = _inputs(directory, settings, facts, numbered)
    part = catalogue.build(inputs, catalogue.read_configuration(settings.knowledge, settings.data))
    part.triples.extend(further)
    lines = canonical_lines(part.triples)
    dump = directory / "dump"
    known = prefixes(settings.base_uri)
    write_turtle(lines, dump / "catalogue.ttl", known)
    write_formats(dump / "catalogue.ttl", known)
    write_lines(quad_lines(lines, part.graph), directory / CATALOGUE)
    sha256 = merge([directory / DATA, directory / CATALOGUE], dump / "mappe-servizi.nq")
    compress(dump / "mappe-servizi.nq")
    _harvested(directory, settings, inputs, part)
    report = validate(
        b"\n".join(lines), read_shape_file(settings.shapes / SHAPES, settings.base_uri), settings.engine
    )
    _write_sums(directory)
    return Completed(sha256, len(lines), report)


def clean(directory: Path) -> None:
    """Remove what was only needed on the way."""
    for name in (DATA, CATALOGUE):
        (directory / name).unlink()


def _inputs(
    directory: Path, settings: Settings, facts: Mapping[str, Any], numbered: Numbered | None
) -> Inputs:
    s = settings
    files = {name: File(f["bytes"], f["sha256"]) for name, f in describe_files(directory).items()}
    standing = Standing.read(facts)
    contact = None
    if s.contact_email:
        contact = Contact(
            s.contact_name or s.publisher_name or s.contact_email, s.contact_email, s.contact_url
        )
    return Inputs(
        base=s.base_uri,
        files=files,
        covered=[Covered.read(f, standing) for f in facts["municipalities"]],
        tables={t.name: (t.title, t.description) for t in packages.read_tables(directory / "csv")},
        modified=facts["modified"],
        vocabularies=catalogue.Vocabularies(q.triple for q in parse(path=directory / VOCABULARIES)),
        standing=standing,
        contact=contact,
        release=numbered,
    )


def _harvested(directory: Path, settings: Settings, inputs: Inputs, part: Part) -> None:
    """The catalogue for harvesters: in three formats, whole and paged."""
    whole = describe_files(directory, (f"dump/mappe-servizi.nq{s}" for s in ("", ".gz", ".zst")))
    full = catalogue.whole(inputs, part, {n: File(f["bytes"], f["sha256"]) for n, f in whole.items()})
    lines = canonical_lines(full.triples)
    known = prefixes(settings.base_uri)
    write_turtle(lines, directory / "catalogue.ttl", known)
    write_formats(directory / "catalogue.ttl", known)
    (directory / "catalogue.nt").write_bytes(b"".join(line + b"\n" for line in lines))
    target = directory / "catalogue"
    target.mkdir(exist_ok=True)
    for suffix, write in WRITERS.items():
        for number, triples in enumerate(pages(full.triples, settings.base_uri, suffix), start=1):
            write(triples, target / f"{number}.{suffix}", known)


def _serialized(format_: RdfFormat, triples: Sequence[Triple], path: Path, known: Mapping[str, str]) -> None:
    serialize(triples, path, format_, prefixes=dict(known))


def _jsonld(triples: Sequence[Triple], path: Path, known: Mapping[str, str]) -> None:
    with path.open("wb") as file:
        write_jsonld(triples, file, dict(known))


WRITERS: Mapping[str, Callable[[Sequence[Triple], Path, Mapping[str, str]], None]] = {
    "ttl": partial(_serialized, RdfFormat.TURTLE),
    "rdf": partial(_serialized, RdfFormat.RDF_XML),
    "jsonld": _jsonld,
}


def _write_sums(directory: Path) -> None:
    """The checksums of all published files, as ``sha256sum --check`` reads them."""
    files = describe_files(directory)
    text = "".join(f"{described['sha256']}  {name}\n" for name, described in files.items() if name != SUMS)
    (directory / SUMS).write_text(text, encoding="utf-8")
