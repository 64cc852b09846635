"""Probe inserts: what a table accepts and what it refuses."""
