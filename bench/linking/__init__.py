"""Training and measuring the linkage of organisations on real lists with known truth."""
