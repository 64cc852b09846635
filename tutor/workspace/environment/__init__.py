"""The workspace's Python environment, shell and credentials."""
