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

from mappe_servizi.checks.shacl import Report, read_shape_file, validate
from mappe_servizi.graph import catalogue
from mappe_servizi.graph.catalogue import Contact, Covered, File, Inputs, Numbered
from mappe_servizi.graph.catalogue.statistical import read_series
from mappe_servizi.model.outputs import declared
from mappe_servizi.outputs import packages
from mappe_servizi.outputs.catalogue_pages import pages
from mappe_servizi.outputs.network import PROVIDERS, PROVISIONS, read_network, write_gexf, write_graphml
from mappe_servizi.outputs.sssom import TABLE as LINKS_TABLE
from mappe_servizi.outputs.sssom import write_sssom
from mappe_servizi.outputs.workbook import write_workbook
from mappe_servizi.rdf.builder import Part, statements_of
from mappe_servizi.rdf.dump import canonical_lines, merge, quad_lines, write_lines, write_turtle
from mappe_servizi.rdf.formats import compress, write_formats
from mappe_servizi.rdf.jsonld import write_jsonld
from mappe_servizi.rdf.namespaces import Iris, prefixes
from mappe_servizi.rdf.spaces import spaces
from mappe_servizi.releases.catalogue_shapes import CATALOGUE_SHAPES
from mappe_servizi.releases.manifest import describe_files
from mappe_servizi.releases.retired import moves, read_retired
from mappe_servizi.rights import Standing
from mappe_servizi.settings import Settings

DATA = ".data.nq"
"""The quads of everything but the catalogue, sorted; removed again."""
CATALOGUE = ".catalogue.nq"
UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"
"""What SSSOM writes where there is no licence, or not one: a mapping set must have one."""


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
    target, csv = directory / declared.PARQUET.folder, directory / declared.TABLE.folder
    target.mkdir(exist_ok=True)
    standing = Standing.read(facts)
    about = about_the_data(facts, settings)
    packages.state_rights(csv, standing)
    network = read_network(csv / PROVISIONS, csv / PROVIDERS)
    write_graphml(network, _anew(declared.NETWORK.at(directory)), packages.in_one_line(about))
    write_gexf(network, _anew(declared.NETWORK_GEXF.at(directory)), packages.in_one_line(about))
    write_sssom(
        csv / LINKS_TABLE, _anew(declared.SSSOM.at(directory)), settings.base_uri, _mapping_set(facts)
    )
    tables = packages.read_tables(csv)
    for table in tables:
        packages.write_parquet(table, target)
    created = datetime.combine(date.fromisoformat(facts["modified"] or "1980-01-01"), datetime.min.time())
    write_workbook(tables, declared.WORKBOOK.at(directory), about, created)
    files = describe_files(directory, (declared.TABLE.filled(table=table.name) for table in tables))
    text = packages.data_package(tables, files, _package(about, standing))
    package = declared.DATA_PACKAGE.at(directory)
    package.unlink(missing_ok=True)
    package.write_text(text, encoding="utf-8")
    archived = {p.relative_to(directory).as_posix(): p for p in sorted(csv.iterdir())}
    archived[declared.DATA_PACKAGE.path] = package
    packages.write_archive(declared.ARCHIVE.at(directory), archived)


def _anew(path: Path) -> Path:
    """The path of a file that is written anew: it may be a build's, too."""
    path.unlink(missing_ok=True)
    return path


def _mapping_set(facts: Mapping[str, Any]) -> dict[str, str]:
    """What the links say of themselves: the data's licence, if it is one, and their date."""
    licences = {one.iri for one in Standing.read(facts).whole.licences}
    return {
        "license": licences.pop() if len(licences) == 1 else UNSPECIFIED,
        "mapping_set_title": "Collegamenti dei soggetti a elenchi di altri",
        "mapping_set_version": f'"{facts["modified"] or ""}"',
    }


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
    """Write catalogue and whole dump into a directory that has everything else.

    Args:
        directory: with the dumps of the parts, the tables, the retired rows, and ``DATA``.
        settings: who publishes it; the catalogue's texts and shapes.
        facts: the manifest's: municipalities and date.
        numbered: the release that it becomes.
        further: what else the catalogue's graph says, of releases and what they withdrew.

    Raises:
        MappeError: the catalogue's texts or shapes cannot be used.
    """
    inputs = _inputs(directory, settings, facts, numbered)
    part = catalogue.build(inputs, catalogue.read_configuration(settings.knowledge, settings.data))
    part.statements.extend(statements_of(further))
    moved = moves(directory / DATA, settings.base_uri, read_retired(directory))
    former = catalogue.former(inputs.files, Iris(settings.base_uri))
    lines = canonical_lines([*part.statements, *statements_of([*moved, *former])])
    known, dump = prefixes(settings.base_uri), declared.DUMP.at(directory)
    inside = declared.DUMP_OF_CATALOGUE.at(directory)
    write_turtle(lines, inside, known | spaces(lines, settings.base_uri, known))
    write_lines(quad_lines(lines, part.graph), directory / CATALOGUE)
    sha256 = merge([directory / DATA, directory / CATALOGUE], dump)
    compress(dump)
    _harvested(directory, settings, inputs, part)
    report = validate(
        lines,
        read_shape_file(settings.shapes / CATALOGUE_SHAPES, settings.base_uri),
        settings.engine,
    )
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
    tables = packages.read_tables(directory / declared.TABLE.folder)
    vocabularies = declared.DUMP_OF_VOCABULARIES.at(directory)
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
        tables={t.name: (t.title, t.description) for t in tables},
        modified=facts["modified"],
        vocabularies=catalogue.Vocabularies(quad.triple for quad in parse(path=vocabularies)),
        standing=standing,
        contact=contact,
        release=numbered,
        series=read_series(declared.TABLE.at(directory, table="observations")),
    )


def _harvested(directory: Path, settings: Settings, inputs: Inputs, part: Part) -> None:
    """The catalogue for harvesters: in three formats, whole and paged."""
    whole = describe_files(directory, declared.DUMP.paths)
    full = catalogue.whole(inputs, part, {n: File(f["bytes"], f["sha256"]) for n, f in whole.items()})
    triples, lines = full.triples, canonical_lines(full.statements)
    known = prefixes(settings.base_uri)
    turtle, *_, n_triples = (directory / path for path in declared.CATALOGUE.paths)
    write_turtle(lines, turtle, known)
    write_formats(turtle, known)
    n_triples.write_bytes(b"".join(line + b"\n" for line in lines))
    target = directory / declared.CATALOGUE_PAGE.folder
    target.mkdir(exist_ok=True)
    for suffix, write in WRITERS.items():
        for number, page in enumerate(pages(triples, settings.base_uri, suffix), start=1):
            write(page, target / f"{number}.{suffix}", known)


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


def write_sums(directory: Path) -> dict[str, dict[str, Any]]:
    """The checksums of all published files, as ``sha256sum --check`` reads them; returns what they are of."""
    sums = declared.CHECKSUMS
    files = {name: facts for name, facts in describe_files(directory).items() if name != sums.path}
    text = "".join(f"{facts['sha256']}  {name}\n" for name, facts in files.items())
    sums.at(directory).write_text(text, encoding="utf-8")
    return files
