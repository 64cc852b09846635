"""The judge's pure part, on values written down here: no server, no files, no learner code."""
