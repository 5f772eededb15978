"""What is served: the current release, its engine, and what is asked of it."""
