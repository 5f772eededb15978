"""Which shapes a catalogue is checked by; apart from the checking, which needs packages of an extra."""

from typing import Final

CATALOGUE_SHAPES: Final = "catalogue.ttl"
"""The rules of DCAT-AP_IT."""
