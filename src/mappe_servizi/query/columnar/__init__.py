"""Questions about figures, answered by DuckDB from a release's Parquet."""
