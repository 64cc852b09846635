"""The lessons' text: links, names, outputs, length."""
