"""Take a workspace away."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tutor.postgres import providers
from tutor.session.context import server_folder, workspace_lock
from tutor.workspace.environment.venv import remove_environment

if TYPE_CHECKING:
    from tutor.workspace.folder import Workspace


def remove(workspace: Workspace, *, files: bool) -> tuple[str, ...]:
    """Take away the server, its data and the tutor's state; return what was done, in sentences.

    Also where they are damaged, or were never finished. Raises CannotActError, with nothing taken
    away, where the folder cannot be written to.
    """
    workspace.require_writable(files=files)
    providers.discard(server_folder(workspace))
    remove_environment(workspace.root)
    workspace.remove(files=files)
    shutil.rmtree(workspace.home, ignore_errors=True)
    kept = "its files were deleted" if files else "its files stay"
    return (
        "The server, its data and the tutor's records of this workspace are gone.",
        f"{workspace.root} is no longer a workspace of the tutor; {kept}.",
    )


def remove_abandoned(workspace: Workspace) -> str:
    """Delete the database and the records of a workspace without a folder; return what was done."""
    with workspace_lock(workspace.home):
        providers.discard(server_folder(workspace))
    shutil.rmtree(workspace.home, ignore_errors=True)
    return f"The server, the data and the records of {workspace.root} are gone."
