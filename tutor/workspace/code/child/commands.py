"""The mode `commands`: Alembic and the models, one request after the other in one process.

Every request reads the learner's files anew, as `python -m alembic` would: only the libraries stay.
"""

from __future__ import annotations

import gc
import importlib
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .failure import describe, relative_path
from .locks import Locks
from .redirect import Redirect
from .wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Answer requests until the parent hangs up."""
    wire = Wire()
    calls = _load()
    redirect = Redirect()
    redirect.install()
    locks = Locks()
    locks.install()
    libraries = set(sys.modules)
    search_path = [str(Path.cwd()), *sys.path]
    # From here on only the learner's modules are new; a check leaves no __pycache__ behind.
    sys.dont_write_bytecode = True
    gc.enable()  # see __main__
    wire.ready()
    for request in wire.requests():
        answer: dict[str, Any] = {"number": request["number"]}
        sys.path[:] = search_path
        redirect.aim(request["live"], request["copy"])
        try:
            # Entering forgets which warnings were shown: each command shows its own again.
            with warnings.catch_warnings():
                answer["value"] = calls[request["call"]](request)
        except BaseException as error:  # noqa: BLE001 - also SystemExit: it is the learner's code
            answer["error"] = describe(_cause_of_exit(error))
        _forget_learner(libraries)
        redirect.release()
        answer["locks"] = locks.take()
        answer["output"] = wire.printed.take()
        wire.send(answer)


def _load() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """Import Alembic and the drivers, while no file of the learner's can be in their way."""
    importlib.import_module("asyncpg")

    from . import (  # noqa: PLC0415 - once the standard streams are captured
        drift,
        metadata,
        migrations,
        rows,
        seen,
    )

    return {
        "alembic": lambda request: migrations.run(request["argv"]),
        "create_models": lambda request: metadata.create_models(request["copy"]),
        "drift": lambda _request: drift.drift(),
        "seen_tables": lambda _request: seen.seen_tables(),
        "revisions": lambda _request: migrations.revisions(),
        "send_rows": lambda request: rows.send_rows(request["copy"]),
    }


def _forget_learner(libraries: set[str]) -> None:
    """Forget the modules of the workspace, so that the next request sees their files as they are.

    `libraries` are known not to be of the workspace.
    """
    for name in set(sys.modules) - libraries:
        module = sys.modules[name]
        if relative_path(getattr(module, "__file__", None) or ""):
            del sys.modules[name]
    importlib.invalidate_caches()


def _cause_of_exit(error: BaseException) -> BaseException:
    """Return Alembic's own error where Alembic's command line ended on it."""
    cause = error.__context__
    if isinstance(error, SystemExit) and type(cause).__module__.partition(".")[0] == "alembic":
        return cause or error
    return error
