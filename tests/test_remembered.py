"""What is remembered takes no more than is counted."""

import gc
import sys
import tracemalloc
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappe_servizi.outputs.stemming import stem
from mappe_servizi.query.scan import scan
from mappe_servizi.remembered import CACHES, Kept, sizes
from mappe_servizi.web.http import negotiation
from mappe_servizi.web.sparql import endpoint

FILLERS: dict[str, tuple[Callable[[str], Any], list[str]]] = {
    "scan": (scan, ["x", "\U0001f600", "service<http://e/a>", "SERVICE:a{} "]),
    "accept": (negotiation.parse_accept, ["a", "a/b,", "a/b;c=d;e=f;", ";a=b"]),
    "weights": (lambda text: negotiation.choose_encoding(text, ("gzip",)), ["a", "a,", "gzip;q=1,"]),
    "formats": (lambda text: endpoint.negotiate("SELECT", ("json",), text), ["a", "a/b,"]),
    "stems": (stem, ["a", "zioni"]),
}
"""Who fills each cache, and with what; each text is another one."""


def test_every_cache_is_filled_here() -> None:
    assert CACHES.keys() == FILLERS.keys() == sizes().keys()


@pytest.mark.usefixtures("own_garbage")
@pytest.mark.parametrize("name", FILLERS)
def test_a_cache_takes_what_it_counts(name: str) -> None:
    function, units = FILLERS[name]
    cache = CACHES[name]
    numbers = count()
    for length in (10, 3000):
        for unit in units:
            texts = [f"{next(numbers)}/x," + unit * (length // len(unit)) for _ in range(30)]
            function(texts.pop())  # what is made once is not the cache's
            gc.collect()
            before, entries, table = sum(sizes().values()), len(cache), sys.getsizeof(cache._entries)
            tracemalloc.start()
            for text in texts:
                function(text)
            gc.collect()
            taken = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            taken -= sys.getsizeof(cache._entries) - table  # doubled at times, for as many entries again
            if len(cache) == entries + len(texts):  # nothing was thrown out
                assert taken < sum(sizes().values()) - before + 64 * 1024, (unit, length)
            assert cache.size <= cache.capacity


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 400)), max_size=200))
def test_the_count_is_exact(puts: list[tuple[int, int]]) -> None:
    kept: Kept[int, int] = Kept(1000, lambda key, value: value)
    for key, value in puts:
        kept.put(key, value)
        present = [found for number in range(31) if (found := kept.get(number)) is not None]
        assert kept.size == sum(present) <= 1000
        assert all(value <= 125 for value in present)


def test_nothing_counts_entries_only() -> None:
    """A cache of strangers' texts is one of ours; lru_cache is for what is ours."""
    ours = {"question.py", "texts.py", "terms.py", "meaning.py"}
    for name, module in sys.modules.items():
        if name.startswith(("mappe_servizi.web", "mappe_servizi.query", "mappe_servizi.releases")):
            for value in vars(module).values():
                if hasattr(value, "cache_info") and value.__module__ == name:
                    assert name.rpartition(".")[2] + ".py" in ours, (name, value)
