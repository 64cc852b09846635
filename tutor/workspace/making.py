"""A workspace in the making. Its mark comes last, so that a killed start is known for what it is.

Until then `.tutor/making.json` says which workspace the folder is to become.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.errors import CannotActError, UsageError
from tutor.state import home as state_home
from tutor.workspace import identity

if TYPE_CHECKING:
    from pathlib import Path


_OWN = (identity.MARK, identity.NOTE, ".gitignore")
_OWN_PARTS = ("write-", *(f".{name}." for name in _OWN))
"""How files begin that are only half written."""


class UnfinishedWorkspaceError(CannotActError):
    """The folder is a workspace that is still being made, or whose making was interrupted."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"The workspace {root} is not finished: making it was interrupted, or goes on in "
            "another terminal.",
            "Run `tutor next`, which makes it.",
        )
        self.root = root


def begin(root: Path, workspace_id: str) -> None:
    """Note that the folder is to become this workspace; the first thing that is put into it."""
    (root / identity.FOLDER).mkdir(exist_ok=True)
    state_home.write_json(root / identity.FOLDER / identity.NOTE, {"id": workspace_id})
    identity.record(root, workspace_id)


def finish(root: Path, workspace_id: str) -> None:
    """Make the folder the workspace it was to become."""
    identity.mark(root, workspace_id)
    (root / identity.FOLDER / identity.NOTE).unlink(missing_ok=True)


def unfinished(root: Path) -> tuple[bool, str | None]:
    """Tell whether a folder was left in the making, and the id that it was to get, if any is noted.

    A folder with nothing but an empty `.tutor` was left before the note was written.
    """
    folder = root / identity.FOLDER
    if not folder.is_dir() or identity.is_marked(root):
        return False, None
    try:
        workspace_id = state_home.read_json(folder / identity.NOTE)["id"]
    except (OSError, ValueError, KeyError, TypeError):
        bare = all(path.name.startswith(f".{identity.NOTE}.") for path in folder.iterdir())
        return bare and [path.name for path in root.iterdir()] == [folder.name], None
    return identity.is_id(workspace_id), workspace_id


def is_ours(root: Path) -> bool:
    """Tell whether a folder is, was or is to become a workspace; others have a `.tutor`, too."""
    folder = root / identity.FOLDER
    if not folder.is_dir():
        return False
    return identity.is_marked(root) or all(
        path.name in _OWN or path.name.startswith(_OWN_PARTS) for path in folder.iterdir()
    )


def refuse_without_mark(start: Path) -> None:
    """Refuse a `start` that lies in a folder with `.tutor` in it, which is no workspace yet.

    Raises UnfinishedWorkspaceError for one that was left in the making, else UsageError.
    """
    root = next((folder for folder in (start, *start.parents) if is_ours(folder)), None)
    if root is None:
        return
    if unfinished(root)[0]:
        raise UnfinishedWorkspaceError(root)
    raise UsageError(
        f"{root / identity.FOLDER} does not hold the mark of a workspace, {identity.MARK}.",
        f"Delete that folder {identity.FOLDER}; then `tutor next` makes a new workspace.",
    )
