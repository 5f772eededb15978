"""What is remembered of what strangers send: bounded in bytes, and counted here.

A cache that is bounded in entries is as large as those who fill it like.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar, cast

Key = TypeVar("Key")
Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")
SHARE = 8
"""The part of a cache that one entry may take at most."""
ENTRY = 512
"""Bytes of an entry beyond its texts, about."""


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
        found = self._entries.get(key)
        if found is None:
            return None
        try:  # noqa: SIM105  # a context manager takes longer than all the rest
            self._entries.move_to_end(key)
        except KeyError:  # another thread has just thrown it out
            pass
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


def _taken(argument: object) -> int:
    """The memory of an argument, with that of a tuple's members."""
    members = sum(map(_taken, argument)) if isinstance(argument, tuple) else 0
    return sys.getsizeof(argument) + members


CACHES: dict[str, Kept[tuple[Any, ...], tuple[Any]]] = {}
"""The caches of functions, by name."""


def remembered(
    name: str, capacity: int, times: int
) -> Callable[[Callable[Arguments, Value]], Callable[Arguments, Value]]:
    """A decorator: results are remembered by the arguments, which are hashable and given in order.

    Args:
        name: of the cache, in ``CACHES``.
        capacity: bytes that arguments and results may take.
        times: how many times the memory of the arguments both take at most; to look into each
            result would take longer than to make it.

    >>> @remembered("example", 16384, times=3)
    ... def twice(text: str) -> str:
    ...     return text * 2
    >>> twice("ab"), CACHES["example"].size > 0, len(twice("a" * 9999)), len(CACHES.pop("example"))
    ('abab', True, 19998, 1)
    """

    def weigh(key: tuple[Any, ...], value: tuple[Any]) -> int:
        return ENTRY + times * sum(map(_taken, key))

    def decorate(function: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
        kept = CACHES[name] = Kept[tuple[Any, ...], tuple[Any]](capacity, weigh)

        @wraps(function)
        def remembering(*args: Any) -> Any:
            found = kept.get(args)
            if found is None:
                found = (cast("Callable[..., Any]", function)(*args),)
                kept.put(args, found)
            return found[0]

        return cast("Callable[Arguments, Value]", remembering)

    return decorate


def sizes() -> dict[str, int]:
    """The bytes that each cache takes, by name."""
    return {name: kept.size for name, kept in CACHES.items()}
