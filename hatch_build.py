"""Puts the knowledge and the pages' built assets into the wheel, as mappe_servizi/bundled/."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Bundle(BuildHookInterface[Any]):
    """The custom build hook of the wheel. An editable installation uses the checkout as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what is to be included.

        Raises:
            FileNotFoundError: it is not all there.
        """
        if version == "editable":
            return
        root = Path(self.root)
        instance = load(root / "src" / "mappe_servizi" / "instance.py")
        for name, place in instance.KNOWLEDGE.items():
            if not (root / place).is_dir():
                raise FileNotFoundError(f"{place} is missing; `make setup` builds what is built")
            build_data["force_include"][place] = f"mappe_servizi/{instance.BUNDLED}/{name}"


def load(path: Path) -> Any:
    """A module from its file, without the package around it, which needs more than a build has."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
