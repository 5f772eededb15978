"""What of an instance is wrong, what is still to be set, and what is there: for `mappe check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mappe_servizi.errors import MappeError
from mappe_servizi.model.tables.whole import told_local
from mappe_servizi.pipeline.add.town import folder_of
from mappe_servizi.pipeline.maintained import errors_of, table_errors
from mappe_servizi.pipeline.open import Open, open_of
from mappe_servizi.releases.opened import open_release
from mappe_servizi.releases.refusal import unset_settings
from mappe_servizi.releases.rollback import CURRENT, numbers
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at.

    Attributes:
        there: what is there, by the setting that says where, in words.
        wrong: what cannot be used, a sentence each.
        missing: what a release or a page still needs, a sentence each.
        municipalities: what of each is wrong and open, by its folder.
    """

    there: dict[str, str] = field(default_factory=dict)
    wrong: Sequence[str] = ()
    missing: Sequence[str] = ()
    municipalities: dict[Path, Open] = field(default_factory=dict)

    def errors(self) -> list[str]:
        """Everything that is wrong, the municipalities' too."""
        unread = [f"{folder}: it cannot be read" for folder, one in self.municipalities.items() if one.wrong]
        return [*self.wrong, *unread]

    def as_json(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "there": self.there,
            "wrong": self.errors(),
            "missing": [*self.missing],
            "municipalities": {folder.name: _json(one) for folder, one in self.municipalities.items()},
        }


def examine(settings: Settings) -> Examined:
    """Everything of an instance; municipalities only where nothing that they rest on is wrong."""
    wrong = [*settings.problems(), *map(str, table_errors(settings))]
    missing = [f"a release needs {one}" for one in unset_settings(settings)]
    there: dict[str, str] = {}
    if (local := told_local(settings.knowledge)) and not wrong:
        there["knowledge"] = local
    for name, look in (("release", _release), ("releases", _releases), ("assets", _assets)):
        there[name], lacking, unusable = look(settings)
        missing += lacking
        wrong += unusable
    municipalities = sorted((settings.data / "municipalities").glob("*/municipality.toml"))
    if not municipalities:
        missing.append(f"no municipality is in {settings.data}: `mappe add IPA DOCUMENT` adds one")
    opened = {} if wrong else {path.parent: open_of(path.parent, settings) for path in municipalities}
    return Examined(there, wrong, missing, opened)


def examine_municipality(settings: Settings, ipa: str) -> Examined:
    """One municipality.

    Raises:
        MappeError: there is none of this code.
    """
    folder = folder_of(ipa.casefold(), settings.data / "municipalities")
    if not folder.is_dir():
        raise MappeError(f"{folder}: there is no such municipality here; `mappe add` makes it")
    wrong = errors_of(folder, settings.knowledge)
    return Examined(municipalities={folder: Open(wrong) if wrong else open_of(folder, settings)})


Looked = tuple[str, list[str], list[str]]
"""What is there, what is missing, what is wrong."""


def _release(settings: Settings) -> Looked:
    link = settings.release
    if not link.exists():
        return "nothing yet", [f"there is no build at {link}: `mappe build` makes one"], []
    try:
        found = open_release(link)
    except MappeError as error:
        return "it cannot be used", [], [str(error)]
    found.close()
    what = f"release {found.number}" if found.number else "a build"
    return f"{what} of {', '.join(found.editions)} by version {found.version}, below {found.base_uri}", [], []


def _releases(settings: Settings) -> Looked:
    there = numbers(settings.releases)
    if not there:
        return "no release yet", [], []
    try:
        current = open_release(settings.releases / CURRENT)
    except MappeError as error:
        return "the current one cannot be used", [], [str(error)]
    current.close()
    return f"{len(there)} releases, of which {current.number} is the current one", [], []


def _assets(settings: Settings) -> Looked:
    if (settings.assets / "manifest.json").is_file():
        return "built", [], []
    lacking = f"the pages have no style sheets and scripts: none are in {settings.assets}"
    return "not built", [f"{lacking} (in a checkout `make setup` builds them)"], []


def _json(found: Open) -> dict[str, Any]:
    return {
        "wrong": [str(error) for error in found.wrong],
        "open": found.count,
        "decisions": [
            {"edition": document.municipality.edition, **asdict(decision)}
            for document, decision in found.decisions
        ],
        "lacking": dict(sorted(found.uncurated.items())),
        "proposed": dict(sorted(found.questions.items())),
        "holding": dict(sorted(found.values.items())),
    }


def told(found: Examined) -> Iterator[str]:
    """What is there and what is still to be set, a line each; what is wrong is told by the error."""
    yield from (f"{name}: {said}" for name, said in found.there.items())
    yield from (f"still to do: {said}" for said in found.missing)
