"""What holds of the program's own text, so that who reads it is not misled."""

import ast
from collections import defaultdict
from pathlib import Path

from helpers import ROOT

SOURCE = ROOT / "src" / "mappe_servizi"
PARSED = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def test_a_class_name_has_one_meaning() -> None:
    homes: dict[str, list[Path]] = defaultdict(list)
    for path, tree in PARSED.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.relative_to(SOURCE))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}
