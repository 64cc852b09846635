"""The tutor's PostgreSQL: servers, copies of databases, catalog, rows, probe inserts, journal.

The only package that talks to PostgreSQL. It knows nothing of lessons or of the learner's files.
"""
