"""Evidence as plain values: what was found, without how it was found. Nothing here does I/O."""
