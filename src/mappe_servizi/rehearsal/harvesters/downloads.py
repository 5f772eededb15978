"""Every file of the catalogue, fetched as a portal's link checker and then a person would."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO, cast

from mappe_servizi.formats import CSV, JSON
from mappe_servizi.rdf.namespaces import DCAT, SPDX
from mappe_servizi.rehearsal.account import Account
from mappe_servizi.rehearsal.triples import PARSERS, Term, read, text
from mappe_servizi.rehearsal.visit import Visit

MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
HELD = 16 << 20
"""Bytes of a file that are held in memory; a larger one is on the disk."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the catalogue says of a file: empty where it says nothing."""

    iri: str
    media: str
    size: str
    sha256: str


def harvest(visit: Visit) -> list[Account]:
    """Each distribution: it answers HEAD and GET, and is what the catalogue says that it is."""
    account = Account("downloads: every distribution")
    distributions: dict[Term, None] = {}
    for dataset in visit.datasets:
        found = visit.catalogue.objects(dataset, DCAT["distribution"])
        distributions |= dict.fromkeys(found)
        if not found:
            account.lose(text(dataset), "it has no distribution")
    fetched, elsewhere, size = 0, 0, 0
    for node in distributions:
        addresses = [o for p in ("downloadURL", "accessURL") for o in visit.catalogue.objects(node, DCAT[p])]
        if not addresses:
            account.lose(text(node), "it says no address")
        for address in dict.fromkeys(addresses):
            if not visit.visitor.ours(text(address)):
                elsewhere += 1
                continue
            size += _fetched(visit, account, _declared(visit, node, address))
            fetched += 1
    account.notes.append(f"{fetched} files fetched, {size} bytes")
    if elsewhere:
        account.notes.append(f"{elsewhere} addresses that are not ours were not asked")
    return [account]


def _declared(visit: Visit, node: Term, address: Term) -> Declared:
    found = visit.catalogue
    media = next(
        (m for p in ("compressFormat", "packageFormat", "mediaType") if (m := found.text(node, DCAT[p]))), ""
    )
    if address not in found.objects(node, DCAT["downloadURL"]):  # a page about the file, say
        return Declared(text(address), "", "", "")
    checksum = found.value(node, SPDX["checksum"])
    return Declared(
        text(address),
        media.removeprefix(MEDIA_TYPES),
        found.text(node, DCAT["byteSize"]),
        found.text(checksum, SPDX["checksumValue"]).lower(),
    )


def _fetched(visit: Visit, account: Account, declared: Declared) -> int:
    """Fetch a file; its size in bytes."""
    iri = declared.iri
    head = visit.visitor.get(iri, method="HEAD")
    with tempfile.SpooledTemporaryFile(HELD, dir=str(visit.place)) as spooled:
        file = cast(BinaryIO, spooled)
        answer = visit.visitor.get(iri, into=file)
        if not answer.ok:
            account.lose(iri, f"it answers {answer.said}")
            return 0
        size = file.tell()
        file.seek(0)
        sha256 = hashlib.file_digest(spooled, "sha256").hexdigest()
        if (head.status, head.media) != (answer.status, answer.media):
            account.lose(iri, f"HEAD says {head.said} {head.media}, GET {answer.said} {answer.media}")
        if declared.media and declared.media != answer.media:
            account.lose(iri, f"the catalogue says {declared.media}, it is sent as {answer.media}")
        if declared.size and declared.size != str(size):
            account.lose(iri, f"the catalogue says {declared.size} bytes, it has {size}")
        if declared.sha256 and declared.sha256 != sha256:
            account.lose(iri, f"its SHA-256 is {sha256}, not what the catalogue says")
        if answer.media in READERS or answer.media in PARSERS:
            file.seek(0)
            _readable(account, iri, answer.media, file, answer.address)
    return size


def _readable(account: Account, iri: str, media: str, file: BinaryIO, address: str) -> None:
    try:
        if media in PARSERS:
            for _ in read(file, media, address):
                pass
        else:
            READERS[media](file)
    except (ValueError, csv.Error) as error:
        account.lose(iri, f"a client cannot read it: {error}")


def _table(file: BinaryIO) -> None:
    rows = csv.reader(TextIOWrapper(file, encoding="utf-8", newline=""), strict=True)
    header = next(rows, [])
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"line {rows.line_num} has {len(row)} cells, the header {len(header)}")


READERS: dict[str, Callable[[BinaryIO], object]] = {CSV.media: _table, JSON.media: json.load}
