"""Alembic's command line, and the graph of the revisions."""

from __future__ import annotations

import dis
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
            "upgrade_empty": _is_empty(script.module, "upgrade"),
            "downgrade_empty": _is_empty(script.module, "downgrade"),
        }
        for script in reversed(list(scripts.walk_revisions()))
    ]


def _is_empty(module: Any, name: str) -> bool:
    """Tell whether a function of a revision does nothing, wherever and however it is defined.

    Code that calls nothing changes nothing: `pass`, a docstring, a bare return.
    """
    function = getattr(module, name, None)
    if function is None:
        return True
    code = getattr(function, "__code__", None)
    return code is not None and not any(
        step.opname.startswith(("CALL", "IMPORT", "RAISE")) for step in dis.get_instructions(code)
    )


def _tuple(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
