"""A validator of DCAT-AP_IT, and of whatever further profiles there are shapes of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, serialize

from mappe_servizi.errors import MappeError
from mappe_servizi.rehearsal.account import Account
from mappe_servizi.rehearsal.visit import Visit
from mappe_servizi.releases.catalogue_shapes import CATALOGUE_SHAPES


def harvest(visit: Visit) -> list[Account]:
    """One account a file of shapes."""
    return [
        _validated(visit, path) for path in (visit.settings.shapes / CATALOGUE_SHAPES, *_files(visit.rules))
    ]


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from sorted(place.glob("*.ttl")) if place.is_dir() else [place]


def _validated(visit: Visit, path: Path) -> Account:
    own = path.parent == visit.settings.shapes
    account = Account("validator: DCAT-AP_IT" if own else f"validator: {path.parent.name}/{path.name}")
    try:
        from mappe_servizi.checks.shacl import read_shape_file, validate  # noqa: PLC0415  # an extra has it

        data = serialize(sorted(visit.catalogue.all, key=str), format=RdfFormat.N_TRIPLES)
        report = validate(data or b"", read_shape_file(path), visit.settings.engine)
    except ModuleNotFoundError as error:
        account.notes.append(f"left out, it needs {error.name}: pip install 'mappe-servizi[build]'")
        return account
    except MappeError as error:
        account.lose(str(path), str(error))
        return account
    for result in report.results:
        sentence = f"{result.message} ({result.path})" if result.path else result.message
        if result.severity == "Violation":
            account.lose(result.focus, sentence)
        elif result.severity == "Warning":
            account.advise(result.focus, sentence)
    account.notes.append(", ".join(f"{n} {kind}" for kind, n in sorted(report.counts.items())) or "conforms")
    return account
