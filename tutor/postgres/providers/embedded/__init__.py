"""The tutor's own PostgreSQL server, from the programs in the installed wheel."""
