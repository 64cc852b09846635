"""Runs the learner's code in child processes."""
