"""The step's questions: what is right, asking, and understanding an answer."""
