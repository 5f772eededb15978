"""``mappe add``: a municipality, or another edition of one, from the document that it has."""
