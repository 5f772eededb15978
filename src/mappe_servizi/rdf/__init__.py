"""Namespaces, the builder of triples, files and serialisations: light, so that the server may import it."""
