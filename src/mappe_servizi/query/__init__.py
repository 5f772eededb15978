"""Running SPARQL queries on a release: scan, limits, worker processes, engines."""
