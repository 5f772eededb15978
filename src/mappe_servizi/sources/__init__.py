"""Documents as they come, one module a kind: each to rows of cells with their places, or to records.

``block`` is the contract; a new kind is one new module with a ``KIND``.
"""
