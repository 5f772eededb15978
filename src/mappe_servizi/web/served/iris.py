"""The one mapping between IRIs and paths. Pure functions.

An IRI below the base has exactly one canonical path, its percent-encoded form, and a path's
percent-decoded form is the IRI: ``città`` is ``/citt%C3%A0``, and an IRI that itself has
``%C3%A0`` is ``/%25C3%25A0``. The base comes from the configuration, never from a request.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from mappe_servizi.bases import rest_of
from mappe_servizi.query.formats import SUFFIXES

# RFC 3987: what may not stand in an IRI, besides lone surrogates and controls.
FORBIDDEN = re.compile(r'[\x00-\x20\x7f-\x9f<>"{}|\\^`\ud800-\udfff\ufffe\uffff]')
SAFE = "/:@!$&'()*+,;=-._~"
TO_BE_ENCODED = re.compile(r"[^A-Za-z0-9/:@!$&'()*+,;=\-._~]")
"""What ``quote`` changes. A page links to hundreds of IRIs, and hardly one has such a character."""


class NotAnIriError(ValueError):
    """A path that stands for no IRI."""


def encode(text: str) -> str:
    """Part of an IRI as part of a URL's path.

    >>> encode("data/città (l'altra) 100%")
    "data/citt%C3%A0%20(l'altra)%20100%25"
    """
    return quote(text, safe=SAFE) if TO_BE_ENCODED.search(text) else text


def decode(path: bytes | str) -> str:
    """Part of a URL's path, as sent, as part of an IRI.

    Raises:
        NotAnIriError: it is not UTF-8, or has characters that no IRI has.

    >>> decode(b"citt%C3%A0")
    'città'
    """
    try:
        text = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotAnIriError("the path is not UTF-8") from error
    if match := FORBIDDEN.search(text):
        raise NotAnIriError(f"no IRI has the character {match[0]!r}")
    return text


def split_suffix(path: str) -> tuple[str, str | None]:
    """A decoded path without its suffix, and the name of the format that the suffix picks.

    >>> split_suffix("public-service/c_d150/asili-nido.ttl")
    ('public-service/c_d150/asili-nido', 'turtle')
    >>> split_suffix("onto/MDS")
    ('onto/MDS', None)
    """
    stem, dot, suffix = path.rpartition(".")
    if dot and stem and not stem.endswith("/") and suffix in SUFFIXES:
        return stem, SUFFIXES[suffix]
    return path, None


class IriMap:
    """The IRIs below one base, and their paths on this server, under the prefix of a reverse proxy."""

    DIRECT = ("onto/", "controlled-vocabulary/", "shapes/")

    def __init__(self, base: str, prefix: str = "") -> None:
        self.base, self.prefix = base, prefix
        self._own = f"{base}data/"
        self._data, self._page = f"{prefix}/data/", f"{prefix}/page/"

    def local(self, iri: str) -> str | None:
        """The path that answers for an IRI on this server, None for one of elsewhere.

        >>> IriMap("https://e.org/").local("https://e.org/data/x/città")
        '/data/x/citt%C3%A0'
        """
        rest = iri[len(self.base) :] if iri.startswith(self._own) else rest_of(self.base, iri)
        return f"{self.prefix}/{encode(rest)}" if rest and rest.startswith(("data/", *self.DIRECT)) else None

    def data(self, rest: str) -> str:
        """The IRI of the resource below ``/data/``, ``/page/`` or ``/doc/``."""
        return f"{self.base}data/{rest}"

    def link(self, iri: str) -> str | None:
        """Where a page links to for an IRI of ours: past the redirect, to the page itself.

        >>> IriMap("https://e.org/").link("https://e.org/data/x/y"), IriMap("https://e.org/").link("https://w3.org/")
        ('/page/x/y', None)
        """
        path = self.local(iri)
        return self._page + path[len(self._data) :] if path and path.startswith(self._data) else path
