"""What a function costs as its input grows: the work of its thread, so that a busy machine changes little."""

import gc
import time
from collections.abc import Callable

FACTOR = 16
"""Of two inputs: what is in proportion costs 16 times, what is quadratic 256 times."""
ALLOWED = 4
"""Times the proportion: half way, on a scale of powers, to the quadratic."""
FLOOR = 0.002
"""Seconds below which a time says nothing."""


def seconds(run: Callable[[], object]) -> float:
    """The processor's time of this thread; what else the process holds is not the function's to collect."""
    gc.disable()
    try:
        started = time.thread_time()
        run()
        return time.thread_time() - started
    finally:
        gc.enable()


def assert_in_proportion(run: Callable[[int], object], size: int) -> None:
    """That an input `FACTOR` times as large as `size` costs no more than in proportion."""
    small = min(seconds(lambda: run(size)) for _ in range(3))
    most = FACTOR * ALLOWED * max(small, FLOOR)
    large = seconds(lambda: run(FACTOR * size))
    if large >= most:  # a pause of the machine happens once, what is quadratic every time
        large = min(large, seconds(lambda: run(FACTOR * size)))
    assert large < most, f"{small:.4f} s at {size}, {large:.4f} s at {FACTOR * size}"
