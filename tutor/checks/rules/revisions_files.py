"""The revision files load, lead to one head, and hold something new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.checks.finding import Finding, Layer, Status
from tutor.checks.learner_code import at, where
from tutor.checks.rules import version
from tutor.course.step import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.checks.evidence import Evidence
    from tutor.checks.history import History

PLACE = (Layer.REVISIONS, 10)


def judge(evidence: Evidence) -> Iterator[Finding]:
    """Yield what keeps the history from being replayed, or its being fine."""
    if evidence.step.level < Level.DRAFT:
        return
    history = evidence.history
    yield from _kept(history)
    yield from _loads(history)
    if len(history.heads) > 1:
        names = ", ".join(history.heads)
        yield Finding(
            "revision.heads",
            Status.UNMET,
            Layer.REVISIONS,
            f"your history has {len(history.heads)} heads",
            expected="one head",
            actual=names,
            next="Delete the revision you do not want, set its down_revision to the other head, or "
            'join them with `python -m alembic merge heads -m "merge"`.',
        )
    elif history.usable:
        yield Finding(
            "revision.heads", Status.MET, Layer.REVISIONS, f"one head: {history.heads[0]}"
        )
        yield from _new(evidence)


def _kept(history: History) -> Iterator[Finding]:
    for revision in history.missing:
        yield Finding(
            "revision.kept",
            Status.UNMET,
            Layer.REVISIONS,
            f"the file of revision {revision} is gone",
            expected="every revision that the database went through has its file",
            actual=f"no file in migrations/versions has revision = '{revision}'",
            next="Bring the file back from git or your editor; `tutor reset` has it too, and backs "
            "up your present files first.",
        )


def _loads(history: History) -> Iterator[Finding]:
    broken = [file for file in history.files if file.error]
    for file in broken:
        line = f", line {file.line}" if file.line else ""
        yield Finding(
            "revision.syntax",
            Status.UNMET,
            Layer.REVISIONS,
            f"{file.path}{line} is not valid Python",
            expected="a file that Python can read",
            actual=file.error or "",
            next=f"Look at line {file.line} of {file.name}, and at the line before it."
            if file.line
            else f"Open {file.name} in your editor: Python cannot read it as text. Delete it if it "
            f"is not yours.",
        )
    unsound = [*_same_id(history), *_unknown_down(history)]
    yield from unsound
    if history.error is not None and not broken and not history.missing and not unsound:
        error = history.error
        yield Finding(
            "revision.loads",
            Status.UNMET,
            Layer.REVISIONS,
            f"Alembic cannot load your revisions{at(where(error))}",
            expected="`python -m alembic history` works",
            actual=error.message,
            next="Run `python -m alembic history` to see it for yourself.",
        )


def _same_id(history: History) -> Iterator[Finding]:
    """Yield the ids that two files have: Alembic takes one of the two, and says so at most."""
    files: dict[str, list[str]] = {}
    for file in history.files:
        if file.revision:
            files.setdefault(file.revision, []).append(file.name)
    for revision, names in files.items():
        if len(names) > 1:
            yield Finding(
                "revision.loads",
                Status.UNMET,
                Layer.REVISIONS,
                f"{len(names)} files say that they are the revision {revision}",
                expected="every revision has an id of its own",
                actual=", ".join(names),
                next="Delete the copy, or give it another `revision` and let its `down_revision` "
                "lead to the revision it follows.",
            )


def _unknown_down(history: History) -> Iterator[Finding]:
    """Yield the files that follow a revision which no file has."""
    if history.missing:
        return
    known = {file.revision for file in history.files}
    for file in history.files:
        for down in file.down:
            if down not in known:
                yield Finding(
                    "revision.loads",
                    Status.UNMET,
                    Layer.REVISIONS,
                    f"{file.name} follows the revision {down}, which no file has",
                    expected="down_revision names a revision in migrations/versions, or is None",
                    actual=f"down_revision = {down!r}",
                    next="Write the id of the revision that it follows into its `down_revision`.",
                )


def _new(evidence: Evidence) -> Iterator[Finding]:
    history = evidence.history
    if not evidence.new:
        if evidence.replay is not None and not evidence.replay.start.reached:
            yield _nothing_new(evidence)
        return
    files = [history.file_of(revision.id) for revision in evidence.new]
    filled = [file for file in files if file is not None and not file.upgrade_empty]
    names = ", ".join(file.name for file in files if file is not None)
    yield Finding("revision.exists", Status.MET, Layer.REVISIONS, f"new: {names}", actual=names)
    reached = evidence.replay is not None and evidence.replay.start.reached
    if not filled and not reached:
        yield Finding(
            "revision.content",
            Status.UNMET,
            Layer.REVISIONS,
            f"upgrade() of {names} is empty",
            expected="operations that bring the change",
            actual="`pass`",
            next="Fill it in, or delete the file and generate it again with --autogenerate (an "
            "applied one is first taken back with `python -m alembic downgrade -1`).",
        )


def _nothing_new(evidence: Evidence) -> Finding:
    """Say that a revision is missing, and whether the database was changed without one."""
    live = evidence.live.catalog
    start = evidence.replay.start.catalog if evidence.replay else live
    if unknown := version.unknown(evidence):
        return unknown
    by_hand = [
        f"{table.name}.{column.name}"
        for table in evidence.step.tables
        for column in table.columns
        if table.name in live.tables
        and column.name in live.tables[table.name].columns
        and (table.name not in start.tables or column.name not in start.tables[table.name].columns)
    ]
    if by_hand:
        return Finding(
            "revision.exists",
            Status.UNMET,
            Layer.REVISIONS,
            f"the live database has {', '.join(by_hand)}, but no revision adds it",
            expected="a new revision file in migrations/versions",
            actual="columns that were added by hand",
            next="Drop the columns again (or run `tutor reset --rows`), then let a revision add "
            "them: the next database has to get them too.",
        )
    return Finding(
        "revision.exists",
        Status.UNMET,
        Layer.REVISIONS,
        "there is no new revision yet",
        expected="a new revision file in migrations/versions",
        actual=f"the head is still {', '.join(evidence.history.heads) or 'empty'}",
        next='Run `python -m alembic revision --autogenerate -m "…"` with a message of yours.',
    )
