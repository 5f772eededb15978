"""What is declared of a kind of file of a build or a release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

from mappe_servizi.formats import FileFormat, compressed, format_of

NUMBERS: Final = frozenset({"edition", "number"})
"""Placeholders that stand for digits; the others stand for any name without a slash."""
DIGITS, ANY = r"\d+", "[^/]+?"
OF_PART, OF_TABLE = "{part}", "{table}"
"""Whose a file is where datasets.toml says it of its part or table."""


class Written(Enum):
    """Who writes a file."""

    ONCE = "a build; a release takes it over"
    ANEW = "a build, and a release once more: it tells the release's number"
    RELEASE = "a release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file of a build or a release, or several of one kind.

    Attributes:
        path: below the directory; a name in braces stands for a name.
        what: what it is, in Markdown.
        formats: the formats that there are of it, where their suffixes are not in its path.
        formerly: the formats that there were of it too: their addresses and distributions lead to it.
        compressed: the suffixes of the compressed files beside it.
        written: by whom.
        hidden: why it is not published: neither in the manifest nor served; "" for what is.
        missing: why it may be missing; "" for what may not.
        listed: whether its directory has a page that lists it.
        address: where it is served by a route of its own; "" for what is served at its path.
        knowledge: whether it is of this project's knowledge, under that licence, and not of the data.
        dataset: the data set of the catalogue that it is a distribution of: its slug, or ``OF_PART`` or
            ``OF_TABLE`` for the one that datasets.toml gives the part or the table to.
        left_out: why it is in no data set.
        title: of the distribution, by language, where the data set's or the table's is not its own.
        standards: what else it conforms to: IRI and version.
        documentation: how the path of what documents it continues its own.
        holds_catalogue: whether the catalogue is in it, which then cannot tell its size and checksum.
    """

    path: str
    what: str
    formats: tuple[FileFormat, ...] = ()
    formerly: tuple[FileFormat, ...] = ()
    compressed: tuple[str, ...] = ()
    written: Written = Written.ONCE
    hidden: str = ""
    missing: str = ""
    listed: bool = True
    address: str = ""
    knowledge: bool = False
    dataset: str = ""
    left_out: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    standards: tuple[tuple[str, str], ...] = ()
    documentation: str = ""
    holds_catalogue: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """Its path in each of its formats, then compressed.

        >>> Output(path="dump/all.ttl", what="", compressed=("gz",)).paths
        ('dump/all.ttl', 'dump/all.ttl.gz')
        """
        plain = [f"{self.path}.{f.suffix}" for f in self.formats] or [self.path]
        return (*plain, *(f"{path}.{suffix}" for path in plain for suffix in self.compressed))

    @property
    def former_paths(self) -> tuple[str, ...]:
        """Its path in each of the formats of before."""
        return tuple(f"{self.path.rpartition('.')[0]}.{f.suffix}" for f in self.formerly)

    @property
    def kinds(self) -> tuple[FileFormat, ...]:
        """The formats of its paths."""
        plain = self.formats or (format_of(self.path),)
        return (*plain, *(compressed(f, suffix) for f in plain for suffix in self.compressed))

    @property
    def folder(self) -> str:
        """The directory at the top that it stands in, "" for the top itself.

        >>> Output(path="feed/{stream}/{number}.ttl", what="").folder
        'feed'
        """
        return self.path.split("/", 1)[0] if "/" in self.path else ""

    @property
    def name(self) -> str:
        """Its path without the directories."""
        return self.path.rsplit("/", 1)[-1]

    def at(self, directory: Path, **names: object) -> Path:
        """Where it stands in a directory, in its first format, with names for those in braces."""
        return directory / self.filled(**names)

    def filled(self, **names: object) -> str:
        """Its path in its first format, with names for those in braces.

        >>> Output(path="csv/{table}.csv", what="").filled(table="services")
        'csv/services.csv'
        """
        return self.paths[0].format_map(names)

    def match(self, path: str) -> Mapping[str, str] | None:
        """What a path has for the names in braces, None where it is none of this output's.

        >>> Output(path="dump/{municipality}-{edition}.ttl", what="").match("dump/c_d150-2020.ttl")
        {'municipality': 'c_d150', 'edition': '2020'}
        """
        found = (pattern(own).fullmatch(path) for own in self.paths)
        return next((m.groupdict() for m in found if m), None)


@cache
def pattern(path: str) -> re.Pattern[str]:
    """The regular expression of a path with names in braces."""
    parts = re.split(r"\{(\w+)\}", path)
    names = (f"(?P<{name}>{DIGITS if name in NUMBERS else ANY})" for name in parts[1::2])
    fixed = map(re.escape, parts[::2])
    return re.compile("".join(text for pair in zip(fixed, [*names, ""], strict=True) for text in pair))
