"""What was committed to the live database, read from the server's log."""
