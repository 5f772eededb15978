"""Services that the text of another names: curated, since a text names a sector or an office as often."""

from __future__ import annotations

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.tables import read_file
from mappe_servizi.model.tables.edition import RELATIONS
from mappe_servizi.rdf.namespaces import CPSVAPIT, CV, DCT


def add_relations(edition: Edition) -> None:
    """What relations.csv says of an edition; in the EU's terms between services for the public only.

    Raises:
        InputErrors: a row names a service that the edition has not, or itself.
    """
    path = edition.document.municipality.edition_folder / RELATIONS.file
    services = {edition.service_slug(number): number for number in edition.entries}
    wrong = []
    for found in read_file(RELATIONS, path):
        row = found.row
        unknown = [slug for slug in (row.service, row.other) if slug not in services]
        if unknown or row.service == row.other:
            said = (
                f"{unknown[0]!r} is no service of this edition"
                if unknown
                else "a service is related to others"
            )
            wrong.append(InputError(said, file=path, line=found.line))
            continue
        if row.line > len(edition.document.lines):
            said = f"line {row.line} is none of the {len(edition.document.lines)} of the document"
            wrong.append(InputError(said, file=path, line=found.line))
        numbers = services[row.service], services[row.other]
        service, other = (edition.service(number) for number in numbers)
        edition.builder.add(service, DCT["relation"], other)
        edition.builder.add(service, CPSVAPIT["relationService"], other)
        if all(edition.classifications[number].kind == "public" for number in numbers):
            edition.builder.add(service, CV["relatedService"], other)
    gathered(wrong)
