"""From inputs to records to a release, stage by stage."""
