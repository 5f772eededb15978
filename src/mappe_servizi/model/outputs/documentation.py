"""The tables of files in docs/output.md."""

from __future__ import annotations

from collections.abc import Iterable

from mappe_servizi.model.outputs.declared import OUTPUTS
from mappe_servizi.model.outputs.output import OF_PART, OF_TABLE, Output, Written

TABLES = {"build": (Written.ONCE, Written.ANEW), "release": (Written.RELEASE,)}
"""Name of a table in the page to what it lists."""
OF = {OF_PART: "that of the part", OF_TABLE: "that of the table"}


def documentation(page: str) -> str:
    """A page with its tables written anew, between ``<!-- files: NAME -->`` and ``<!-- end -->``.

    >>> marks = "".join(f"<!-- files: {name} -->\\n<!-- end -->\\n" for name in TABLES)
    >>> documentation(marks).count("`report/changes.csv`")
    1
    """
    for name, written in TABLES.items():
        before, mark, rest = page.partition(f"<!-- files: {name} -->\n")
        after = rest[rest.index("<!-- end -->") :]
        page = before + mark + _table(o for o in OUTPUTS if o.written in written) + after
    return page


def _table(outputs: Iterable[Output]) -> str:
    lines = ["| path | what it is | media type | data set of the catalogue |", "|---|---|---|---|"]
    lines += [f"| {_paths(o)} | {o.what} | {_media(o)} | {_dataset(o)} |" for o in outputs]
    return "\n".join(lines) + "\n"


def _paths(output: Output) -> str:
    first, *others = output.paths
    stem = first.rsplit(".", 1)[0] if output.formats else first
    paths = ", ".join([f"`{first}`", *(f"`{path.removeprefix(stem)}`" for path in others)])
    return f"{paths} (at `{output.address}`)" if output.address else paths


def _media(output: Output) -> str:
    return "" if output.hidden else ", ".join(dict.fromkeys(f"`{f.sent_as}`" for f in output.kinds))


def _dataset(output: Output) -> str:
    if output.hidden:
        return f"not published: {output.hidden}"
    return OF.get(output.dataset, f"`{output.dataset}`") if output.dataset else f"none: {output.left_out}"
