"""Documents to records. Knows no RDF."""
