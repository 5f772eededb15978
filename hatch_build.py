"""Puts the knowledge and the pages' built assets into the wheel, as mappe_servizi/bundled/."""

import runpy
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
        # By itself: the package around it needs more than a build has.
        instance = runpy.run_path(str(root / "src" / "mappe_servizi" / "instance.py"))
        bundled = instance["BUNDLED"]
        for name, place in instance["KNOWLEDGE"].items():
            if not (root / place).is_dir():
                raise FileNotFoundError(f"{place} is missing; `make setup` builds what is built")
            build_data["force_include"][place] = f"mappe_servizi/{bundled}/{name}"
