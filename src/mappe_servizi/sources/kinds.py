"""Which kind a document is, told by its bytes; its name may not say another."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

import mappe_servizi.sources as package
from mappe_servizi.errors import InputError
from mappe_servizi.sources.block import Content, DocumentKind, Unfit, Unplaced

LARGEST: Final = 64 << 20
"""Bytes of a document; Cremona's 69 sheets are 0.5 MB of text."""
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED: Final = (
    "an old binary Office file (.doc, .xls), or one that a password protects: save it without a password as "
    ".docx, .xlsx, .odt or .ods"
)


@cache
def kinds() -> tuple[DocumentKind, ...]:
    """The kinds that this package has a module of; what much passes for comes last."""
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    found = [kind for module in modules if (kind := getattr(module, "KIND", None))]
    return tuple(sorted(found, key=lambda kind: (kind.passes, kind.name)))


def read_source(data: bytes, file: Path) -> Content:
    """What a document prints.

    Args:
        data: its bytes.
        file: its name, for errors and for what it says of the kind.

    Raises:
        InputError: it is of no kind, of another than its name says, or cannot be read.
    """
    try:
        return _kind(data, file).read(data)
    except Unplaced as error:
        raise InputError(error.reason, file=file, line=error.line) from None
    except Unfit as error:
        raise InputError(str(error), file=file) from None
    except ModuleNotFoundError as error:
        needed = "install mappe-servizi[documents]"
        raise InputError(f"to read it {error.name} is needed: {needed}", file=file) from None


def _kind(data: bytes, file: Path) -> DocumentKind:
    if len(data) > LARGEST:
        raise Unfit(f"{len(data)} bytes; the largest that is read is {LARGEST}")
    if data.startswith(_OLE):
        raise Unfit(_PROTECTED)
    found = next((kind for kind in kinds() if kind.recognises(data)), None)
    suffix = file.suffix.casefold()
    named = [kind for kind in kinds() if suffix in kind.suffixes]
    if found is None:
        known = ", ".join(sorted({s for kind in kinds() for s in kind.suffixes}))
        raise Unfit(f"no kind of document that is read ({known})")
    if named and found not in named:
        raise Unfit(f"its name says {named[-1].name}, its content is {found.name}: {_renamed(file, found)}")
    return found


def _renamed(file: Path, kind: DocumentKind) -> str:
    return f"if that is right, call it {file.stem}{kind.suffixes[0]}"
