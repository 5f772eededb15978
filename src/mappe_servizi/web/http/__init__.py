"""A request's way in and out: connection, limits, cache, conditions, codings, negotiation, problems."""
