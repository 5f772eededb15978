"""The open decisions of a municipality's tables, row by row."""
