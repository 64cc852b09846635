"""Gathers the values that a verdict needs: the only part of the judge with I/O."""
