"""Validating a build's output once more: with other shapes, or another engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mappe_servizi.release.opened import open_release
from mappe_servizi.settings import Settings
from mappe_servizi.validation import Report, validate_files

VALIDATION_REPORT = Path("report") / "validation.ttl"


def validate_release(settings: Settings) -> Report:
    """Validate everything in a release; its own base is the one that counts.

    Raises:
        MappeError: there is no release, or a shape cannot be used.
    """
    release = open_release(settings.release)
    return validate_files([release.dump], replace(settings, base_uri=release.base_uri))
