"""An exception in the learner's code, as data: what kind, where, and what the database said."""

from __future__ import annotations

import re
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .redirect import RefusedConnectionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

# Characters kept of a message, a statement, a traceback.
_MESSAGE, _STATEMENT, _TRACEBACK = 2_000, 4_000, 20_000
_DRIVERS = {"asyncpg", "psycopg", "psycopg2", "pg8000"}
_SQLSTATE_LENGTH = 5


def describe(error: BaseException) -> dict[str, Any]:
    """Return the exception as the fields of the parent's `LearnerCodeError`."""
    chain = list(_chain(error))
    file, line, function = _place(chain)
    facts: dict[str, Any] = {"file": file, "line": line, "message": _headline(error)}
    if refused := next((link for link in chain if isinstance(link, RefusedConnectionError)), None):
        facts |= {"kind": "refused", "message": str(refused)}
    elif isinstance(error, SyntaxError):
        facts |= {"kind": "syntax", "message": f"{type(error).__name__}: {error.msg}"}
        facts |= {"file": relative_path(error.filename or ""), "line": error.lineno}
    elif isinstance(error, SystemExit):
        facts |= {"kind": "exit", "message": f"the code ends the process: sys.exit({error.code!r})"}
    elif database := _database_facts(chain):
        facts |= database | {"kind": "database"}
    elif _comes_from(error, "alembic"):
        # The place would be env.py, through which every command goes.
        facts |= {"kind": "alembic", "message": _text(error), "file": None, "line": None}
    elif isinstance(error, ImportError) or function == "<module>":
        facts["kind"] = "import"
    else:
        facts["kind"] = "sqlalchemy" if _comes_from(error, "sqlalchemy") else "crash"
    facts["message"] = facts["message"][:_MESSAGE]
    facts["traceback"] = "".join(traceback.format_exception(error))[-_TRACEBACK:]
    return facts


def describe_text(text: str) -> dict[str, Any]:
    """Return the same fields for an exception of which only the printed traceback is left."""
    places = [
        (file, int(line))
        for path, line in re.findall(r'^  File "(.+)", line (\d+)', text, re.MULTILINE)
        if (file := relative_path(path))
    ]
    file, line = places[-1] if places else (None, None)
    message = text.strip().rpartition("\n")[2][:_MESSAGE]
    facts = {"kind": "crash", "message": message, "file": file, "line": line}
    return facts | {"traceback": text[-_TRACEBACK:]}


def where() -> dict[str, Any]:
    """Return the file and line of the learner's code that is being run, in any thread."""
    frames = sys._current_frames()  # noqa: SLF001 - the documented way to see other threads
    main = threading.main_thread().ident
    for ident in sorted(frames, key=lambda ident: ident != main):
        frame: FrameType | None = frames[ident]
        while frame is not None:
            if file := relative_path(frame.f_code.co_filename):
                return {"file": file, "line": frame.f_lineno}
            frame = frame.f_back
    return {"file": None, "line": None}


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and what it came from, the driver's own exceptions included."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop(0)
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [getattr(link, "orig", None), link.__cause__, link.__context__]


def _place(chain: list[BaseException]) -> tuple[str | None, int | None, str | None]:
    """Return file, line and function of the last of the learner's lines on the way to the error."""
    for link in chain:
        found = None
        for frame, line in _walk(link.__traceback__):
            if file := relative_path(frame.f_code.co_filename):
                found = file, line, frame.f_code.co_name
        if found:
            return found
    return None, None, None


def _walk(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    return traceback.walk_tb(trace)


def relative_path(file: str) -> str | None:
    """Return the path below the workspace, POSIX style; None for a file that is not part of it."""
    root, path = Path.cwd().resolve(), Path(file).resolve()
    if not path.is_relative_to(root) or path.is_relative_to(root / ".venv"):
        return None
    return path.relative_to(root).as_posix() if path.is_file() else None


def _headline(error: BaseException) -> str:
    first = _text(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an exception of the learner's may fail to say anything
        return ""


def _comes_from(error: BaseException, package: str) -> bool:
    return type(error).__module__.partition(".")[0] == package


def _database_facts(chain: list[BaseException]) -> dict[str, Any] | None:
    """Return what the server said, or why it could not be asked; None for other errors."""
    statement = next((s for link in chain if (s := getattr(link, "statement", None))), None)
    facts: dict[str, Any] = {} if statement is None else {"statement": str(statement)[:_STATEMENT]}
    for link in chain:
        state = getattr(link, "sqlstate", None)
        if isinstance(state, str) and len(state) == _SQLSTATE_LENGTH:
            # SQLAlchemy's wrapper has some of the fields, the driver's own exception all.
            said = _said_by_server(link) | _said_by_server(link.__cause__)
            message = said.pop("message", None) or _text(link).partition("\n")[0]
            return facts | {"sqlstate": state, "message": message, "detail": said}
    for link in chain:
        unreachable = isinstance(link, OSError) and any(
            frame.f_globals.get("__name__", "").partition(".")[0] in _DRIVERS
            for frame, _ in _walk(link.__traceback__)
        )
        if unreachable or hasattr(link, "orig"):
            return facts | {"message": _headline(getattr(link, "orig", None) or link)}
    return None


def _said_by_server(error: BaseException | None) -> dict[str, str]:
    """Return the fields of the server's message; asyncpg has them itself, psycopg in `diag`."""
    source = getattr(error, "diag", error)
    fields = {
        "message": ("message_primary", "message"),
        "detail": ("message_detail", "detail"),
        "hint": ("message_hint", "hint"),
        "schema": ("schema_name",),
        "table": ("table_name",),
        "column": ("column_name",),
        "constraint": ("constraint_name",),
    }
    return {
        field: str(value)
        for field, names in fields.items()
        if (value := next((v for n in names if (v := getattr(source, n, None))), None))
    }
