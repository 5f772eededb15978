"""What a sheet leaves open, as it is asked."""

from __future__ import annotations

from typing import Final

ABSENT: Final = (
    "the sheet has no section {!r}: is there none, or has it a label that data/knowledge/labels.csv lacks "
    "(a row there, or one of corrections.csv)"
)
WHO: Final = (
    "people.csv does not say which is the given and which the family name; it is read as {!r} until a row "
    "there says"
)
REST: Final = (
    "is this line a criterion, or the rest of the one above it? It is read as one until a row of "
    "corrections.csv (kind rows) says what is printed"
)
EMPTY: Final = (
    "the row has no figures: is it a heading (a row of corrections.csv of the kind group, reads = how many "
    "rows below it are its own) or was it not filled in (empty-row)?"
)
HEADS: Final = (
    "the row has no figures, and the rows below it are printed under another such row, too: it is read as "
    "their heading until a row of corrections.csv says how many are its own (kind group, reads = {}) or that "
    "it was not filled in (empty-row)"
)
