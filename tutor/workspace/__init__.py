"""The learner's side: their folder, their interpreter, and the processes that run their code."""
