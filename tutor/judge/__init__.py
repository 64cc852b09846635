"""Judging: evidence is gathered lazily, rules turn it into findings, grade adds them up."""
