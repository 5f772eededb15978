"""Which declaration holds for a file, and whether a directory is as declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs.declared import OUTPUTS
from mappe_servizi.model.outputs.output import OF_PART, OF_TABLE, Output, Written, pattern


def find(path: str) -> Output | None:
    """The declaration of a file of a build or release, None where there is none."""
    return next((output for output in OUTPUTS if output.match(path) is not None), None)


def instead(path: str) -> str:
    """The path that a file of before leads to, "" where it is none of these.

    >>> instead("dump/c_d150-2020.rdf"), instead("dump/c_d150-2020.ttl")
    ('dump/c_d150-2020.ttl', '')
    """
    for output in OUTPUTS:
        for former in output.former_paths:
            if found := pattern(former).fullmatch(path):
                return output.filled(**found.groupdict())
    return ""


def declaration(path: str) -> Output:
    """The declaration of a file.

    Raises:
        MappeError: there is none.
    """
    if output := find(path):
        return output
    raise MappeError(f"{path}: no declaration in mappe_servizi/model/outputs/declared.py says what it is")


def is_published(path: str) -> bool:
    """Whether a file is in the manifest; what has no declaration never is.

    >>> is_published("csv/services.csv"), is_published("store/000004.log"), is_published(".data.nq")
    (True, False, False)
    """
    output = find(path)
    return output is not None and not output.hidden


def check(paths: Iterable[str], written: Iterable[Written]) -> None:
    """Compare the files of a directory with their declarations.

    Args:
        paths: every file, the manifest too.
        written: by whom the directory is written: outputs of these must be there, others must not.

    Raises:
        MappeError: a file has no declaration, or what must be there is not.
    """
    there, kinds = list(paths), set(written)
    if alien := [path for path in there if declaration(path).written not in kinds]:
        raise MappeError(f"{', '.join(alien)}: mappe_servizi/model/outputs/declared.py does not want it here")
    ours = [output for output in OUTPUTS if output.written in kinds]
    needed = [path for output in ours if not output.missing for path in output.paths]
    if lacking := [path for path in needed if not _any(path, there)]:
        raise MappeError(f"{', '.join(lacking)}: nothing has written it")


def _any(path: str, paths: Iterable[str]) -> bool:
    own = pattern(path)
    return any(own.fullmatch(path) for path in paths)


def by_owner(paths: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Files by the data set that their declarations name; those that are left out are nobody's.

    >>> by_owner(["csv/services.csv", "dump/network.graphml", "SHA256SUMS"])
    {('{table}', 'services'): ['csv/services.csv'], ('providers', ''): ['dump/network.graphml']}
    """
    found: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        output = find(path)
        if output and output.dataset:
            name = stem(path) if output.dataset in {OF_PART, OF_TABLE} else ""
            found.setdefault((output.dataset, name), []).append(path)
    return found


def stem(path: str) -> str:
    """The name of a file without directory and suffixes: that of its part or table.

    >>> stem("dump/c_d150-2020.ttl")
    'c_d150-2020'
    """
    return path.rsplit("/", 1)[-1].split(".", 1)[0]


def holding_the_catalogue() -> tuple[str, ...]:
    """The files that have the catalogue in them, which cannot tell their size and checksum."""
    return tuple(path for output in OUTPUTS if output.holds_catalogue for path in output.paths)


def folders(*written: Written) -> tuple[str, ...]:
    """The directories of what is written by someone, sorted."""
    return tuple(sorted({o.folder for o in OUTPUTS if o.folder and o.written in written}))


def served() -> Iterator[tuple[str, str]]:
    """The addresses of files that are served at their paths, and the directory that lists each, or "".

    >>> dict(served())["csv/{name}"], dict(served())["ontology/{name}"], dict(served())["datapackage.json"]
    ('csv', '', '')
    """
    found: dict[str, str] = {}
    for output in OUTPUTS:
        if not output.hidden and not output.address:
            for address in [f"{output.folder}/{{name}}"] if output.folder else output.paths:
                found[address] = output.folder if output.listed else ""
    yield from found.items()


def own_names() -> frozenset[str]:
    """What the addresses of published files begin with, where that is no file's name with a suffix."""
    tops = (address.partition("/")[0] for address, _ in served())
    return frozenset(top for top in tops if "." not in top)
