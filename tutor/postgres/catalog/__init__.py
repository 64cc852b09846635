"""What a database consists of, as values, and how two of them differ."""
