"""The SPARQL protocol."""
