"""Whether what was read holds together: consistency, open decisions; SHACL for its RDF."""
