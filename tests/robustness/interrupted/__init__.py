"""kill -9 and Ctrl-C at any moment."""
