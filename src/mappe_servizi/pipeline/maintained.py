"""What is wrong with the maintained tables of an instance, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mappe_servizi.errors import InputError, InputErrors, MappeError, meant
from mappe_servizi.graph.catalogue.inputs import read_configuration
from mappe_servizi.model.tables import Errors, read_file, read_rows
from mappe_servizi.model.tables.knowledge import MUNICIPALITIES
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.model.tables.providers import DECISIONS, REGISTRY
from mappe_servizi.model.tables.whole import check_file, declared, municipality_files, shared_files
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.reading.municipality import (
    EDITION_FILE,
    EDITIONS,
    MUNICIPALITY_FILE,
    ipa_of,
    read_edition,
    read_municipality,
)
from mappe_servizi.rights import Licences
from mappe_servizi.settings import Settings


def table_errors(settings: Settings) -> list[InputError]:
    """What is wrong with the tables of an instance: each file of itself, and where two contradict.

    What a table says of a document is told by whatever reads that document.
    """
    folders = sorted((settings.data / "municipalities").glob("*/"))
    errors = [error for folder in folders for error in errors_of(folder, settings.knowledge)]
    return _in_order([*errors, *shared_errors(settings)])


def errors_of(folder: Path, knowledge: Path) -> list[InputError]:
    """What is wrong with the files of one municipality, as far as no document is needed to tell it."""
    errors: Errors = []
    for file in municipality_files(folder):
        check_file(*file, errors)
    errors += _about_no_service(folder)
    with _gathering(errors):
        licences = Licences.load(knowledge)
        with _gathering(errors):
            read_municipality(folder / MUNICIPALITY_FILE, licences, knowledge)
        for path in sorted((folder / EDITIONS).glob(f"*/{EDITION_FILE}")):
            with _gathering(errors):
                read_edition(path, licences)
    return _in_order(errors)


@contextmanager
def _gathering(errors: Errors) -> Iterator[None]:
    """Take the errors that something raises."""
    try:
        yield
    except InputErrors as error:
        errors += error.errors
    except InputError as error:
        errors.append(error)


def _about_no_service(folder: Path) -> Iterator[InputError]:
    """Rows about a service that the registry does not have, and never had."""
    wrong: Errors = []
    registered = read_rows(IDENTIFIERS, folder / IDENTIFIERS.file, errors=wrong)
    services = {row.slug for row in registered if row.kind == "service"}
    for home, path in municipality_files(folder):
        table = declared(home, path.name)
        if wrong or not services or table is None or table is IDENTIFIERS:
            continue
        for item in read_file(table, path, errors=[]):
            slug = getattr(item.row, "service", "")
            if slug and slug not in services:
                said = f"service: {IDENTIFIERS.file} has no service {slug!r}{meant(slug, services)}"
                yield InputError(said, file=path, line=item.line)


def shared_errors(settings: Settings) -> list[InputError]:
    """What is wrong with the tables that all municipalities share."""
    errors: Errors = []
    for file in shared_files(settings.data, settings.knowledge):
        check_file(*file, errors)
    providers = settings.data / "providers"
    ProviderRegistry.load(providers, settings.knowledge / MUNICIPALITIES.file, errors)
    errors += _about_nobody(settings)
    with _gathering(errors):
        read_configuration(settings.knowledge, settings.data)
    return _in_order(errors)


def _in_order(errors: Iterable[InputError]) -> list[InputError]:
    return sorted({str(error): error for error in errors}.values(), key=lambda e: (e.file, e.line or 0))


def _about_nobody(settings: Settings) -> Iterator[InputError]:
    """Decisions about organisations of our own that there are not."""
    path = settings.data / "providers" / DECISIONS.file
    own = f"{settings.base_uri}data/organization/"
    known, unreadable = _organizations(settings.data)
    for item in read_file(DECISIONS, path, errors=[]):
        for iri in (item.row.left, item.row.right):
            slug = iri.removeprefix(own)
            if iri.startswith(own) and slug not in known and not slug.startswith(unreadable):
                yield InputError(f"there is no organisation {slug!r} of our own", file=path, line=item.line)


def _organizations(data: Path) -> tuple[set[str], tuple[str, ...]]:
    """What the IRIs of our own organisations end in; what those of unreadable registries begin with."""
    known = {row.slug for row in read_rows(REGISTRY, data / "providers" / REGISTRY.file, errors=[])}
    unreadable = []
    for path in (data / "municipalities").glob(f"*/{IDENTIFIERS.file}"):
        errors: Errors = []
        ipa = code_of(path.parent)
        rows = read_rows(IDENTIFIERS, path, errors=errors)
        known |= {f"{ipa}/{row.slug}" for row in rows if row.kind == "organization"}
        unreadable += [f"{ipa}/"] if errors else []
    return known, tuple(unreadable)


def code_of(folder: Path) -> str:
    """The IPA code of the municipality in a folder, whose name is the next best thing."""
    with suppress(MappeError):
        return ipa_of(folder)
    return folder.name
