"""Interfaces for programs: published queries, search, reconciliation, health."""
