"""Make a workspace, give it a database of its own, take it away."""
