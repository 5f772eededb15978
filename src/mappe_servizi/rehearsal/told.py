"""What is printed of a rehearsal: problems first, differences, then every record as the portal shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mappe_servizi.rehearsal.account import Account, Loss

LONGEST = 160


def told(accounts: Sequence[Account], differences: Sequence[str] | None) -> Iterator[str]:
    """The lines, in order."""
    for title, loss in (("What a harvester would lose", True), ("What might be better", False)):
        lines = [line for a in accounts for line in _problems(a.name, a.problems, loss=loss)]
        yield f"# {title}: {sum(p.loss == loss for a in accounts for p in a.problems) or 'nothing'}"
        yield from (*lines, "")
    if differences is None:
        yield from ("# Differences: this is the first rehearsal", "")
    else:
        yield f"# Differences from the last rehearsal: {len(differences) or 'none'}"
        yield from (*(f"- {line}" for line in differences), "")
    for account in accounts:
        yield f"# {account.name}"
        yield from (f"- {note}" for note in account.notes)
        for key, record in account.records.items():
            yield from ("", f"## {key}")
            yield from _fields(record)
        yield ""


def _problems(name: str, problems: Sequence[Loss], *, loss: bool) -> Iterator[str]:
    """A line for each sentence, which may be about many."""
    about: dict[str, list[str]] = {}
    for problem in sorted(problems):
        if problem.loss == loss:
            about.setdefault(problem.text, []).append(problem.about)
    for text, where in about.items():
        more = f" and {len(where) - 3} more" if len(where) > 3 else ""
        yield f"- {name}: {text}: {', '.join(where[:3])}{more}"


def _fields(record: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for key, value in record.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            yield f"{indent}{key}:"
            for one in value:
                yield f"{indent}  - {_line(one)}"
        elif isinstance(value, Mapping):
            yield f"{indent}{key}: {_line(value)}"
        else:
            yield f"{indent}{key}: {_text(value)}"


def _line(record: Mapping[str, Any]) -> str:
    """A record within a record: what tells it from others."""
    names = (
        "name",
        "title",
        "url",
        "contentUrl",
        "format",
        "mimetype",
        "encodingFormat",
        "license",
        "license_type",
    )
    shown = [_text(record[name]) for name in names if record.get(name)]
    return " · ".join(shown or [f"{key} {_text(value)}" for key, value in record.items() if value])


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        value = [f"{text} ({tag})" if tag else text for tag, text in value.items()]
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
