"""What a session hands to the command line: values that are shown, never printed from here."""
