"""A bounded cache of whole responses, least recently used first out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from mappe_servizi.remembered import Kept

Key = tuple[bytes, ...]
Headers = list[tuple[bytes, bytes]]
OVERHEAD = 1024  # bytes that an entry takes beyond its parts, about


@dataclass(frozen=True, slots=True)
class Entry:
    """A response as it goes out."""

    status: int
    headers: Headers
    body: bytes


class ResponseCache(Kept[Key, Entry]):
    """Responses of one release: a new release brings a new cache."""

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity, weight)


def weight(key: Key, entry: Entry) -> int:
    """The bytes of an entry."""
    texts = sum(map(len, chain(key, *entry.headers)))
    return len(entry.body) + texts + OVERHEAD
