"""What the learner's env.py hands to autogenerate, found without a database."""

from __future__ import annotations

from io import StringIO
from typing import Any

from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

from .migrations import config


def seen_tables() -> list[str] | None:
    """Return the names of the tables in env.py's target_metadata; None where there is none of it.

    Runs env.py as `--sql` does, with nothing to write.
    """
    configuration = config()
    configuration.output_buffer = StringIO()
    scripts = ScriptDirectory.from_config(configuration)
    environment = EnvironmentContext(
        configuration, scripts, fn=lambda _rev, _context: [], as_sql=True, destination_rev="base"
    )
    with environment:
        scripts.run_env()
    return _names(environment.get_context().opts.get("target_metadata"))


def _names(target: Any) -> list[str] | None:
    if target is None:
        return None
    metadatas = [target] if isinstance(target, MetaData) else list(target)
    return [table.name for metadata in metadatas for table in metadata.sorted_tables]
