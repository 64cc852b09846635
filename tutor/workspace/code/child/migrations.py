"""Alembic's command line, and the graph of the revisions."""

from __future__ import annotations

import os
from traceback import walk_tb
from typing import Any

from alembic.config import CommandLine, Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError


def config() -> Config:
    """Return the configuration of the workspace, as `python -m alembic` reads it."""
    line = CommandLine(prog="alembic")
    options = line.parser.parse_args(["current"])
    return Config("alembic.ini", toml_file="pyproject.toml", cmd_opts=options)


def run(argv: list[str]) -> None:
    """Do what `python -m alembic ARGV` does; raises what it would end on.

    Raises CommandError for arguments that it does not understand, where the command line would
    show its usage and exit.
    """
    try:
        CommandLine(prog="alembic").main(argv)
    except SystemExit as end:
        if end.code in (None, 0):  # --help, --version
            return
        last = list(walk_tb(end.__traceback__))[-1][0]
        if last.f_globals.get("__name__") == "argparse":
            raise CommandError(f"alembic does not understand: {' '.join(argv)}") from None
        raise


def revisions() -> list[dict[str, Any]]:
    """Return every revision, bases first, without running env.py."""
    scripts = ScriptDirectory.from_config(config())
    heads = set(scripts.get_heads())
    return [
        {
            "id": script.revision,
            "down": _tuple(script.down_revision),
            "depends_on": _tuple(script.dependencies),
            "file": os.path.relpath(script.path).replace(os.sep, "/"),
            "message": script.doc,
            "is_head": script.revision in heads,
        }
        for script in reversed(list(scripts.walk_revisions()))
    ]


def _tuple(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
