"""One module a verb, each with its `command`. What a verb needs it imports when it runs."""
