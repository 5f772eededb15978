"""A bounded cache of whole responses, least recently used first out."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

Key = tuple[bytes, ...]
Headers = list[tuple[bytes, bytes]]
OVERHEAD = 1024  # bytes that an entry takes beyond its body, about


@dataclass(frozen=True, slots=True)
class Entry:
    """A response as it goes out."""

    status: int
    headers: Headers
    body: bytes
    etag: str
    route: str


class ResponseCache:
    """Responses of one release: a new release brings a new cache."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.size = capacity, 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Entry | None:
        """A response, noted as used."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep a response; one that takes more than an eighth of the cache is not kept."""
        weight = self._weight(key, entry)
        if weight > self.capacity // 8:
            return
        if (old := self._entries.pop(key, None)) is not None:
            self.size -= self._weight(key, old)
        self._entries[key] = entry
        self.size += weight
        while self.size > self.capacity:
            oldest, gone = self._entries.popitem(last=False)
            self.size -= self._weight(oldest, gone)

    @staticmethod
    def _weight(key: Key, entry: Entry) -> int:
        return len(entry.body) + sum(map(len, key)) + OVERHEAD
