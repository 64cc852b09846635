"""What each command does, without drawing: every function takes the context of one workspace."""
