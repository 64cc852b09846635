"""Compares values with what a step asks for, without I/O."""
