"""Make a workspace."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from tutor.postgres import providers
from tutor.session.change.build import build
from tutor.session.context import Context, server_folder, workspace_lock
from tutor.session.opening import open_context
from tutor.state.home import home
from tutor.state.lock import locked
from tutor.state.progress import Progress
from tutor.workspace.environment.target import target_of
from tutor.workspace.environment.venv import ensure_environment
from tutor.workspace.folder import Workspace, is_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def start_workspace(
    target: Path,
    *,
    postgres: str = providers.EMBEDDED,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Context]:
    """Make a workspace in `target`, and hold its lock: files, environment, migrated database.

    A copied workspace, or one whose state was lost, gets a database of its own. `say` gets a
    sentence for each stage. Raises UsageError where `target` cannot become a workspace or for an
    unknown kind of server, CannotActError where the disk or the server fails.
    """
    providers.require_known(postgres)
    with ExitStack() as held:
        if is_workspace(target):
            from tutor.session.make.adopting import adopt  # noqa: PLC0415 - seldom needed

            yield adopt(target, held, say)
            return
        last = Workspace.last_used()
        with locked(home(), "lock", say=say):  # two first commands at once
            workspace = _claim(target, held, say)
        if workspace is None:
            yield held.enter_context(open_context(target, say=say))
            return
        context = Context(workspace)
        if last is not None:
            context.notices.append(f"This is a new workspace. You have another one: {last.root}")
        _make(context, postgres, held, say)
        yield context


def _make(context: Context, postgres: str, held: ExitStack, say: Callable[[str], None]) -> None:
    """Make all but the files; what was made is taken away again where a stage fails."""
    workspace = context.workspace
    try:
        context.notices += [*_abandoned(), *ensure_environment(workspace.root)]
        say("Starting a PostgreSQL of its own (no Docker needed)")
        workspace.write_env(target_of(providers.create(postgres, server_folder(workspace))))
        say("Running the first migration and filling in some rows")
        held.enter_context(context.server.stay_connected())
        first = context.course.step_ids[0]
        built = build(context, first, workspace.managed_files()[".env"])
        state = context.keep(built.files, built.database)
        context.copies.make_live(built.database, f"tutor_{workspace.id}_aside_0")
        context.save(Progress.begun_at(first, state, context.journal.last()))
        workspace.adopt()
        workspace.remember_last()
    except BaseException:
        providers.discard(server_folder(workspace))
        # The folder was empty or is new, so this is ours however far it got.
        shutil.rmtree(workspace.root / ".venv", ignore_errors=True)
        workspace.remove(files=True)
        shutil.rmtree(workspace.home, ignore_errors=True)
        raise


def _claim(target: Path, held: ExitStack, say: Callable[[str], None]) -> Workspace | None:
    """Lay the project into the folder; None where another command has just made a workspace of it.

    `held` keeps the workspace's lock: who finds the folder half made waits for it.
    """
    if not _cleared(target, say):
        return None
    say(f"Copying the project to {target}")
    workspace = Workspace.planned(target)
    held.enter_context(workspace_lock(workspace.home))
    try:
        workspace.lay()
    except BaseException:
        shutil.rmtree(workspace.home, ignore_errors=True)
        raise
    return workspace


def _cleared(root: Path, say: Callable[[str], None]) -> bool:
    """Take away what a killed start left in a folder, once nobody is at work in it any more.

    False where somebody was, and the folder is a workspace by now.
    """
    left = Workspace.unfinished(root)
    if left is None:
        return not is_workspace(root)
    with workspace_lock(left.home, say=say):
        if is_workspace(root):
            return False
        say(f"Clearing away what an interrupted start left in {left.root}")
        providers.discard(server_folder(left))
        shutil.rmtree(left.root / ".venv", ignore_errors=True)
        left.clear_unfinished()
    shutil.rmtree(left.home, ignore_errors=True)
    return True


def _abandoned() -> list[str]:
    return [
        f"The folder of another workspace, {workspace.root}, is not there any more. Its database "
        f"still is: `tutor remove --abandoned` deletes it."
        for workspace in Workspace.abandoned()
        if workspace.root != workspace.home
    ]
