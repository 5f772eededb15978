"""Who a municipality is, by ISTAT's list: what `mappe add` writes into its municipality.toml."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from mappe_servizi.errors import InputError, MappeError, meant
from mappe_servizi.model.maintained import read_toml
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import LICENCES, MUNICIPALITIES, LicenceRow, MunicipalityRow
from mappe_servizi.model.text import normal
from mappe_servizi.reading.municipality import KEYS, MUNICIPALITY_FILE

_IPA: Final = re.compile(r"c_[a-z][0-9]{3}")


def find_town(ipa: str, istat: str | None, knowledge: Path) -> MunicipalityRow:
    """The municipality of an IPA code: the cadastral code behind ``c_``, but for a few.

    Args:
        ipa: the code, in small letters.
        istat: its ISTAT code, for an IPA code that is not made from the cadastral one.
        knowledge: the directory of what is known for every municipality.

    Raises:
        MappeError: there is no such municipality; says which may be meant.
    """
    rows = read_rows(MUNICIPALITIES, knowledge / MUNICIPALITIES.file)
    if istat is not None:
        return _only([row for row in rows if row.istat == istat], f"the ISTAT code {istat}", istat, rows)
    code = ipa.removeprefix("c_").upper()
    found = [row for row in rows if row.cadastral == code] if _IPA.fullmatch(ipa) else []
    return _only(found, f"the IPA code {ipa!r}", ipa, rows)


def _only(
    found: list[MunicipalityRow], what: str, given: str, rows: list[MunicipalityRow]
) -> MunicipalityRow:
    if found:
        return found[0]
    name = normal(given).removeprefix("comune di ")
    named = [row for row in rows if name in {normal(row.name), normal(row.name_other), row.istat}]
    said = "".join(f"; {row.name} ({row.province}) has {ipa_of(row)}" for row in named)
    near = "" if named else meant(given, [ipa_of(row) for row in rows] if given.startswith("c_") else [])
    raise MappeError(
        f"{what} is of no municipality of ISTAT's list{near}{said}: it is c_ and the cadastral code "
        "(c_d150); for a code that is not, --istat says which municipality it is"
    )


def ipa_of(row: MunicipalityRow) -> str:
    """The IPA code that a municipality has, but for a few."""
    return f"c_{row.cadastral.lower()}"


def assumed(ipa: str, row: MunicipalityRow) -> list[str]:
    """What municipality.toml says of a municipality without its being known for certain."""
    told = ["the licence and its basis ([rights]): the document may print another"]
    if ipa == ipa_of(row):
        told.insert(0, f"that {ipa} is the code of {row.name}: it is made from the cadastral code")
    if not row.city:
        told.append(f"the territory: the national vocabulary has none for the ISTAT code {row.istat} yet")
    return told


def municipality_toml(ipa: str, row: MunicipalityRow, knowledge: Path) -> str:
    """The text of municipality.toml.

    Raises:
        InputError: licences.csv does not say which licence a document is under that prints none.
    """
    licence = _licence(knowledge / LICENCES.file)
    name = f"Comune di {row.name}"
    rows = "\n".join(f"#   - {text}" for text in assumed(ipa, row))
    return f"""\
# {name}: who it is, from ISTAT's list of municipalities (CC BY 4.0). Assumed until somebody has checked:
{rows}
ipa = {_text(ipa)}
istat = {_text(row.istat)}
name = {_text(name)}
city = {_text(row.name)}
territory = {_text(row.territory)}
province = {_text(row.istat[:3])}
region = {_text(row.region_code)}
# homepage = "https://www.comune.example.it/"

# Who holds the rights in the documents, and under which licence their data are.
[rights]
holder = {_text(name)}
holder_ipa = {_text(ipa)}
licence = {_text(licence.iri)}
basis = {_text(licence.basis)}
"""


def _licence(path: Path) -> LicenceRow:
    """The licence of a document that prints none."""
    for row in read_rows(LICENCES, path):
        if row.basis:
            return row
    raise InputError("no licence has a basis for documents that print none", file=path)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def folder_of(ipa: str, municipalities: Path) -> Path:
    """Where a municipality stands in an instance, or is to stand.

    Raises:
        InputError: another municipality's folder has its name.
    """
    for path in sorted(municipalities.glob(f"*/{MUNICIPALITY_FILE}")):
        said = str(read_toml(path, KEYS)["ipa"])
        if said == ipa:
            return path.parent
        if path.parent.name == ipa:
            raise InputError(f"the folder is called {ipa}, but is of {said}", file=path)
    return municipalities / ipa
