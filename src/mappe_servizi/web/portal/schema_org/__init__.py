"""schema.org's JSON-LD of the pages: one file a kind of thing."""
