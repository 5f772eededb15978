"""What is remembered of what strangers send: bounded in bytes, and counted here.

A cache that is bounded in entries is as large as those who fill it like.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")
SHARE = 8
"""The part of a cache that one entry may take at most."""


class Kept(Generic[Key, Value]):
    """Values by key, the least recently used first out. Used from any thread.

    Attributes:
        capacity: bytes that all may take.
        size: bytes that they take.
    """

    def __init__(self, capacity: int, weigh: Callable[[Key, Value], int]) -> None:
        self.capacity, self.size = capacity, 0
        self._weigh = weigh
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Value | None:
        """A value, noted as used."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: Value) -> None:
        """Keep a value; one that takes more than an eighth of the capacity is not kept."""
        weight = self._weigh(key, value)
        if weight > self.capacity // SHARE:
            return
        with self._lock:
            if (old := self._entries.pop(key, None)) is not None:
                self.size -= old[1]
            self._entries[key] = value, weight
            self.size += weight
            while self.size > self.capacity:
                _, (_, gone) = self._entries.popitem(last=False)
                self.size -= gone


CACHES: dict[str, Kept[tuple[object, ...], tuple[object]]] = {}
"""The caches of functions, by name."""


def remembered(
    name: str, capacity: int
) -> Callable[[Callable[Arguments, Value]], Callable[Arguments, Value]]:
    """A decorator: results are remembered by the arguments, which are hashable and given in order.

    Args:
        name: of the cache, in ``CACHES``.
        capacity: bytes that arguments and results may take.

    >>> @remembered("example", 4096)
    ... def twice(text: str) -> str:
    ...     return text * 2
    >>> twice("ab"), CACHES["example"].size > 0, len(twice("a" * 9999)), len(CACHES.pop("example"))
    ('abab', True, 19998, 1)
    """

    def decorate(function: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
        kept: Kept[tuple[object, ...], tuple[object]] = Kept(capacity, lambda k, v: bytes_of(k) + bytes_of(v))
        CACHES[name] = kept

        @wraps(function)
        def remembering(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
            assert not kwargs, "what is remembered is found by positions"
            found = kept.get(args)
            if found is None:
                found = (function(*args, **kwargs),)
                kept.put(args, found)
            return found[0]  # type: ignore[return-value]

        return remembering

    return decorate


def sizes() -> dict[str, int]:
    """The bytes that each cache takes, by name."""
    return {name: kept.size for name, kept in CACHES.items()}


ENTRY = 200
"""Bytes of an entry of the dictionary and of the tuple in it, about."""


def bytes_of(value: object) -> int:
    """The memory that a value of plain types takes, with what is in it.

    >>> bytes_of("a" * 1000) > 1000, bytes_of(({"a" * 1000: ("b" * 1000,)},)) > 2000
    (True, True)
    """
    size = sys.getsizeof(value)
    if isinstance(value, Mapping):
        return ENTRY + size + sum(bytes_of(k) + bytes_of(v) for k, v in value.items())
    if isinstance(value, (tuple, list, frozenset, set)):
        return ENTRY + size + sum(map(bytes_of, value))
    if is_dataclass(value) and not isinstance(value, type):
        return ENTRY + size + sum(bytes_of(getattr(value, item.name)) for item in fields(value))
    return size
