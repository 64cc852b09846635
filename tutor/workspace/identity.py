"""Which workspace a folder is: its mark, and how a moved one is told from a copied one.

The mark `.tutor/workspace.json` travels with the folder; the record in the state home says where
the folder was last seen, and which one it was (device and inode of `.tutor`).
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from tutor.errors import CannotActError, StateLostError
from tutor.state import home as state_home

FOLDER = ".tutor"
MARK = "workspace.json"
NOTE = "making.json"
FORMAT = 1


class CopiedWorkspaceError(CannotActError):
    """The folder is a copy of a workspace that still exists; the database belongs to that one."""

    def __init__(self, root: Path, original: Path) -> None:
        super().__init__(
            f"{root} is a copy of the workspace {original}, and the database belongs to that one.",
            "Run `tutor start .` here to give the copy a database of its own.",
        )
        self.root = root
        self.original = original


def is_marked(folder: Path) -> bool:
    """Tell whether `folder` is a workspace's root, also where only its record still says so."""
    inside = folder / FOLDER
    if (inside / MARK).is_file():
        return True
    return inside.is_dir() and not (inside / NOTE).exists() and _recorded(folder) is not None


def is_id(value: object) -> bool:
    """Tell whether a value is 8 hex digits: it becomes a folder's name and part of databases'."""
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}", value) is not None


def read_id(root: Path) -> str:
    """Return the workspace's id from its mark; one that is lost or damaged is written anew.

    Raises CannotActError where no record of the folder tells what stood there, and for a mark
    written by a newer tutor.
    """
    path = root / FOLDER / MARK
    try:
        mark = _read(path)
    except CannotActError:
        mark = {}
    written_as = mark.get("format")
    if isinstance(written_as, int) and written_as > FORMAT:
        raise CannotActError(
            f"The workspace {root} was made by a newer version of the tutor.",
            "Upgrade the tutor, for example `pip install --upgrade alembic-tutor`, and try again.",
        )
    workspace_id = mark.get("id")
    if isinstance(workspace_id, str) and is_id(workspace_id):
        return workspace_id
    known = _recorded(root)
    if known is None:
        raise CannotActError(
            f"The workspace's mark {path} is damaged.",
            'It should read {"format": 1, "id": "…"} with the 8 hex digits that name this '
            f"workspace's folder in {state_home.home() / 'workspaces'}.",
        )
    _write_mark(root, known)
    return known


def new_id() -> str:
    """Return an id that no workspace has: 8 hex digits."""
    return os.urandom(4).hex()


def mark(root: Path, workspace_id: str) -> None:
    """Make `root` the workspace of this id.

    A mark that it carries already is replaced: that is how a copy becomes a workspace.
    """
    # The record first: a mark without a record would be a workspace that lost its state.
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    home = state_home.workspace_home(workspace_id)
    begun = home.exists()
    try:
        record(root, workspace_id)
        _write_mark(root, workspace_id)
    except BaseException:
        if not begun:
            shutil.rmtree(home, ignore_errors=True)
        raise


def unmark(root: Path) -> None:
    """Make `root` an ordinary folder again; its files stay."""
    shutil.rmtree(root / FOLDER, ignore_errors=True)


def recognise(root: Path, workspace_id: str) -> None:
    """Hold the folder against the record of where this workspace was last seen.

    A moved one is recorded at its new place. Raises CopiedWorkspaceError for a copy,
    StateLostError where the record is missing, CannotActError where it is damaged.
    """
    path = _record_path(workspace_id)
    if not path.is_file():
        raise StateLostError(
            f"The tutor's state for the workspace {root} is missing: {path.parent} is not there. "
            f"(Where you moved the tutor's state, set {state_home.VARIABLE} to its folder.)"
        )
    record = _read(path)
    seen = _identify(root)
    if record == seen:
        return
    same_folder = all(record.get(key) == seen[key] for key in ("device", "inode"))
    old = Path(str(record.get("root")))
    if not same_folder and old != root and _carries(old, workspace_id):
        raise CopiedWorkspaceError(root, old)
    state_home.write_json(path, seen)


def record(root: Path, workspace_id: str) -> None:
    """Note in the state home where this workspace is."""
    state_home.write_json(_record_path(workspace_id), _identify(root))


def abandoned() -> list[tuple[Path | None, str]]:
    """Return the workspaces, root and id, whose state is there and whose folder is not.

    The folder was deleted or moved. The root is None where the record of it is lost, too.
    """
    found: list[tuple[Path | None, str]] = []
    for workspace_id in _known_ids():
        root = _recorded_root(workspace_id)
        if root is None or not (_carries(root, workspace_id) or _is_making(root, workspace_id)):
            found.append((root, workspace_id))
    return found


def _known_ids() -> list[str]:
    folder = state_home.workspace_home("")
    return sorted(path.name for path in folder.glob("*") if is_id(path.name))


def _recorded_root(workspace_id: str) -> Path | None:
    try:
        return Path(str(_read(_record_path(workspace_id))["root"]))
    except (CannotActError, KeyError):
        return None


def _recorded(root: Path) -> str | None:
    """Return the id of the workspace whose record names this very folder, at this very place.

    The inode alone would not do: a new folder may get that of a deleted one.
    """
    seen = _identify(root.resolve())
    for workspace_id in _known_ids():
        with suppress(CannotActError):
            if _read(_record_path(workspace_id)) == seen:
                return workspace_id
    return None


def _write_mark(root: Path, workspace_id: str) -> None:
    folder = root / FOLDER
    state_home.write_atomically(folder / ".gitignore", "*\n", mode=0o644)
    state_home.write_json(folder / MARK, {"format": FORMAT, "id": workspace_id})


def _record_path(workspace_id: str) -> Path:
    return state_home.workspace_home(workspace_id) / MARK


def _identify(root: Path) -> dict[str, str | int]:
    """Return where the folder is and which one it is; renaming keeps device and inode."""
    status = (root / FOLDER).stat()
    return {"root": str(root), "device": status.st_dev, "inode": status.st_ino}


def _carries(root: Path, workspace_id: str) -> bool:
    """Tell whether the folder carries the mark of this very workspace."""
    try:
        return is_marked(root) and read_id(root) == workspace_id
    except CannotActError:
        return False


def _is_making(root: Path, workspace_id: str) -> bool:
    try:
        return _read(root / FOLDER / NOTE).get("id") == workspace_id
    except CannotActError:
        return False


def _read(path: Path) -> dict[str, object]:
    """Return a JSON object; raises CannotActError for anything else."""
    try:
        value = state_home.read_json(path)
    except (OSError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise CannotActError(
            f"The file {path} cannot be read as the tutor wrote it.",
            "Restore it from a copy, or make a new workspace with `tutor next` in another folder.",
        )
    return value
