"""Put the current step, or only its rows, back to the reset point."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.errors import CannotActError
from tutor.postgres.rows import versions_of
from tutor.session.change.build import Built, workbench
from tutor.session.change.swap import BACKED_UP, Change, swap_in
from tutor.workspace.code.error import LearnerCodeError
from tutor.workspace.revision_graph import RevisionGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.session.context import Context
    from tutor.workspace.code.runner import Runner


def reset(context: Context) -> Change:
    """Put the current step back to its start: files, schema, rows and version."""
    progress = context.progress
    files = context.with_present_port(context.files_of(progress.reset_point), progress)
    built = Built(files, context.copies.clone(progress.reset_point.database, "new"))
    anew = replace(progress.anew(progress.current), rows_differ=False)
    clients = swap_in(context, built, anew, "`tutor reset`")
    fault = context.course.step(progress.current).fault
    return Change(
        progress.current,
        (
            f"Step {progress.current} is back at its start: files, schema, rows and version.",
            *((fault.about,) if fault else ()),
            BACKED_UP,
            *clients,
        ),
    )


def reset_rows(context: Context) -> Change:
    """Put back the rows: the step's start, brought to where the live database is now.

    Where alembic_version names no revision, the schema is the start's, too: tables without which
    there would be no rows.
    """
    progress = context.progress
    reset_point = progress.reset_point
    versions = versions_of(context.server, context.server.live) or reset_point.versions
    # Revisions run from a healthy state only: a fault is not repaired by them.
    stays = set(versions) == set(reset_point.versions)
    start = reset_point if stays else progress.baseline
    database = context.copies.clone(start.database, "new")
    files = context.workspace.managed_files()
    if set(versions) != set(start.versions):
        with workbench(context, files, database) as (_, runner):
            try:
                _bring_to(runner, start.versions, versions)
            except LearnerCodeError as error:
                raise CannotActError(
                    f"The rows cannot be put back at {', '.join(versions)}: your revisions do not "
                    f"run on them ({error.message}).",
                    "Fix the revision (`tutor check` says where), or use `tutor reset`.",
                ) from error
    built = Built(files, database)
    clients = swap_in(context, built, replace(progress, rows_differ=False), "`tutor reset --rows`")
    return Change(
        progress.current,
        (
            f"The rows are those with which the step began, brought to where your database was: "
            f"{', '.join(versions) or 'base'}. Your files are as they were.",
            BACKED_UP,
            *clients,
        ),
    )


def _bring_to(runner: Runner, start: Sequence[str], wanted: Sequence[str]) -> None:
    """Bring the runner's copy from the versions of the step's start to the wanted ones."""
    passed = RevisionGraph.of(runner.revisions()).lineage(start)
    for version in wanted:
        runner.alembic("downgrade" if version in passed else "upgrade", version)
