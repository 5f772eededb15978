"""Documents as they come, one module a kind: each to lines of text, or to records as they are."""
