"""Where knowledge, instance and settings are: nothing else knows paths.

Three things are kept apart. The *program* is this package. *Knowledge* holds for every
municipality (ontology, shapes, queries, the form's words, the pages' assets): it is in the wheel,
or at the top level of the checkout that the package is used from. An *instance* is somebody's
municipalities, registry and settings: a directory of its own, found from its ``mappe.toml``.

The package's build hook loads this file by itself, so it imports nothing of the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CONFIG_FILE = "mappe.toml"
PACKAGE = Path(__file__).resolve().parent
BUNDLED = "bundled"
"""The folder of the package that has the knowledge, in a wheel."""

TEMPLATE = PACKAGE / "template"
"""The files of a new instance."""

KNOWLEDGE = {
    "ontology": "ontology",
    "shapes": "shapes",
    "queries": "queries",
    "knowledge": "data/knowledge",
    "assets": "web/dist",
    "deploy": "deploy",
}
"""What is bundled with the program, by name: where it stands in the checkout."""


def knowledge(name: str) -> Path:
    """Where bundled knowledge is.

    Args:
        name: one of ``KNOWLEDGE``.
    """
    bundled = PACKAGE / BUNDLED
    return bundled / name if bundled.is_dir() else PACKAGE.parents[1] / KNOWLEDGE[name]


def find_config(start: Path) -> Path | None:
    """The settings file of the instance that a directory lies in: there, or in one above it."""
    start = start.absolute()
    places = (directory / CONFIG_FILE for directory in (start, *start.parents))
    return next((path for path in places if path.is_file()), None)


@dataclass(frozen=True, slots=True)
class InInstance:
    """A path of the instance, as the default of a setting.

    >>> str(InInstance("build/current"))
    'build/current'
    """

    path: str

    def __call__(self) -> Path:
        """The path in the instance that the working directory lies in, else in that directory."""
        config = find_config(Path.cwd())
        return self.below(config.parent if config else Path.cwd())

    def below(self, root: Path) -> Path:
        """The path in an instance's directory."""
        return root / self.path

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class InKnowledge:
    """A place of the bundled knowledge, as the default of a setting."""

    name: str

    def __call__(self) -> Path:
        """Where it is."""
        return knowledge(self.name)

    def __str__(self) -> str:
        return f"the program's {self.name}"


Place = InInstance | InKnowledge
