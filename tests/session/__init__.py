"""Whole sessions, through the command line, on a real PostgreSQL."""
