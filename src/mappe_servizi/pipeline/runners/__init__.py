"""Where stages run: one module a kind of place. A runner maps a function over items, in their order."""
