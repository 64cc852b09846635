"""Kinds of PostgreSQL server, one folder each."""
