"""The numbers that others know an organisation by: data/providers/identifiers.csv.

A number is one organisation's, and of one kind an organisation has one number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from stdnum.it import codicefiscale, iva

from mappe_servizi.errors import InputError
from mappe_servizi.model.maintained import Row, read_table
from mappe_servizi.providers.model import Certainty, Identifier

REQUIRED = ("provider", "scheme", "value", "listedName", "certainty", "reason", "evidence")
COLUMNS = (*REQUIRED[:4], "listedTown", *REQUIRED[4:])
CHECKS: dict[str, Callable[[str], bool]] = {
    # An organisation's fiscal code has the form of a VAT number; a sole trader's is a person's.
    "fiscal-code": lambda value: bool(iva.is_valid(value) or codicefiscale.is_valid(value)),
    "vat": lambda value: bool(iva.is_valid(value)),
    "runts": lambda value: re.fullmatch(r"[1-9]\d{0,7}", value, re.ASCII) is not None,
    "rea": lambda value: re.fullmatch(r"[A-Z]{2}-\d{1,9}", value, re.ASCII) is not None,
    "ipa": lambda value: re.fullmatch(r"[a-z0-9_]{2,20}", value) is not None,
}
FISCAL = ("fiscal-code", "vat")
"""Numbers of one space: a body's VAT number often is its fiscal code."""


def read_identifiers(path: Path, errors: list[InputError]) -> dict[str, tuple[Identifier, ...]]:
    """Each provider's identifiers; what is wrong with a row is added to the errors.

    Raises:
        InputError: the file cannot be read, or a value is missing.
    """
    found: dict[str, dict[str, Identifier]] = {}
    whose: dict[tuple[str, str], tuple[str, int]] = {}
    for line, row in enumerate(read_table(path, COLUMNS, required=REQUIRED), 2):
        provider, scheme, value = row["provider"], row["scheme"], row["value"]
        space = "fiscal" if scheme in FISCAL else scheme
        other, first = whose.setdefault((space, value), (provider, line))
        of_one = found.setdefault(provider, {})
        said = _wrong(row)
        if not said and other != provider:
            said = f"{value!r} is the number of {other!r} (line {first}): a number is one provider's"
        if not said and scheme in of_one:
            said = f"{provider!r} has another {scheme}, {of_one[scheme].value!r}: of one kind it has one"
        if said:
            errors.append(InputError(said, file=path, line=line))
            continue
        certainty: Certainty = "likely" if row["certainty"] == "likely" else "certain"
        of_one[scheme] = Identifier(scheme, value, certainty, row["reason"], row["evidence"])
    return {provider: tuple(of_one.values()) for provider, of_one in found.items()}


def _wrong(row: Row) -> str:
    check = CHECKS.get(row["scheme"])
    if check is None:
        return f"the scheme {row['scheme']!r} must be one of {', '.join(CHECKS)}"
    if not check(row["value"]):
        return f"{row['value']!r} is no {row['scheme']}: its form or its check digit is wrong"
    if row["certainty"] not in ("certain", "likely"):
        return "the certainty is 'certain' or 'likely'"
    return ""
