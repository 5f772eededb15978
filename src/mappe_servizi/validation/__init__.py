"""Validation of RDF with SHACL."""

from mappe_servizi.validation.engines import validate
from mappe_servizi.validation.inputs import read_data, read_shapes
from mappe_servizi.validation.report import Report, Result

__all__ = ["Report", "Result", "read_data", "read_shapes", "validate"]
