"""What is wrong with the maintained tables of an instance, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.tables import Errors, read_file, read_rows
from mappe_servizi.model.tables.knowledge import TOWNS
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.model.tables.providers import DECISIONS, REGISTRY
from mappe_servizi.model.tables.whole import check_file, municipality_files, shared_files
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.settings import Settings


def table_errors(settings: Settings) -> list[InputError]:
    """What is wrong with the tables of an instance: each file of itself, and where two contradict.

    What a table says of a document is told by whatever reads that document.
    """
    errors: Errors = []
    for folder in sorted((settings.data / "municipalities").glob("*/")):
        for file in municipality_files(folder):
            check_file(*file, errors)
    for file in shared_files(settings.data, settings.knowledge):
        check_file(*file, errors)
    providers = settings.data / "providers"
    ProviderRegistry.load(providers, settings.knowledge / TOWNS.file, errors)
    errors += _about_nobody(settings)
    return sorted({str(error): error for error in errors}.values(), key=lambda e: (e.file, e.line or 0))


def check_tables(settings: Settings) -> None:
    """Fail with all that is wrong with the tables.

    Raises:
        InputError, InputErrors: each of them.
    """
    gathered(table_errors(settings))


def _about_nobody(settings: Settings) -> Iterator[InputError]:
    """Decisions about organisations of our own that there are not."""
    path = settings.data / "providers" / DECISIONS.file
    own = f"{settings.base_uri}data/organization/"
    known = set(_organizations(settings.data))
    for item in read_file(DECISIONS, path, errors=[]):
        for iri in (item.row.left, item.row.right):
            if iri.startswith(own) and (slug := iri.removeprefix(own)) not in known:
                yield InputError(f"there is no organisation {slug!r} of our own", file=path, line=item.line)


def _organizations(data: Path) -> Iterator[str]:
    """What the IRIs of our own organisations end in."""
    for row in read_rows(REGISTRY, data / "providers" / REGISTRY.file, errors=[]):
        yield row.slug
    for path in (data / "municipalities").glob(f"*/{IDENTIFIERS.file}"):
        for found in read_rows(IDENTIFIERS, path, errors=[]):
            if found.kind == "organization":
                yield f"{path.parent.name}/{found.slug}"
