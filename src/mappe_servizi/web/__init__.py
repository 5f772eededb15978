"""HTTP: routes, negotiation, pages. Thin over the query engines and the release."""
