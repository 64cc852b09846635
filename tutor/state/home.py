"""Where the tutor keeps its own state, outside every learner's project.

One environment variable, `ALEMBIC_TUTOR_HOME`, moves all of it.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from tutor.errors import DiskError

VARIABLE = "ALEMBIC_TUTOR_HOME"


def home() -> Path:
    """Return the folder of all state: `$ALEMBIC_TUTOR_HOME`, else the platform's data folder."""
    if moved := os.environ.get(VARIABLE):
        return Path(moved).expanduser().absolute()
    import platformdirs  # noqa: PLC0415 - not paid for where the variable says where to look

    return Path(platformdirs.user_data_dir("alembic-tutor", appauthor=False))


def workspace_home(workspace_id: str) -> Path:
    """Return the folder that holds everything the tutor keeps for one workspace."""
    return home() / "workspaces" / workspace_id


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make a folder; take every right beyond `mode` from it, and from those above it.

    Only folders that belong to one workspace are closed, those of an older tutor as well. The
    outermost one can always be passed through (0711): where root runs the tutor, the server below
    it belongs to another user.
    """
    folder.mkdir(parents=True, exist_ok=True)
    all_workspaces = workspace_home("")
    for level in (folder, *folder.parents):
        if all_workspaces in level.parents:
            allowed = 0o711 if level.parent == all_workspaces else mode
            present = stat.S_IMODE(level.stat().st_mode)
            if os.name == "posix" and present & ~allowed:
                level.chmod(present & allowed)


def write_atomically(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Replace a file's text so that a reader, or a crash, sees the old text or the new.

    Raises DiskError.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise DiskError(error, path) from error


def write_json(path: Path, value: Any) -> None:
    """Replace a JSON file atomically."""
    write_atomically(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Return a JSON file's value; raises FileNotFoundError, or ValueError where it is damaged."""
    return json.loads(path.read_text(encoding="utf-8"))
