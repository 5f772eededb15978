"""Documents to records. Knows no RDF."""

from mappe_servizi.document.reader import read_document

__all__ = ["read_document"]
