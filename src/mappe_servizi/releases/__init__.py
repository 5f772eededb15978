"""A build's directory: written whole, published at once, opened by those who read it.

Importing this loads only what readers need; ``mappe_servizi.pipeline.build`` is for builders.
"""

from mappe_servizi.releases.opened import Release, open_release

__all__ = ["Release", "open_release"]
