"""The Alembic tutor: learn migrations by doing them, judged by a live PostgreSQL."""

__version__ = "0.1.0"
