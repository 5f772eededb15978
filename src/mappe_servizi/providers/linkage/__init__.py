"""Linkage: the same organisation in two lists, by splink on DuckDB, with decisions kept as data."""
