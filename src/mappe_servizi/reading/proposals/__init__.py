"""What a document's names most likely are: proposals for the curated tables, each with how sure it is."""
