"""Give a workspace a database of its own: a copied one, or one whose state was lost.

The learner's files stay as they are, but for the credentials in .env. Everything is made beside
what there is; only at the end does the folder become a workspace with a new id.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.errors import CannotActError, StateLostError, UsageError
from tutor.postgres import providers
from tutor.postgres.rows import versions_of
from tutor.session.change.build import Built, insert_seed, original_files, workbench
from tutor.session.context import JOURNAL, Context, server_folder, workspace_lock
from tutor.session.opening import open_context
from tutor.state.files import keep_files
from tutor.state.progress import Progress, State
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.environment.credentials import env_leading_to
from tutor.workspace.environment.venv import ensure_environment
from tutor.workspace.folder import Workspace
from tutor.workspace.identity import CopiedWorkspaceError, read_id
from tutor.workspace.revision_files import read_revision_files
from tutor.workspace.template import ENV_FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tutor.workspace.environment.target import Target


def adopt(root: Path, held: ExitStack, say: Callable[[str], None]) -> Context:
    """Give the workspace in `root` a database of its own.

    Where only the record of the progress is lost, a new one is begun. Raises UsageError where
    nothing is lost, CannotActError where no database can be made.
    """
    before = Workspace(root.resolve(), read_id(root))
    original = None
    try:
        found = Context(Workspace.find(root))
        if _has_database(found):
            return _with_progress(found, held, say)
    except CopiedWorkspaceError as copied:
        original = copied.original
    except StateLostError:
        pass
    context = Context(Workspace.planned(root))
    workspace = context.workspace
    held.enter_context(workspace_lock(workspace.home, say=say))
    try:
        context.notices += ensure_environment(workspace.root)
        say("Starting a PostgreSQL of its own (no Docker needed)")
        providers.create(providers.EMBEDDED, server_folder(workspace))
        built = _copy(context, original, say) if original else _rebuild(context, say)
        context.copies.make_live(built.database, context.copies.new_name("aside"))
        workspace.write(built.files)
        workspace.adopt()
        workspace.remember_last()
    except BaseException:
        providers.discard(server_folder(workspace))
        shutil.rmtree(workspace.home, ignore_errors=True)
        raise
    if original is None:
        providers.discard(server_folder(before))
        shutil.rmtree(before.home, ignore_errors=True)
    return context


def _has_database(context: Context) -> bool:
    """Tell whether the server can be started and holds the learner's database, or its backups.

    Raises StateLostError where there is no server.
    """
    server = context.server
    try:
        server.ensure_running()
        return context.copies.exists(server.live) or bool(context.progress_file.readable())
    except CannotActError:
        return False


def _with_progress(context: Context, held: ExitStack, say: Callable[[str], None]) -> Context:
    """Begin a new record of the progress. Raises UsageError where the old one is there."""
    root = context.workspace.root
    if context.progress_file.readable():
        raise UsageError(
            f"{root} is a workspace already, with a database of its own.",
            "`tutor next` in it goes on.",
        )
    return held.enter_context(open_context(root, renewing=True, say=say))


def _copy(context: Context, root: Path, say: Callable[[str], None]) -> Built:
    """Copy the database, the step's start and the progress of the workspace in `root`."""
    say(f"Copying the database of {root}")
    with open_context(root, say=say) as original:
        progress = original.progress
        # A fault that a step put into .env stays; else all credentials become the new ones.
        replaced = original.live if original.env_has_fault(progress) else None
        live = context.copies.receive(original.server, original.server.live, "new")
        reset_point = _receive(context, original, progress.reset_point, replaced)
        baseline = reset_point
        if progress.baseline != progress.reset_point:
            baseline = _receive(context, original, progress.baseline, None)
        original.journal.update()
        with suppress(FileNotFoundError):  # nothing was committed yet
            shutil.copyfile(original.workspace.home / JOURNAL, context.workspace.home / JOURNAL)
        context.save(replace(progress, reset_point=reset_point, baseline=baseline))
    files = _with_credentials(context.workspace.managed_files(), context.live, replaced)
    context.notices.append(
        f"The copy has a database and a progress of its own now, as they are in {root}: "
        f"step {context.progress.current}. What `tutor undo` brings back stays there."
    )
    _tell_of_unknown_revisions(context, files, live)
    return Built(files, live)


def _receive(context: Context, origin: Context, state: State, replaced: Target | None) -> State:
    """Return a copy of a kept state of another workspace, with this one's credentials."""
    files = _with_credentials(origin.files_of(state), context.live, replaced)
    return replace(
        state,
        database=context.copies.receive(origin.server, state.database, "start"),
        files=keep_files(context.workspace.home, files),
    )


def _tell_of_unknown_revisions(context: Context, files: dict[str, bytes], live: str) -> None:
    """Say so where the original has gone on since the copy was made."""
    known = {file.revision for file in read_revision_files(files)}
    unknown = sorted(set(versions_of(context.server, live) or ()) - known)
    if unknown:
        context.notices.append(
            f"The database is at {', '.join(unknown)}, which is not among the copy's files: the "
            "original has gone on since. `tutor reset` brings files and database together."
        )


def _rebuild(context: Context, say: Callable[[str], None]) -> Built:
    """Build a database from the learner's own revisions; begin at the first step."""
    say("Running your revisions on a new database")
    files = _with_credentials(context.workspace.managed_files(), context.live)
    database, rows = _replay(context, files)
    built = Built(files, database)
    first = context.course.step_ids[0]
    state = context.keep(files, database)
    context.save(Progress.begun_at(first, state, context.journal.last()))
    context.notices += [
        f"The tutor had lost this workspace's database. The new one was built by your revisions "
        f"and has {rows}; your files are as they were.",
        f"Your progress begins at {first} again: `tutor goto STEP` goes to any other step.",
    ]
    return built


def _replay(context: Context, files: dict[str, bytes]) -> tuple[str, str]:
    """Build a database by the learner's own revisions, with the first rows where they let them in.

    Return its name and which rows it has. Raises CannotActError where they do not run.
    """
    try:
        return _replayed(context, files, rows=True), "the rows of the beginning"
    except LearnerCodeError:
        pass
    try:
        return _replayed(context, files, rows=False), "no rows"
    except LearnerCodeError as error:
        raise CannotActError(
            f"The tutor's record of this workspace was lost, and your revisions do not run on an "
            f"empty database: {error}",
            "Fix that revision, or move it elsewhere, then run `tutor start .` again. "
            "`tutor next` in another folder makes a new workspace.",
        ) from error


def _replayed(context: Context, files: dict[str, bytes], *, rows: bool) -> str:
    """Run the learner's revisions on a new database and return its name.

    With `rows`, those that a workspace begins with are put in after the revision it begins with.
    """
    database = context.copies.empty("new")
    begins = {file.revision for file in read_revision_files(original_files(b""))}
    try:
        with workbench(context, files, database) as (_, runner):
            for file in read_revision_files(files):
                if rows and file.revision in begins:
                    runner.alembic("upgrade", str(file.revision))
                    insert_seed(context, database)
            runner.alembic("upgrade", "heads")
    except LearnerCodeError:
        context.copies.drop(database)
        raise
    return database


def _with_credentials(
    files: dict[str, bytes], target: Target, instead_of: Target | None = None
) -> dict[str, bytes]:
    """Return files whose .env leads to another database; see `env_leading_to`."""
    env = env_leading_to(files.get(ENV_FILE, b""), target, instead_of=instead_of)
    return {**files, ENV_FILE: env}
