"""Synthetic municipalities, for tests: the instance that `mappe synthesize` writes, and its build."""

from pathlib import Path

from helpers import mappe


def synthesized(place: Path, municipalities: int, *arguments: str) -> Path:
    """Write an instance; returns its directory."""
    done = mappe("synthesize", "--municipalities", str(municipalities), "--output", place, *arguments)
    assert done.returncode == 0, done.stderr
    return place


def built(instance: Path) -> Path:
    """Build an instance as its owner would; returns the link."""
    done = mappe("build", cwd=instance)
    assert done.returncode == 0, done.stderr
    return instance / "build" / "current"
