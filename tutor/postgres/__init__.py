"""The tutor's PostgreSQL: servers, copies of databases, catalog, rows, trial rows, journal.

The only package that talks to PostgreSQL. It knows nothing of lessons or of the learner's files.
"""
