"""The index of docs/decisions/: a line each, with its status."""

import re
from pathlib import Path

FOLDER = Path("docs/decisions")
HEAD = """# Decisions

Why the system is the way it is. A record says what was decided and measured, and what was tried and
left; one that no longer holds stays, with what replaced it (a line `Status: ...` below its title).

| | decision | status |
|---|---|---|
"""


def index() -> str:
    """docs/decisions/README.md."""
    rows = []
    for path in sorted(FOLDER.glob("[0-9]*.md")):
        text = path.read_text(encoding="utf-8")
        title = re.sub(r"^[\d.]+ ", "", text.partition("\n")[0].removeprefix("# "))
        status = re.search(r"^Status: (.+)$", text, re.MULTILINE)
        rows.append(f"| [{path.name[:4]}]({path.name}) | {title} | {status[1] if status else 'in force'} |\n")
    return HEAD + "".join(rows)
